// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "pmml/compile/chapters.h"
#include "pmml/interpret/value.h"

namespace pmml {
namespace {

using Body = SupportVectorMachineModel;
using base::Result;

Result<void> check_field(const FieldRef& reference, const FieldChecks& checks) {
  TRY(checks.numeric_field(reference.field, "VectorFields"));
  if (reference.map_missing_to && !parse_value(*reference.map_missing_to, DataType::kDouble))
    return checks.refuse("maps a missing vector field to '" + *reference.map_missing_to +
                         "', which is not a number");
  return {};
}

Result<void> check_field(const Body::Indicator& indicator, const FieldChecks& checks) {
  TRY(checks.field(indicator.field, "VectorFields"));
  const auto type = checks.type_of(indicator.field);
  if (type && !parse_value(indicator.value, *type))
    return checks.refuse("compares the field '" + indicator.field + "' with '" + indicator.value +
                         "', which is not of its type");
  return {};
}

Result<void> check_classification(const Body& body, const FieldChecks& checks) {
  const bool single = body.machines.size() == 1;
  if (body.alternate_binary_category && (!single || body.max_wins))
    return checks.refuse(
        "has alternateBinaryTargetCategory, which is for one SupportVectorMachine without maxWins");
  const bool pairs = single || body.classification == Body::Classification::kOneAgainstOne;
  std::set<std::string> categories;
  for (const Body::Machine& machine : body.machines) {
    if (!machine.category)
      return checks.refuse("has a SupportVectorMachine without targetCategory");
    if (pairs && !machine.alternate_category && !body.alternate_binary_category)
      return checks.refuse("has a SupportVectorMachine without alternateTargetCategory for '" +
                           *machine.category + "'; it decides between two categories");
    if (!pairs && !categories.insert(*machine.category).second)
      return checks.refuse("has two SupportVectorMachines for the category '" + *machine.category +
                           "', but classificationMethod is OneAgainstAll");
  }
  return {};
}

}  // namespace

base::Result<void> check_body(const SupportVectorMachineModel& body, const Model& model,
                              const FieldChecks& checks) {
  if (model.math != MathContext::kDouble)
    return checks.refuse(
        "is a SupportVectorMachineModel, which is scored in double precision only");
  if (body.fields.empty()) return checks.refuse("has no vector fields");
  for (const Body::VectorField& field : body.fields)
    TRY(std::visit([&](const auto& one) { return check_field(one, checks); }, field));
  if (!body.has_support_vectors && body.kernel.type != SvmKernel::Type::kLinear)
    return checks.refuse(
        "has svmRepresentation=\"Coefficients\", which is defined for LinearKernelType only");
  if (body.machines.empty()) return checks.refuse("has no SupportVectorMachine");
  if (model.function == MiningFunction::kClassification) return check_classification(body, checks);
  if (model.function != MiningFunction::kRegression)
    return checks.refuse("must be a regression or a classification");
  if (body.machines.size() != 1)
    return checks.refuse("is a regression and needs exactly one SupportVectorMachine");
  return {};
}

void mention(const SupportVectorMachineModel& body, Mentions& mentions) {
  for (const Body::VectorField& field : body.fields) {
    if (const auto* indicator = std::get_if<Body::Indicator>(&field))
      mentions.value(indicator->field, indicator->value);
  }
}

void list_categories(const SupportVectorMachineModel& body, const Model&,
                     const CategoryList& category) {
  for (const Body::Machine& machine : body.machines) {
    if (machine.category) category(*machine.category);
    if (machine.alternate_category) category(*machine.alternate_category);
  }
  if (body.alternate_binary_category) category(*body.alternate_binary_category);
}

}  // namespace pmml
