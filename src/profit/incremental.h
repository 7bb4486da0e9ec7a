// SPDX-License-Identifier: Apache-2.0
// What offers bring beyond what would have come without them, by a control group: customers drawn
// by lot who were contacted whatever a model says (treated), and others who were not (controls).
// Pure and thread-safe.
//
// With o = 1 where a model offers (Radcliffe 2007; as the value of a policy, Athey & Wager 2021):
//   P/n = mean over treated of o·y·i − mean over controls of o·y·i − mean over all of o·c
// The two groups are independent, so with w their shares of the rows
//   Var = s²(o·(y·i − w_T·c) over treated)/n_T + s²(o·(y·i + w_C·c) over controls)/n_C.
#pragma once
#include <cstdint>
#include <span>

#include "base/result.h"
#include "metric/interval.h"

namespace profit {

// One value for each row.
struct IncrementalRows {
  std::span<const std::uint8_t> labels;   // 1: accepted, bought, … whether contacted or not.
  std::span<const std::uint8_t> treated;  // 1: contacted.
  std::span<const double> incomes;        // Of an acceptance.
  std::span<const double> costs;          // Of an offer.
};

// Per row of treated and controls together. `offers` are 0 or 1; as first less second decisions, −1
// to 1, they give the difference of two models on the same rows, paired. Refuses spans of different
// lengths, fewer than two rows of either group, and a confidence outside (0, 1).
base::Result<metric::Interval> incremental_profit(const IncrementalRows& rows,
                                                  std::span<const int> offers,
                                                  double confidence = 0.95);

}  // namespace profit
