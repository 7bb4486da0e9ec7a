// SPDX-License-Identifier: Apache-2.0
#include "learn/train.h"

#include <algorithm>
#include <utility>

#include "base/number.h"
#include "learn/detail/design.h"
#include "learn/detail/leak.h"
#include "learn/detail/to_document.h"

namespace learn {
namespace {

using data::Column;

// A column is suspected when it tells the target this well, and this much better than the next.
constexpr double kSuspiciousAuc = 0.75;
constexpr double kSuspiciousLead = 0.08;
constexpr double kCertainAuc = 0.98;

base::Result<std::vector<const Column*>> choose_columns(const data::Table& table,
                                                        const TrainOptions& options) {
  std::vector<const Column*> chosen;
  for (const std::string& name : options.exclude) TRY(table.index_of(name));
  const auto excluded = [&](const std::string& name) {
    return std::find(options.exclude.begin(), options.exclude.end(), name) != options.exclude.end();
  };
  for (const std::string& name : options.features) {
    TRY_ASSIGN(const std::size_t at, table.index_of(name));
    if (name == options.target)
      return base::input_error("the target '" + name + "' cannot be a feature");
    if (std::count(options.features.begin(), options.features.end(), name) > 1) {
      return base::input_error("the feature '" + name + "' is named twice");
    }
    if (!excluded(name)) chosen.push_back(&table.columns()[at]);
  }
  if (options.features.empty()) {
    for (const Column& column : table.columns()) {
      if (column.name() != options.target && !excluded(column.name())) chosen.push_back(&column);
    }
  }
  if (chosen.empty()) return base::input_error("no column is left as a feature");
  return chosen;
}

std::vector<LeakWarning> find_leaks(std::span<const Column* const> columns, const Labels& labels) {
  const std::vector<detail::LoneColumn> ranked = detail::rank_lone_columns(columns, labels.values);
  std::vector<LeakWarning> leaks;
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    const double next = i + 1 < ranked.size() ? ranked[i + 1].auc : 0.5;
    const bool leads =
        i == 0 && ranked[i].auc >= kSuspiciousAuc && ranked[i].auc - next >= kSuspiciousLead;
    if (leads || ranked[i].auc >= kCertainAuc)
      leaks.push_back({ranked[i].column, ranked[i].auc, next});
  }
  return leaks;
}

base::Result<double> decision_threshold(const TrainOptions& options) {
  if (!options.threshold)
    return options.economics ? profit::break_even_threshold(*options.economics) : 0.5;
  if (*options.threshold >= 0 && *options.threshold <= 1) return *options.threshold;
  return base::input_error("the threshold is " + base::format_double(*options.threshold) +
                           ": a probability lies between 0 and 1");
}

}  // namespace

base::Result<TrainedModel> train(const data::Table& table, const TrainOptions& options) {
  TRY_ASSIGN(const Labels labels, read_labels(table, options.target, options.positive));
  TRY_ASSIGN(const double threshold, decision_threshold(options));
  TRY_ASSIGN(const std::vector<const Column*> columns, choose_columns(table, options));
  TRY_ASSIGN(detail::Design design, detail::make_design(columns, options.most_categories));

  TrainedModel model;
  TRY_ASSIGN(model.fit,
             fit_logistic({.features = design.features, .labels = labels.values, .weights = {}},
                          options.logistic));
  model.document = detail::to_document(design, model.fit, labels, threshold, options.name);
  model.threshold = threshold;
  model.rows = table.rows();
  model.columns = design.features.size();
  model.positives = labels.positives;
  model.positive = labels.positive;
  model.negative = labels.negative;
  for (const detail::Input& input : design.inputs) model.features.push_back(input.column);
  model.leaks = find_leaks(columns, labels);
  model.notes = std::move(design.notes);
  return model;
}

}  // namespace learn
