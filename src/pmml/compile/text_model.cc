// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/chapters.h"

namespace pmml {

base::Result<void> check_body(const TextModel&, const Model&, const FieldChecks&) { return {}; }
void mention(const TextModel&, Mentions&) {}
void list_categories(const TextModel&, const CategoryList&) {}

}  // namespace pmml
