// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/chapters.h"

namespace pmml {

base::Result<void> check_body(const ClusteringModel&, const Model&, const FieldChecks&) {
  return {};
}
void mention(const ClusteringModel&, Mentions&) {}
void list_categories(const ClusteringModel&, const CategoryList&) {}

}  // namespace pmml
