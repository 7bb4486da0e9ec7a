// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/chapters.h"

namespace pmml {

base::Result<void> check_body(const AssociationModel&, const Model&, const FieldChecks&) {
  return {};
}
void mention(const AssociationModel&, Mentions&) {}
void list_categories(const AssociationModel&, const CategoryList&) {}

}  // namespace pmml
