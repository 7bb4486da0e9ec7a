// SPDX-License-Identifier: Apache-2.0
#include "pmml/document/decision.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/number.h"

namespace pmml {
namespace {

std::string probability_name(std::string_view category) {
  return "probability(" + std::string(category) + ")";
}

// The tables that a classification's categories stand in: the model's own or, where it is a chain,
// those of its last link; null where there are none.
const RegressionModel* tables_of(const Model& model) {
  const auto* mining = std::get_if<MiningModel>(&model.body);
  if (mining == nullptr) return std::get_if<RegressionModel>(&model.body);
  if (mining->method != MultipleModelMethod::kModelChain || mining->segments.empty())
    return nullptr;
  return tables_of(mining->segments.back().model);
}

Expression constant(DataType type, std::string text) {
  return {Constant{.type = type, .text = std::move(text)}};
}

void drop(std::vector<OutputField>& output, std::string_view name) {
  std::erase_if(output, [&](const OutputField& field) { return field.name == name; });
}

void add_probabilities(std::string_view positive_category, Document& document) {
  auto& output = document.model.output;
  const auto require = [&](std::string_view category) {
    const std::string name = probability_name(category);
    if (std::ranges::any_of(output, [&](const OutputField& field) { return field.name == name; }))
      return;
    output.push_back({.name = name,
                      .op_type = OpType::kContinuous,
                      .type = DataType::kDouble,
                      .feature = ResultFeature::kProbability,
                      .value = std::string(category)});
  };
  if (const RegressionModel* regression = tables_of(document.model)) {
    for (const RegressionTable& table : regression->tables) require(table.target_category);
  }
  require(positive_category);
}

OutputField offer_above(std::string field, double threshold) {
  CHECK(std::isfinite(threshold));
  Apply greater{.function = "greaterThan",
                .arguments = {{FieldRef{.field = std::move(field)}},
                              constant(DataType::kDouble, base::format_double(threshold))}};
  Apply choice{.function = "if",
               .arguments = {{std::move(greater)},
                             constant(DataType::kInteger, "1"),
                             constant(DataType::kInteger, "0")}};
  return {.name = std::string(kOfferOutput),
          .op_type = OpType::kCategorical,
          .type = DataType::kInteger,
          .feature = ResultFeature::kTransformedValue,
          .expression = Expression{std::move(choice)}};
}

}  // namespace

void add_decision(Document& document, std::string_view positive_category, double threshold) {
  drop(document.model.output, kOfferOutput);
  add_probabilities(positive_category, document);
  document.model.output.push_back(offer_above(probability_name(positive_category), threshold));
}

void add_uplift_decision(Document& document, std::string_view positive_category,
                         const std::string& otherwise, double threshold) {
  auto& output = document.model.output;
  drop(output, kOfferOutput);
  drop(output, kUpliftOutput);
  add_probabilities(positive_category, document);
  Apply difference{.function = "-",
                   .arguments = {{FieldRef{.field = probability_name(positive_category)}},
                                 {FieldRef{.field = otherwise}}}};
  output.push_back({.name = std::string(kUpliftOutput),
                    .op_type = OpType::kContinuous,
                    .type = DataType::kDouble,
                    .feature = ResultFeature::kTransformedValue,
                    .expression = Expression{std::move(difference)}});
  output.push_back(offer_above(std::string(kUpliftOutput), threshold));
}

std::optional<OfferRule> offer_rule(const Document& document) {
  for (const OutputField& field : document.model.output) {
    if (field.name != kOfferOutput || !field.expression) continue;
    const auto* choice = std::get_if<Apply>(&field.expression->is);
    if (choice == nullptr || choice->function != "if" || choice->arguments.size() != 3)
      return std::nullopt;
    const auto* greater = std::get_if<Apply>(&choice->arguments[0].is);
    if (greater == nullptr || greater->function != "greaterThan" || greater->arguments.size() != 2)
      return std::nullopt;
    const auto* compared = std::get_if<FieldRef>(&greater->arguments[0].is);
    const auto* threshold = std::get_if<Constant>(&greater->arguments[1].is);
    const auto* yes = std::get_if<Constant>(&choice->arguments[1].is);
    const auto* no = std::get_if<Constant>(&choice->arguments[2].is);
    if (compared == nullptr || threshold == nullptr || yes == nullptr || no == nullptr)
      return std::nullopt;
    if (yes->text != "1" || no->text != "0") return std::nullopt;
    const std::optional<double> number = base::parse_double(threshold->text);
    if (!number) return std::nullopt;
    return OfferRule{.field = compared->field, .threshold = *number};
  }
  return std::nullopt;
}

}  // namespace pmml
