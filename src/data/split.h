// SPDX-License-Identifier: Apache-2.0
// Rows into disjoint shares, seeded: the same rows on every machine.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"

namespace data {

// Shares of the rows; what is left over is for training. Each in [0, 1), together below 1.
struct Shares {
  double validation = 0.0;
  double test = 0.3;
};

// Row numbers, ascending in each share.
struct Split {
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> validation;
  std::vector<std::uint32_t> test;
};

// Each class is shared out on its own, so that every share holds the classes in the same proportion
// (to one row). Classes are any small numbers, one for each row. Refuses shares out of range or
// more than 2³² − 1 rows.
base::Result<Split> stratified_split(std::span<const std::uint8_t> classes, const Shares& shares,
                                     std::uint64_t seed);

// The same without classes.
base::Result<Split> random_split(std::size_t rows, const Shares& shares, std::uint64_t seed);

}  // namespace data
