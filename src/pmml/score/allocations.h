// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>

namespace pmml {

// How often this thread of the test program has allocated.
std::size_t allocations();

}  // namespace pmml
