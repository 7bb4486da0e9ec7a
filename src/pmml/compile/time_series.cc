// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/chapters.h"

namespace pmml {

base::Result<void> check_body(const TimeSeriesModel&, const Model&, const FieldChecks&) {
  return {};
}
void mention(const TimeSeriesModel&, Mentions&) {}
void list_categories(const TimeSeriesModel&, const CategoryList&) {}

}  // namespace pmml
