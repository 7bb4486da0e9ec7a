// SPDX-License-Identifier: Apache-2.0
// How revenue is distributed, in bins that are fixed before any of it is seen, so that counts can
// be added up, taken apart and compared between arms.
#pragma once
#include <cstdint>
#include <vector>

#include "base/money.h"

namespace experiment {

// The bins' edges: 0.01, then five a decade by Renard's preferred numbers (ISO 3: 1, 1.6, 2.5,
// 4, 6.3) rounded to cents, as long as they are below `most`; `most` itself is the last. Bin i
// holds amounts from edge i to below edge i + 1; the last also those at `most`. 0.02 ≤ `most` ≤
// 10¹³.
std::vector<base::Cents> money_bins(base::Cents most);

// The counts of one arm. Whoever spent nothing is counted apart: his place on the logarithmic scale
// would be nowhere, and where he stands is the first thing to know.
class MoneyHistogram {
 public:
  explicit MoneyHistogram(base::Cents most)
      : edges_(money_bins(most)), counts_(edges_.size() - 1) {}
  // Amounts above `most` count in the last bin, those below 0 as nothing.
  void add(base::Cents amount);
  void merge(const MoneyHistogram& other);  // With the same edges.

  [[nodiscard]] std::int64_t zeros() const { return zeros_; }
  [[nodiscard]] const std::vector<base::Cents>& edges() const { return edges_; }
  [[nodiscard]] const std::vector<std::int64_t>& counts() const { return counts_; }  // One fewer.
  [[nodiscard]] std::int64_t n() const;  // Of all, zeros too.
  friend bool operator==(const MoneyHistogram&, const MoneyHistogram&) = default;

 private:
  std::vector<base::Cents> edges_;
  std::vector<std::int64_t> counts_;
  std::int64_t zeros_ = 0;
};

}  // namespace experiment
