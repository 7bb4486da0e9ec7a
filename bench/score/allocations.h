// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>

namespace bench {

// How often this program has allocated.
std::size_t allocations();

}  // namespace bench
