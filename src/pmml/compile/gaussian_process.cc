// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/chapters.h"

namespace pmml {

base::Result<void> check_body(const GaussianProcessModel&, const Model&, const FieldChecks&) {
  return {};
}
void mention(const GaussianProcessModel&, Mentions&) {}
void list_categories(const GaussianProcessModel&, const CategoryList&) {}

}  // namespace pmml
