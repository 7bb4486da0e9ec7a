// SPDX-License-Identifier: Apache-2.0
// A cap on a customer's revenue, fixed before the start: amounts beyond it count as the cap, alike
// in both arms. A few enormous baskets then no longer decide the test; what is compared is the mean
// of capped revenue, and the uncapped one is reported beside it. A cap chosen from the experiment's
// own data would bias the test.
#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "base/money.h"
#include "base/result.h"
#include "experiment/moments.h"

namespace experiment {

// Immutable and thread-safe.
class Cap {
 public:
  // Above 0. Losses are capped at −limit.
  static base::Result<Cap> make(base::Cents limit);
  // The smallest limit that at most `share_capped` of the customers of history exceed, 0 ≤ share <
  // 1; an error for an empty history or one whose limit would be 0.
  static base::Result<Cap> from_history(std::span<const base::Cents> history, double share_capped);

  [[nodiscard]] base::Cents limit() const { return limit_; }
  [[nodiscard]] base::Cents apply(base::Cents amount) const;

 private:
  explicit Cap(base::Cents limit) : limit_(limit) {}
  base::Cents limit_;
};

// One arm's revenue with the cap and without. Equal customers give equal bits in any order.
class CappedMoments {
 public:
  explicit CappedMoments(const Cap& cap) : cap_(cap) {}
  void add(base::Cents amount);
  void merge(const CappedMoments& other);                                   // With the same cap.
  [[nodiscard]] const MoneyMoments& capped() const { return capped_; }      // For the verdict.
  [[nodiscard]] const MoneyMoments& uncapped() const { return uncapped_; }  // To report.
  [[nodiscard]] std::int64_t customers_capped() const { return customers_capped_; }

 private:
  Cap cap_;
  MoneyMoments capped_;
  MoneyMoments uncapped_;
  std::int64_t customers_capped_ = 0;
};

}  // namespace experiment
