// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "pmml/document/document.h"

namespace pmml {

// The fields that an expression names.
std::vector<std::string> fields_of(const Expression& expression);

}  // namespace pmml
