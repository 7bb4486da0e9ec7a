// SPDX-License-Identifier: Apache-2.0
// The inner loop of the neighbour search, compiled for several instruction sets. Each row of a
// block is summed by itself and in the order of the columns: the results agree bit for bit.
#pragma once
#include <cstddef>
#include <span>

namespace learn::detail {

inline constexpr std::size_t kNeighbourBlock = 32;  // Rows.

// The squared distances of one row to those of a block, in which columns follow one another:
// numbers, then texts.
using AddDistances = void (*)(const float* block, const float* row, std::size_t numbers,
                              std::size_t texts, float* out);

// All that this processor can run, the plainest first and the best last.
std::span<const AddDistances> runnable_distances();

}  // namespace learn::detail
