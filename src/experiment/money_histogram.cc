// SPDX-License-Identifier: Apache-2.0
#include "experiment/money_histogram.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "base/check.h"

namespace experiment {

std::vector<base::Cents> money_bins(base::Cents most) {
  CHECK(most.value() >= 2 && most.value() <= 1'000'000'000'000'000);
  constexpr std::array<std::int64_t, 5> kTenths = {10, 16, 25, 40, 63};  // Of the decade's start.
  std::vector<base::Cents> edges;
  for (std::int64_t decade = 1;; decade *= 10) {
    for (const std::int64_t tenths : kTenths) {
      const base::Cents edge((decade * tenths + 5) / 10);
      if (edge >= most) {
        edges.push_back(most);
        return edges;
      }
      edges.push_back(edge);
    }
  }
}

void MoneyHistogram::add(base::Cents amount) {
  if (amount.value() <= 0) {
    ++zeros_;
    return;
  }
  const auto above = std::upper_bound(edges_.begin() + 1, edges_.end() - 1, amount);
  ++counts_[static_cast<std::size_t>(above - edges_.begin()) - 1];
}

void MoneyHistogram::merge(const MoneyHistogram& other) {
  CHECK(edges_ == other.edges_);
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  zeros_ += other.zeros_;
}

std::int64_t MoneyHistogram::n() const {
  return std::accumulate(counts_.begin(), counts_.end(), zeros_);
}

}  // namespace experiment
