// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/chapters.h"

namespace pmml {

base::Result<void> check_body(const NaiveBayesModel&, const Model&, const FieldChecks&) {
  return {};
}
void mention(const NaiveBayesModel&, Mentions&) {}
void list_categories(const NaiveBayesModel&, const CategoryList&) {}

}  // namespace pmml
