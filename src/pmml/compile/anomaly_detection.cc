// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/chapters.h"

namespace pmml {

base::Result<void> check_body(const AnomalyDetectionModel&, const Model&, const FieldChecks&) {
  return {};
}
void mention(const AnomalyDetectionModel&, Mentions&) {}
void list_categories(const AnomalyDetectionModel&, const CategoryList&) {}

}  // namespace pmml
