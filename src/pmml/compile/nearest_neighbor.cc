// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/chapters.h"

namespace pmml {

base::Result<void> check_body(const NearestNeighborModel&, const Model&, const FieldChecks&) {
  return {};
}
void mention(const NearestNeighborModel&, Mentions&) {}
void list_categories(const NearestNeighborModel&, const CategoryList&) {}

}  // namespace pmml
