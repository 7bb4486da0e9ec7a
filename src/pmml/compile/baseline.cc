// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/chapters.h"

namespace pmml {

base::Result<void> check_body(const BaselineModel&, const Model&, const FieldChecks&) { return {}; }
void mention(const BaselineModel&, Mentions&) {}
void list_categories(const BaselineModel&, const CategoryList&) {}

}  // namespace pmml
