// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/chapters.h"

namespace pmml {

base::Result<void> check_body(const SupportVectorMachineModel&, const Model&, const FieldChecks&) {
  return {};
}
void mention(const SupportVectorMachineModel&, Mentions&) {}
void list_categories(const SupportVectorMachineModel&, const CategoryList&) {}

}  // namespace pmml
