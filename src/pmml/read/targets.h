// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "pmml/document/targets.h"
#include "pmml/read/element.h"

namespace pmml::detail {

std::vector<Target> read_targets(const Element& element);

}  // namespace pmml::detail
