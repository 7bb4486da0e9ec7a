// SPDX-License-Identifier: Apache-2.0
#include "pmml/document/rule_set.h"

namespace pmml {

// Out of line: the recursive type is complete only here.
bool Rule::operator==(const Rule&) const = default;

}  // namespace pmml
