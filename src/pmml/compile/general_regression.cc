// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/chapters.h"

namespace pmml {

base::Result<void> check_body(const GeneralRegressionModel&, const Model&, const FieldChecks&) {
  return {};
}
void mention(const GeneralRegressionModel&, Mentions&) {}
void list_categories(const GeneralRegressionModel&, const CategoryList&) {}

}  // namespace pmml
