// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/chapters.h"

namespace pmml {

base::Result<void> check_body(const GaussianProcessModel& body, const Model& model,
                              const FieldChecks& checks) {
  if (model.math != MathContext::kDouble)
    return checks.refuse("is a GaussianProcessModel, which is scored in double precision only");
  if (model.function != MiningFunction::kRegression)
    return checks.refuse(
        "is a GaussianProcessModel of another functionName than regression, for which the standard "
        "defines no scoring");
  const std::size_t n = body.points.rows;
  const bool fits = n > 0 && body.points.columns == body.inputs.size() && !body.inputs.empty() &&
                    body.points.values.size() == n * body.inputs.size() &&
                    body.responses.size() == n && body.kernel.lambda.size() == body.inputs.size();
  if (!fits) return checks.refuse("has training records that do not fit its inputs");
  if (body.factor.rows != n || body.factor.columns != n || body.factor.values.size() != n * n ||
      body.weights.size() != n)
    return checks.refuse("has not been factorized");
  for (const auto& input : body.inputs)
    TRY(checks.numeric_field(input.field, "the InstanceFields"));
  return {};
}

void mention(const GaussianProcessModel&, Mentions&) {}
void list_categories(const GaussianProcessModel&, const Model&, const CategoryList&) {}

}  // namespace pmml
