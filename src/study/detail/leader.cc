// SPDX-License-Identifier: Apache-2.0
#include "study/detail/leader.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <utility>

#include "base/file.h"
#include "base/number.h"
#include "learn/evaluate.h"
#include "metric/calibration.h"
#include "metric/fairness.h"
#include "pmml/read/read.h"
#include "profit/threshold.h"
#include "study/run.h"

namespace study::detail {
namespace {

constexpr std::size_t kCurvePoints = 200;
constexpr int kCalibrationBins = 10;
// A number column of more different values than this is grouped by its quarters.
constexpr std::size_t kMostNumberGroups = 12;
constexpr std::size_t kMostTextGroups = 1000;

base::Result<learn::Scores> score_file(const std::string& path, const Rows& test) {
  TRY_ASSIGN(const std::string text, base::read_file(path));
  base::Result<pmml::Document> document = pmml::read(text);
  if (!document) return base::input_error(path + ": " + document.error().message);
  return learn::score(*document, test.table, test.labels.positive);
}

base::Result<void> add_curves(const std::vector<double>& probabilities, const Rows& test,
                              const profit::Economics& economics, Leader& leader) {
  TRY_ASSIGN(const std::vector<profit::Cut> cuts,
             profit::profit_curve(probabilities, test.labels.values, economics));
  const auto rows = static_cast<double>(probabilities.size());
  for (const profit::Cut& cut : profit::decimated(cuts, kCurvePoints)) {
    const metric::Confusion& c = cut.counts;
    leader.profit_curve.push_back({static_cast<double>(c.offered()) / rows, cut.profit / rows});
    leader.roc.push_back({*metric::false_alarm(c), *metric::recall(c)});
    if (const auto precision = metric::precision(c))
      leader.precision_recall.push_back({*metric::recall(c), *precision});
  }
  return {};
}

void add_calibration(const std::vector<double>& probabilities, const Rows& test, double confidence,
                     Leader& leader) {
  for (const metric::CalibrationBin& bin :
       metric::calibration_curve(probabilities, test.labels.values, metric::Bins::kEqualCount,
                                 kCalibrationBins, confidence)) {
    leader.calibration.push_back(
        {.predicted = bin.mean_probability, .observed = bin.share, .rows = bin.rows});
  }
}

struct Groups {
  std::vector<std::uint32_t> of_row;
  std::vector<std::string> names;
};

// Missing values are a group of their own, the last one.
Groups add_missing(Groups groups, const data::Column& column) {
  if (column.missing() == 0) return groups;
  for (std::size_t row = 0; row < groups.of_row.size(); ++row) {
    if (column.is_missing(row))
      groups.of_row[row] = static_cast<std::uint32_t>(groups.names.size());
  }
  groups.names.emplace_back("(missing)");
  return groups;
}

Groups groups_by_value(const data::Column& column) {
  std::map<std::string, std::uint32_t> number;
  Groups groups{std::vector<std::uint32_t>(column.size()), {}};
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (column.is_missing(row)) continue;
    const auto [at, added] =
        number.try_emplace(column.text(row), static_cast<std::uint32_t>(number.size()));
    if (added) groups.names.push_back(at->first);
    groups.of_row[row] = at->second;
  }
  return add_missing(std::move(groups), column);
}

Groups groups_by_quarter(const data::Column& column, const std::vector<double>& sorted) {
  std::vector<double> edges;
  for (std::size_t quarter = 1; quarter < 4; ++quarter) {
    const double edge = sorted[sorted.size() * quarter / 4];
    if (edges.empty() || edge > edges.back()) edges.push_back(edge);
  }
  Groups groups{std::vector<std::uint32_t>(column.size()), {}};
  for (std::size_t i = 0; i <= edges.size(); ++i) {
    const std::string from = i == 0 ? "" : base::format_double(edges[i - 1]) + " < ";
    groups.names.push_back(i == edges.size()
                               ? "> " + base::format_double(edges.back())
                               : from + column.name() + " ≤ " + base::format_double(edges[i]));
  }
  for (std::size_t row = 0; row < column.size(); ++row) {
    const auto at = std::lower_bound(edges.begin(), edges.end(), column.number(row));
    groups.of_row[row] = static_cast<std::uint32_t>(at - edges.begin());
  }
  return add_missing(std::move(groups), column);
}

base::Result<Groups> groups_of(const data::Column& column) {
  if (!column.numeric()) {
    if (column.categories().size() > kMostTextGroups) {
      return base::input_error(
          "the column '" + column.name() + "' holds " +
          base::format_count(static_cast<std::int64_t>(column.categories().size())) +
          " different texts: too many to be groups");
    }
    return groups_by_value(column);
  }
  std::vector<double> sorted = column.numbers();
  std::erase_if(sorted, [](double value) { return std::isnan(value); });
  std::ranges::sort(sorted);
  std::size_t different = sorted.empty() ? 0 : 1;
  for (std::size_t i = 1; i < sorted.size(); ++i) different += sorted[i] != sorted[i - 1] ? 1 : 0;
  if (different <= kMostNumberGroups) return groups_by_value(column);
  return groups_by_quarter(column, sorted);
}

std::optional<double> estimate(const std::optional<metric::Interval>& interval) {
  return interval ? std::optional<double>(interval->estimate) : std::nullopt;
}
std::optional<double> size_of(const std::optional<metric::Gap>& gap) {
  return gap ? std::optional<double>(gap->difference.estimate) : std::nullopt;
}

base::Result<Fairness> fairness_by(const std::string& name, const learn::Scores& scores,
                                   const Rows& test) {
  TRY_ASSIGN(const std::size_t at, test.table.index_of(name));
  TRY_ASSIGN(const Groups groups, groups_of(test.table.columns()[at]));
  TRY_ASSIGN(const metric::Fairness found,
             metric::fairness({.groups = groups.of_row,
                               .labels = test.labels.values,
                               .decisions = scores.offers,
                               .probabilities = scores.probabilities}));
  Fairness fairness{.column = name, .groups = {}};
  for (const metric::GroupRates& rates : found.groups) {
    const metric::Confusion& c = rates.counts;
    const auto observed = static_cast<double>(c.positives()) / static_cast<double>(c.total());
    GroupFigures group{.group = groups.names[rates.group],
                       .rows = c.total(),
                       .positives = c.positives(),
                       .offer_rate = estimate(rates.offered),
                       .recall = estimate(rates.opportunity),
                       .false_alarm = estimate(rates.false_alarm),
                       .precision = estimate(rates.precision)};
    if (rates.calibration) group.predicted = rates.calibration->estimate + observed;
    group.observed = observed;
    fairness.groups.push_back(std::move(group));
  }
  fairness.parity_gap = size_of(found.demographic_parity);
  fairness.opportunity_gap = size_of(found.equal_opportunity);
  fairness.odds_gap = found.equalised_odds;
  fairness.calibration_gap = found.calibration;
  fairness.jain_index = found.jain;
  return fairness;
}

}  // namespace

base::Result<Leader> look_at(const Ground& ground, const Model& model,
                             const AnalysisOptions& options) {
  const Rows& test = ground.test();
  const std::string path = model_path(options.folder, model);
  TRY_ASSIGN(const learn::Scores scores, score_file(path, test));
  if (pack(scores.offers) != model.decisions) {
    return base::input_error("the file '" + path + "' does not offer to the rows that '" +
                             model.recipe.name + "' was ranked by: it is another model's");
  }
  Leader leader;
  leader.name = model.recipe.name;
  leader.file = "models/" + std::filesystem::path(path).filename().string();
  leader.contacted =
      static_cast<double>(model.test.offered()) / static_cast<double>(model.test.total());
  TRY(add_curves(scores.probabilities, test, ground.economics(), leader));
  add_calibration(scores.probabilities, test, options.confidence, leader);
  for (const std::string& column : options.groups) {
    TRY_ASSIGN(Fairness fairness, fairness_by(column, scores, test));
    leader.fairness.push_back(std::move(fairness));
  }
  return leader;
}

}  // namespace study::detail
