// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "pmml/document/output.h"
#include "pmml/read/element.h"

namespace pmml::detail {

// `of_rules`: of an AssociationModel.
std::vector<OutputField> read_output(const Element& element, bool of_rules);

}  // namespace pmml::detail
