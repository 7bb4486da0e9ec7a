// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/chapters.h"

namespace pmml {

base::Result<void> check_body(const Scorecard&, const Model&, const FieldChecks&) { return {}; }
void mention(const Scorecard&, Mentions&) {}
void list_categories(const Scorecard&, const CategoryList&) {}

}  // namespace pmml
