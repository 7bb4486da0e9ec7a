// SPDX-License-Identifier: Apache-2.0
// Models compared where each row has an income and a cost of its own (amounts.h): where to cut,
// what a model's decisions earn with its error, and whether one earns more than another. Pure and
// thread-safe. All functions refuse what amounts.h refuses.
#pragma once
#include <cstdint>
#include <limits>
#include <span>

#include "base/result.h"
#include "profit/amounts.h"
#include "profit/intervals.h"
#include "profit/paired.h"

namespace profit {

// Thresholds of keys (p·i − c): an offer is made where the key is above.
inline constexpr double kToEverybody = -std::numeric_limits<double>::max();
inline constexpr double kToNobody = std::numeric_limits<double>::max();

// The threshold that earns most on these rows, midway between the keys that it parts; of equals the
// one with fewer offers.
base::Result<double> best_amount_threshold(const AmountRows& rows, std::span<const double> keys);

// With v the row's profit, t what it could have brought (max(0, y·i − c)), n rows drawn at random:
//   P, TAP   n·(mean ± z·s/√n)
//   RAP      R = Σv/Σt, Var = n/(n − 1) · Σ(v − R·t)²/(Σt)²
//   ROI      R = Σy·i/Σc − 1 over the offers, Var the same of y·i − (R + 1)·c over Σc
// (ratio estimators; Cochran 1977, ch. 6). Refuses rows of which none is worth an offer.
base::Result<MoneyIntervals> amount_intervals(const AmountRows& rows,
                                              std::span<const std::uint8_t> decisions,
                                              double confidence = 0.95);

// The first model's decisions less the second's, on the same rows: as paired_difference(), with the
// rows' own amounts.
base::Result<PairedDifference> amount_lead(const AmountRows& rows,
                                           std::span<const std::uint8_t> first,
                                           std::span<const std::uint8_t> second,
                                           double confidence = 0.95);

}  // namespace profit
