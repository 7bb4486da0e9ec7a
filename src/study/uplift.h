// SPDX-License-Identifier: Apache-2.0
// A model judged by a control group: what its offers bring beyond what would have come without
// them. Of test rows that were contacted and test rows of the controls; in rounds those of the
// first repeat together.
#pragma once
#include <optional>
#include <vector>

#include "metric/interval.h"

namespace study {

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

}  // namespace study
