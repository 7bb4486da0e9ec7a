// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/chapters.h"

namespace pmml {

base::Result<void> check_body(const RuleSetModel&, const Model&, const FieldChecks&) { return {}; }
void mention(const RuleSetModel&, Mentions&) {}
void list_categories(const RuleSetModel&, const CategoryList&) {}

}  // namespace pmml
