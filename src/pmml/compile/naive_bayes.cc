// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "pmml/compile/chapters.h"
#include "pmml/compile/references.h"
#include "pmml/interpret/value.h"

namespace pmml {
namespace {

using Body = NaiveBayesModel;
using base::Result;

Result<void> check_input(const Body::Input& input, const FieldChecks& checks) {
  const std::string user = "the BayesInput '" + input.field + "'";
  if (!input.distributions.empty()) return checks.numeric_field(input.field, user);
  TRY(checks.field(input.field, user));
  auto type = checks.type_of(input.field);
  if (input.discretize) {
    const auto& expression = input.discretize->expression;
    TRY(checks.expression(expression, user));
    for (const std::string& field : fields_of(expression)) {
      if (field != input.field)
        return checks.refuse("discretizes the field '" + field + "' in " + user);
    }
    type = input.discretize->type;
  }
  for (const Body::PairCounts& pair : input.pairs) {
    if (type && !parse_value(pair.value, *type))
      return checks.refuse("counts the value '" + pair.value + "' in " + user +
                           ", which is not of its type");
  }
  return {};
}

}  // namespace

base::Result<void> check_body(const NaiveBayesModel& body, const Model& model,
                              const FieldChecks& checks) {
  if (model.math != MathContext::kDouble)
    return checks.refuse("is a NaiveBayesModel, which is scored in double precision only");
  if (model.function != MiningFunction::kClassification)
    return checks.refuse("is a NaiveBayesModel; its functionName must be classification");
  if (body.categories.empty()) return checks.refuse("counts no category in its BayesOutput");
  if (std::ranges::none_of(body.categories, [](const auto& one) { return one.count > 0; }))
    return checks.refuse("counts nothing in its BayesOutput");
  for (const Body::Input& input : body.inputs) TRY(check_input(input, checks));
  return {};
}

void mention(const NaiveBayesModel& body, Mentions& mentions) {
  for (const Body::Input& input : body.inputs) {
    if (input.discretize) {
      mentions.expression(input.discretize->expression);
      continue;
    }
    for (const Body::PairCounts& pair : input.pairs) mentions.value(input.field, pair.value);
  }
}

void list_categories(const NaiveBayesModel& body, const Model&, const CategoryList& category) {
  for (const Body::Category& one : body.categories) category(one.value);
}

}  // namespace pmml
