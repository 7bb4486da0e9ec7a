// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/chapters.h"

namespace pmml {

base::Result<void> check_body(const BayesianNetworkModel&, const Model&, const FieldChecks&) {
  return {};
}
void mention(const BayesianNetworkModel&, Mentions&) {}
void list_categories(const BayesianNetworkModel&, const CategoryList&) {}

}  // namespace pmml
