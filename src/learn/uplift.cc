// SPDX-License-Identifier: Apache-2.0
#include "learn/uplift.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/number.h"
#include "learn/columns.h"
#include "learn/detail/design.h"
#include "learn/detail/free_name.h"
#include "learn/detail/to_document.h"
#include "pmml/document/decision.h"

namespace learn {
namespace {

base::Result<double> uplift_threshold(const TrainOptions& options) {
  if (!options.threshold)
    return options.economics ? profit::break_even_threshold(*options.economics) : 0;
  if (*options.threshold >= -1 && *options.threshold <= 1) return *options.threshold;
  return base::input_error(
      "the threshold is " + base::format_double(*options.threshold) +
      ": an uplift, the difference of two probabilities, lies between -1 and 1");
}

std::string otherwise_output(const std::string& positive) {
  return "probability(" + positive + ") if not contacted";
}

// A column of the name of a result would be asked in its place.
base::Result<void> check_names(std::span<const data::Column* const> columns, const Labels& labels) {
  const std::array<std::string, 5> results = {
      std::string(pmml::kUpliftOutput), std::string(pmml::kOfferOutput),
      otherwise_output(labels.positive), "probability(" + labels.positive + ")",
      "probability(" + labels.negative + ")"};
  for (const data::Column* column : columns) {
    if (std::ranges::find(results, column->name()) == results.end()) continue;
    return base::input_error("column '" + column->name() +
                             "' has the name of a result of the model: rename it, or leave it out");
  }
  return {};
}

// A group of the rows, as the others weigh nothing.
struct Group {
  const char* called;
  std::vector<double> weights;
  std::int64_t rows = 0, positives = 0;
};

Group group_of(bool contacted, std::span<const std::uint8_t> treated, const Labels& labels) {
  Group group{.called = contacted ? "contacted" : "controls",
              .weights = std::vector<double>(treated.size())};
  for (std::size_t row = 0; row < treated.size(); ++row) {
    if ((treated[row] != 0) != contacted) continue;
    group.weights[row] = 1;
    ++group.rows;
    group.positives += labels.values[row];
  }
  return group;
}

base::Result<LogisticFit> fit(const detail::Design& design, const Labels& labels,
                              const Group& group, const LogisticOptions& options) {
  if (group.positives == 0 || group.positives == group.rows) {
    return base::input_error("of the " + base::format_count(group.rows) + " " + group.called + " " +
                             (group.positives == 0 ? "none holds '" : "all hold '") +
                             labels.positive + "' in '" + labels.column +
                             "': both outcomes are needed in both groups");
  }
  return fit_logistic(
      {.features = design.features, .labels = labels.values, .weights = group.weights}, options);
}

// A regression inside a chain: inputs as the outer model hands them on.
pmml::Segment link(const std::string& id, const pmml::Model& model) {
  pmml::Segment segment{.id = id, .predicate = {pmml::True{}}, .model = {}};
  segment.model.function = model.function;
  for (const pmml::MiningField& field : model.mining_schema)
    segment.model.mining_schema.push_back({.name = field.name, .usage = field.usage});
  segment.model.body = model.body;
  return segment;
}

// The chain of both: its own result is that of the contacted.
pmml::Document chain(const pmml::Document& contacted, const pmml::Document& controls,
                     const Labels& labels, double threshold) {
  pmml::Document document = contacted;
  document.header.description = "Uplift of " + labels.column + " by two logistic regressions";
  document.model.algorithm = "two logistic regressions";
  pmml::MiningModel mining{.method = pmml::MultipleModelMethod::kModelChain};
  mining.segments.push_back(link("not contacted", controls.model));
  mining.segments.push_back(link("contacted", contacted.model));
  // Not every engine hands a link's results out: the whole repeats this one.
  const std::string handed_on = detail::free_name(document, "(not contacted)");
  mining.segments.front().model.output = {{.name = handed_on,
                                           .op_type = pmml::OpType::kContinuous,
                                           .type = pmml::DataType::kDouble,
                                           .feature = pmml::ResultFeature::kProbability,
                                           .value = labels.positive,
                                           .is_final = false}};
  document.model.body = std::move(mining);
  const std::string otherwise = otherwise_output(labels.positive);
  document.model.output = {{.name = otherwise,
                            .op_type = pmml::OpType::kContinuous,
                            .type = pmml::DataType::kDouble,
                            .feature = pmml::ResultFeature::kTransformedValue,
                            .expression = pmml::Expression{pmml::FieldRef{.field = handed_on}}}};
  pmml::add_uplift_decision(document, labels.positive, otherwise, threshold);
  return document;
}

}  // namespace

base::Result<TrainedUplift> train_uplift(const data::Table& table,
                                         std::span<const std::uint8_t> treated,
                                         const TrainOptions& options) {
  TRY_ASSIGN(const Labels labels, read_labels(table, options.target, options.positive));
  TRY_ASSIGN(const double threshold, uplift_threshold(options));
  TRY_ASSIGN(const std::vector<const data::Column*> columns,
             choose_columns(table, options.target, options.features, options.exclude));
  TRY(check_names(columns, labels));
  TRY_ASSIGN(const detail::Design design, detail::make_design(columns, options.most_categories));
  const Group contacted = group_of(true, treated, labels);
  const Group controls = group_of(false, treated, labels);
  TRY_ASSIGN(const LogisticFit of_contacted, fit(design, labels, contacted, options.logistic));
  TRY_ASSIGN(const LogisticFit of_controls, fit(design, labels, controls, options.logistic));

  TrainedUplift trained;
  const double break_even =
      options.economics ? profit::break_even_threshold(*options.economics) : 0.5;
  trained.by_acceptance =
      detail::to_document(design, of_contacted, labels, break_even, options.name);
  trained.document =
      chain(trained.by_acceptance,
            detail::to_document(design, of_controls, labels, break_even, options.name), labels,
            threshold);
  trained.threshold = threshold;
  trained.rows = table.rows();
  trained.treated = static_cast<std::size_t>(contacted.rows);
  trained.treated_positives = contacted.positives;
  trained.control_positives = controls.positives;
  trained.columns = design.features.size();
  trained.positive = labels.positive;
  for (const detail::Input& input : design.inputs) trained.features.push_back(input.column);
  trained.leaks = find_leaks(columns, labels);
  trained.notes = detail::texts_of(design.notes);
  for (const auto& [fitted, group] :
       {std::pair(&of_contacted, &contacted), std::pair(&of_controls, &controls)}) {
    if (!fitted->converged)
      trained.notes.push_back(std::string("the regression of the ") + group->called +
                              " has not converged");
  }
  return trained;
}

}  // namespace learn
