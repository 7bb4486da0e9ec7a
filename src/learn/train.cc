// SPDX-License-Identifier: Apache-2.0
#include "learn/train.h"

#include <algorithm>
#include <utility>

#include "base/number.h"
#include "learn/columns.h"
#include "learn/detail/design.h"
#include "learn/detail/to_document.h"

namespace learn {
namespace {

using data::Column;

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
  TRY_ASSIGN(const std::vector<const Column*> columns,
             choose_columns(table, options.target, options.features, options.exclude));
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
  model.notes = detail::texts_of(design.notes);
  return model;
}

}  // namespace learn
