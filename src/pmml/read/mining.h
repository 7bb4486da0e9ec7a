// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "pmml/document/mining.h"
#include "pmml/read/element.h"

namespace pmml::detail {

// Takes the child that is Segmentation; the others are the model's own.
MiningModel read_mining(const Element& element, int nesting);

}  // namespace pmml::detail
