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
#include "learn/permutation_importance.h"
#include "metric/calibration.h"
#include "metric/fairness.h"
#include "pmml/read/read.h"
#include "pmml/write/write.h"
#include "profit/threshold.h"
#include "study/detail/by_row.h"
#include "study/detail/groups.h"
#include "study/out_of_fold.h"
#include "study/run.h"

namespace study::detail {
namespace {

constexpr std::size_t kCurvePoints = 200;
constexpr int kCalibrationBins = 10;
constexpr int kGains = 20;

base::Result<pmml::Document> read_model(const std::string& path) {
  TRY_ASSIGN(const std::string text, base::read_file(path));
  base::Result<pmml::Document> document = pmml::read(text);
  if (!document) return base::input_error(path + ": " + document.error().message);
  return document;
}

base::Result<void> add_orders(const std::vector<double>& probabilities, const Rows& test,
                              double confidence, Leader& leader) {
  if (!test.have_amounts()) return {};
  TRY_ASSIGN(leader.orders, orders_of(test, probabilities, confidence));
  leader.profit_curve = leader.orders->by_expected_profit;
  return {};
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

std::optional<double> estimate(const std::optional<metric::Interval>& interval) {
  return interval ? std::optional<double>(interval->estimate) : std::nullopt;
}
std::optional<double> size_of(const std::optional<metric::Gap>& gap) {
  return gap ? std::optional<double>(gap->difference.estimate) : std::nullopt;
}

base::Result<Fairness> fairness_by(const std::string& name, const learn::Scores& scores,
                                   const Rows& test) {
  TRY_ASSIGN(const Groups groups, groups_of(test.table, name));
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

// The same recipe on the same ground gives the same model.
base::Result<void> make_files(const Ground& ground, const Model& model, ThresholdRule rule,
                              const std::string& folder) {
  const std::string path = model_path(folder, model);
  std::error_code code;
  const std::string rows = out_of_fold_path(folder, model);
  const bool has_rows = ground.rounds().empty() || std::filesystem::exists(rows, code);
  if (std::filesystem::exists(path, code) && has_rows) return {};
  TRY_ASSIGN(const MadeModel made, make_model(ground, model.recipe, model.row_share, rule));
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), code);
  if (!has_rows) TRY(base::write_file(rows, write_out_of_fold(ground, made)));
  return base::write_file(path, pmml::write(made.document));
}

base::Error another_models(const std::string& path, const Model& model) {
  return base::input_error("the file '" + path + "' does not offer to the rows that '" +
                           model.recipe.name + "' was ranked by: it is another model's");
}

// From the model's file; in rounds from what they said of the rows.
base::Result<learn::Scores> scores_of(const Ground& ground, const Model& model,
                                      const AnalysisOptions& options) {
  const Rows& test = ground.test();
  TRY(make_files(ground, model, options.threshold, options.folder));
  const std::string path = model_path(options.folder, model);
  TRY_ASSIGN(const pmml::Document document, read_model(path));
  if (!ground.rounds().empty()) {
    std::error_code code;
    if (std::filesystem::file_size(path, code) != static_cast<std::uintmax_t>(model.bytes))
      return another_models(path, model);
    TRY_ASSIGN(std::vector<double> probabilities,
               read_out_of_fold(out_of_fold_path(options.folder, model), ground, model));
    return learn::Scores{.probabilities = std::move(probabilities),
                         .offers = unpack(model.decisions, test.labels.values.size())};
  }
  TRY_ASSIGN(learn::Scores scores, learn::score(document, test.table, test.labels.positive));
  if (test.have_amounts()) {
    TRY_ASSIGN(scores.offers, decide(test, scores.probabilities, model.threshold));
  }
  if (pack(scores.offers) != model.decisions) return another_models(path, model);
  return scores;
}

}  // namespace

base::Result<Leader> look_at(const Ground& ground, const Model& model,
                             const AnalysisOptions& options) {
  const Rows& test = ground.test();
  TRY_ASSIGN(const learn::Scores scores, scores_of(ground, model, options));
  Leader leader;
  leader.name = model.recipe.name;
  leader.file =
      "models/" + std::filesystem::path(model_path(options.folder, model)).filename().string();
  leader.contacted =
      static_cast<double>(model.test.offered()) / static_cast<double>(model.test.total());
  TRY(add_curves(scores.probabilities, test, ground.economics(), leader));
  TRY(add_orders(scores.probabilities, test, options.confidence, leader));
  leader.gains = metric::cumulative_gains(scores.probabilities, test.labels.values, kGains);
  add_calibration(scores.probabilities, test, options.confidence, leader);
  for (const std::string& column : options.groups) {
    TRY_ASSIGN(Fairness fairness, fairness_by(column, scores, test));
    leader.fairness.push_back(std::move(fairness));
  }
  return leader;
}

base::Result<std::vector<learn::Importance>> importance_of(const Ground& ground, const Model& model,
                                                           const AnalysisOptions& options) {
  if (!ground.rounds().empty()) {
    // The file's model has seen all rows: that of the first round is asked in its place.
    const Ground& round = ground.rounds().front();
    TRY_ASSIGN(const MadeModel made, make_model(round, model.recipe, 1, options.threshold));
    return learn::permutation_importance(made.document, round.validation().table,
                                         round.validation().labels, ground.attributes(),
                                         {.seed = ground.options().seed});
  }
  TRY_ASSIGN(const pmml::Document document, read_model(model_path(options.folder, model)));
  const Rows& validation = ground.validation();
  return learn::permutation_importance(document, validation.table, validation.labels,
                                       ground.attributes(), {.seed = ground.options().seed});
}

}  // namespace study::detail
