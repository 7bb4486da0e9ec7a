// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "pmml/compile/chapters.h"

namespace pmml {

base::Result<void> check_body(const BaselineModel& baseline, const Model& model,
                              const FieldChecks& checks) {
  if (model.function != MiningFunction::kRegression)
    return checks.refuse("needs functionName=\"regression\": its answer is a number");
  TRY(checks.numeric_field(baseline.field, "a TestDistributions"));
  const double variance = baseline.variance();
  if (!std::isfinite(baseline.mean()) || !std::isfinite(variance) || !(variance > 0))
    return checks.refuse("has a distribution whose variance is not above 0");
  return {};
}

void mention(const BaselineModel&, Mentions&) {}
void list_categories(const BaselineModel&, const Model&, const CategoryList&) {}

}  // namespace pmml
