// SPDX-License-Identifier: Apache-2.0
// Rows of both groups with what a model says of them and does.
#pragma once
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "learn/uplift_figures.h"
#include "profit/economics.h"
#include "study/ground.h"

namespace study::detail {

class UpliftSample {
 public:
  explicit UpliftSample(const profit::Economics& economics) : economics_(economics) {}

  // Keys are what the rows are ordered by (keys_of); empty for all rows: there is no order.
  void add(const Rows& rows, bool treated, const std::vector<double>& keys,
           const std::vector<std::uint8_t>& offers);
  // Refuses fewer than two rows of either group.
  [[nodiscard]] base::Result<learn::Uplift> measure(std::uint64_t seed) const;

 private:
  profit::Economics economics_;
  std::vector<double> keys_, incomes_, costs_;
  std::vector<std::uint8_t> labels_, treated_;
  std::vector<int> offers_;
};

}  // namespace study::detail
