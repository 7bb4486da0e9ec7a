// SPDX-License-Identifier: Apache-2.0
// A calibration as part of the document it is for.
#include <algorithm>
#include <cmath>
#include <utility>

#include "base/number.h"
#include "learn/calibration.h"
#include "learn/detail/free_name.h"

namespace learn {
namespace {

using detail::free_name;
using pmml::Expression;
using pmml::Model;

base::Result<void> validate(const Calibration& calibration) {
  if (const auto* sigmoid = std::get_if<Sigmoid>(&calibration.of)) {
    if (std::isfinite(sigmoid->slope) && std::isfinite(sigmoid->offset)) return {};
    return base::input_error("calibration: the sigmoid's slope " +
                             base::format_double(sigmoid->slope) + " and offset " +
                             base::format_double(sigmoid->offset) + " must be finite");
  }
  const auto& points = std::get<Steps>(calibration.of).points;
  bool right = points.size() >= 2;
  for (std::size_t i = 0; right && i < points.size(); ++i) {
    right = std::isfinite(points[i].score) && points[i].probability >= 0 &&
            points[i].probability <= 1 &&
            (i == 0 || (points[i - 1].score < points[i].score &&
                        points[i - 1].probability <= points[i].probability));
  }
  if (right) return {};
  return base::input_error(
      "calibration: steps need two points or more, whose scores rise, and whose probabilities do "
      "not "
      "fall and lie between 0 and 1");
}

// The two values that the document tells apart.
base::Result<std::vector<std::string>> values_of(const pmml::Document& document,
                                                 const std::string& positive) {
  if (document.model.function != pmml::MiningFunction::kClassification)
    return base::input_error("calibration: the document is no classification");
  const auto target = std::ranges::find(document.model.mining_schema, pmml::Usage::kTarget,
                                        &pmml::MiningField::usage);
  std::vector<std::string> values;
  for (const pmml::DataField& field : document.data_dictionary) {
    if (target != document.model.mining_schema.end() && field.name == target->name)
      values = pmml::valid_values(field);
  }
  if (values.size() != 2) {
    return base::input_error("calibration: the document declares " + std::to_string(values.size()) +
                             " values of its target: expected two");
  }
  if (std::ranges::find(values, positive) == values.end()) {
    return base::input_error("calibration: the document tells '" + values[0] + "' from '" +
                             values[1] + "', there is no '" + positive + "'");
  }
  return values;
}

// The logistic regression that gives the document's probabilities; null where something else does.
pmml::RegressionModel* logistic_regression_of(Model& model) {
  if (!model.targets.empty() || model.math != pmml::MathContext::kDouble) return nullptr;
  if (auto* mining = std::get_if<pmml::MiningModel>(&model.body)) {
    if (mining->method != pmml::MultipleModelMethod::kModelChain || mining->segments.empty())
      return nullptr;
    Model& last = mining->segments.back().model;
    // What it puts out may be used elsewhere.
    return last.output.empty() ? logistic_regression_of(last) : nullptr;
  }
  auto* regression = std::get_if<pmml::RegressionModel>(&model.body);
  if (regression == nullptr || model.function != pmml::MiningFunction::kClassification ||
      regression->normalization != pmml::Normalization::kLogit || regression->tables.size() != 2)
    return nullptr;
  return regression;
}

// The first table alone makes the probabilities: p of its value, 1 − p of the other.
void fold(const Sigmoid& sigmoid, const std::string& positive, pmml::RegressionModel& regression) {
  pmml::RegressionTable& table = regression.tables[0];
  const double sign = table.target_category == positive ? 1 : -1;
  table.intercept = sigmoid.slope * table.intercept + sign * sigmoid.offset;
  for (auto& predictor : table.numeric) predictor.coefficient *= sigmoid.slope;
  for (auto& predictor : table.categorical) predictor.coefficient *= sigmoid.slope;
  for (auto& term : table.terms) term.coefficient *= sigmoid.slope;
}

Expression reference(const std::string& field) { return {pmml::FieldRef{.field = field}}; }

Expression number(double value) {
  return {pmml::Constant{.type = pmml::DataType::kDouble, .text = base::format_double(value)}};
}

Expression apply(std::string function, std::vector<Expression> arguments) {
  return {pmml::Apply{.function = std::move(function), .arguments = std::move(arguments)}};
}

// The fields that log_odds() goes through. By `if`, because `max` would pass over what is missing.
std::vector<pmml::DerivedField> log_odds_fields(const std::string& probability,
                                                const std::string& kept,
                                                const std::string& result) {
  const double least = 1e-15;
  Expression too_high = apply("greaterThan", {reference(probability), number(1 - least)});
  Expression not_low =
      apply("if", {std::move(too_high), number(1 - least), reference(probability)});
  Expression too_low = apply("lessThan", {reference(probability), number(least)});
  Expression within = apply("if", {std::move(too_low), number(least), std::move(not_low)});
  Expression rest = apply("-", {number(1), reference(kept)});
  Expression odds = apply("/", {reference(kept), std::move(rest)});
  return {{.name = kept, .expression = std::move(within)},
          {.name = result, .expression = apply("ln", {std::move(odds)})}};
}

Expression piecewise(const Steps& steps, const std::string& field) {
  pmml::NormContinuous norm{.field = field, .outliers = pmml::OutlierTreatment::kAsExtremeValues};
  for (const Steps::Point& point : steps.points)
    norm.points.push_back({point.score, point.probability});
  return {std::move(norm)};
}

// Of the model before, what a link names: its fields as they are, whatever is to be done with them
// being done outside.
pmml::MiningField plain(const pmml::MiningField& field) {
  return {.name = field.name, .usage = field.usage, .op_type = field.op_type};
}

// The link that makes calibrated probabilities of an uncalibrated one.
Model calibrating_link(const pmml::Document& document, const std::vector<std::string>& values,
                       const std::string& positive, const std::string& uncalibrated,
                       const Calibration& calibration) {
  Model link;
  link.function = pmml::MiningFunction::kClassification;
  for (const pmml::MiningField& field : document.model.mining_schema) {
    if (field.usage == pmml::Usage::kTarget) link.mining_schema.push_back(plain(field));
  }
  link.mining_schema.push_back({.name = uncalibrated});
  pmml::RegressionModel regression;
  pmml::RegressionTable table{.target_category = positive};
  const auto* sigmoid = std::get_if<Sigmoid>(&calibration.of);
  const std::string result =
      free_name(document, sigmoid != nullptr ? "uncalibrated log-odds" : "calibrated");
  if (sigmoid != nullptr) {
    link.local_transformations =
        log_odds_fields(uncalibrated, free_name(document, "uncalibrated within 0 and 1"), result);
    regression.normalization = pmml::Normalization::kLogit;
    table.intercept = sigmoid->offset;
  } else {
    link.local_transformations.push_back(
        {.name = result, .expression = piecewise(std::get<Steps>(calibration.of), uncalibrated)});
  }
  table.numeric.push_back(
      {.field = result, .exponent = 1, .coefficient = sigmoid != nullptr ? sigmoid->slope : 1});
  regression.tables.push_back(std::move(table));
  regression.tables.push_back({.target_category = values[0] == positive ? values[1] : values[0]});
  link.body = std::move(regression);
  return link;
}

// What the document puts out of itself is put out of the calibrated model.
base::Result<void> check_outputs(const Model& model) {
  for (const pmml::OutputField& field : model.output) {
    const bool kept = field.feature == pmml::ResultFeature::kProbability ||
                      field.feature == pmml::ResultFeature::kPredictedValue ||
                      field.feature == pmml::ResultFeature::kTransformedValue ||
                      field.feature == pmml::ResultFeature::kDecision;
    if (kept && !field.segment_id) continue;
    return base::input_error("calibration: the output '" + field.name +
                             "' is of the uncalibrated model alone: take it out first");
  }
  return {};
}

Model chain(pmml::Document& document, const std::vector<std::string>& values,
            const std::string& positive, const Calibration& calibration) {
  const std::string uncalibrated = free_name(document, "uncalibrated");
  Model link = calibrating_link(document, values, positive, uncalibrated, calibration);
  Model inner = std::move(document.model);
  Model outer;
  outer.name = inner.name;
  outer.algorithm = inner.algorithm;
  outer.function = pmml::MiningFunction::kClassification;
  outer.mining_schema = inner.mining_schema;
  outer.output = std::move(inner.output);
  for (pmml::MiningField& field : inner.mining_schema) field = plain(field);
  inner.output = {{.name = uncalibrated,
                   .op_type = pmml::OpType::kContinuous,
                   .type = pmml::DataType::kDouble,
                   .feature = pmml::ResultFeature::kProbability,
                   .value = positive,
                   .is_final = false}};
  inner.verification.reset();
  pmml::MiningModel mining{.method = pmml::MultipleModelMethod::kModelChain};
  mining.segments.push_back({.id = "1", .predicate = {pmml::True{}}, .model = std::move(inner)});
  mining.segments.push_back({.id = "2", .predicate = {pmml::True{}}, .model = std::move(link)});
  outer.body = std::move(mining);
  return outer;
}

}  // namespace

base::Result<pmml::Document> calibrate(pmml::Document document, const std::string& positive,
                                       const Calibration& calibration) {
  TRY(validate(calibration));
  TRY_ASSIGN(const std::vector<std::string> values, values_of(document, positive));
  document.model.verification.reset();
  const auto* sigmoid = std::get_if<Sigmoid>(&calibration.of);
  if (auto* regression = logistic_regression_of(document.model);
      regression != nullptr && sigmoid != nullptr) {
    fold(*sigmoid, positive, *regression);
    return document;
  }
  TRY(check_outputs(document.model));
  document.model = chain(document, values, positive, calibration);
  return document;
}

}  // namespace learn
