// SPDX-License-Identifier: Apache-2.0
// Quantiles of latencies in constant memory: 32 buckets to each doubling, so a quantile is right
// within 1.6 %.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "base/clock.h"

namespace trial::detail {

class LatencyHistogram {
 public:
  void add(base::Duration latency) {
    ++counts_[bucket(static_cast<std::uint64_t>(std::max<std::int64_t>(latency.count(), 0)))];
    ++total_;
  }

  // In microseconds: the middle of the bucket that holds the p-quantile (0 < p ≤ 1); 0 while empty.
  [[nodiscard]] double quantile(double p) const {
    auto rank = static_cast<std::int64_t>(p * static_cast<double>(total_));
    rank = std::clamp<std::int64_t>(rank, 1, std::max<std::int64_t>(total_, 1));
    std::int64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (seen >= rank) return (lower(i) + lower(i + 1)) / 2;
    }
    return 0;
  }

  friend bool operator==(const LatencyHistogram&, const LatencyHistogram&) = default;

 private:
  static constexpr int kBits = 5;
  static constexpr int kDoublings = 44;  // Beyond 2^48 µs (nine years) everything is one bucket.

  // The first 32 values have buckets of their own; then the leading bit chooses the doubling, the
  // next five the bucket.
  static std::size_t bucket(std::uint64_t micros) {
    if (micros < (1U << kBits)) return static_cast<std::size_t>(micros);
    const int doubling = static_cast<int>(std::bit_width(micros)) - 1 - kBits;
    if (doubling >= kDoublings) return (kDoublings << kBits) + (1U << kBits) - 1;
    return (static_cast<std::size_t>(doubling) << kBits) +
           static_cast<std::size_t>(micros >> doubling);
  }
  static double lower(std::size_t index) {
    if (index < (1U << kBits)) return static_cast<double>(index);
    const std::size_t doubling = (index >> kBits) - 1;
    return static_cast<double>(((index & ((1U << kBits) - 1)) + (1U << kBits))) *
           static_cast<double>(std::uint64_t{1} << doubling);
  }

  std::array<std::int64_t, (kDoublings + 1) << kBits> counts_{};
  std::int64_t total_ = 0;
};

}  // namespace trial::detail
