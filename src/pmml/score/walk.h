// SPDX-License-Identifier: Apache-2.0
// Walks through the trees of a forest, one row at a time.
#pragma once
#include <cstdint>

#include "pmml/compile/units.h"

namespace pmml::detail {

// Codes what the forest's tests look at, unless the row's codes are there already, and writes the
// number of each tree's answer to `answers` (forest.trees.size() of them).
void walk(const Units& units, const Forest& forest, const double* slots, Compiled::Memory& memory,
          std::uint32_t* answers);

// The same, and adds up the trees' numbers, in their order; NaN where some tree has no answer.
template <class Real>
Real walk_and_sum(const Units& units, const Forest& forest, const double* slots,
                  Compiled::Memory& memory);

}  // namespace pmml::detail
