// SPDX-License-Identifier: Apache-2.0
// A model judged by a control group: what its offers bring beyond what would have come without
// them. Of rows that were contacted and rows that were not, both drawn by lot, that the model has
// not seen.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "metric/interval.h"
#include "profit/incremental.h"

namespace learn {

struct Uplift {
  struct Top {
    double share = 0;         // Of the rows, the first in the model's order.
    metric::Interval uplift;  // Share of acceptances of the treated less that of the controls.
  };
  struct Point {
    double share = 0;
    double gained = 0;  // Acceptances gained, per treated row of all (metric::UpliftPoint::qini).
  };
  // Of the model's own offers, per row (profit/incremental.h).
  metric::Interval profit_per_customer;
  // What follows is of the model's order of the rows; the null models have none.
  std::optional<metric::Interval> area = {};         // metric::Qini::area.
  std::optional<metric::Interval> coefficient = {};  // metric::Qini::coefficient.
  std::vector<Top> top = {};                         // At 10, 20, 30 and 50 % of the rows.
  std::vector<Point> curve = {};                     // Thinned.
};

// `keys` are what the model orders the rows by, the highest first; empty for a null model. `offers`
// are 0 or 1. The seed is the bootstrap's. Refuses what profit::incremental_profit() refuses.
base::Result<Uplift> measure_uplift(const profit::IncrementalRows& rows,
                                    std::span<const int> offers, std::span<const double> keys,
                                    std::uint64_t seed);

}  // namespace learn
