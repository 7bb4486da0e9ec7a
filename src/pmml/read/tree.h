// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "pmml/document/tree.h"
#include "pmml/read/element.h"

namespace pmml::detail {

// Takes the child that is Node; the others are the model's own.
TreeModel read_tree(const Element& element);

}  // namespace pmml::detail
