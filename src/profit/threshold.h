// SPDX-License-Identifier: Apache-2.0
// Where to cut: from which probability on an offer is made. Always `probability > threshold`.
//
// Four policies: kEvenThreshold (the article's 0.5), 1/q for calibrated probabilities
// (break_even_threshold in economics.h), the most profitable cut on validation rows (never on test
// rows: it would flatter itself), and the most profitable cut within a number of offers.
//
// A chosen cut lies midway between the scores that it parts, so that it carries over to other rows;
// equal scores are never parted. To everybody is threshold −1, to nobody threshold 1.
// O(n log n) by one exact sweep over the distinct scores. Pure and thread-safe.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "metric/confusion.h"
#include "profit/economics.h"

namespace profit {

inline constexpr double kEvenThreshold = 0.5;

struct Cut {
  double threshold = 1;
  metric::Confusion counts;
  double profit = 0;  // P of these rows, in the money of Economics.
  friend bool operator==(const Cut&, const Cut&) = default;
};

// All functions refuse: no rows, spans of different lengths, labels other than 0 and 1, and
// probabilities outside [0, 1] (or not a number).

// What a given threshold brings on these rows.
base::Result<Cut> cut_at(std::span<const double> probabilities,
                         std::span<const std::uint8_t> labels, double threshold,
                         const Economics& e);

// Every cut there is, from nobody to everybody: the profit curve against the share contacted.
// As many points as there are distinct scores, and one.
base::Result<std::vector<Cut>> profit_curve(std::span<const double> probabilities,
                                            std::span<const std::uint8_t> labels,
                                            const Economics& e);

// The most profitable cut, which is the RAP-optimal one; of equals the one with fewer offers.
base::Result<Cut> best_cut(std::span<const double> probabilities,
                           std::span<const std::uint8_t> labels, const Economics& e);
// The same with at most so many offers on these rows (0 or more). Where equal scores straddle the
// limit all of them are left out.
base::Result<Cut> best_cut_within(std::span<const double> probabilities,
                                  std::span<const std::uint8_t> labels, const Economics& e,
                                  std::int64_t most_offers);

// Limits as numbers of offers: a share in [0, 1] of the rows; a budget ≥ 0 at a cost each. Rounded
// down (a share of 0.29 of 100 rows is 29 offers, whatever the last bit of 0.29 says).
base::Result<std::int64_t> offers_in_share(double share, std::int64_t rows);
base::Result<std::int64_t> offers_in_budget(double budget, const Economics& e);

// For plots: at most so many points (at least 3), evenly spread over the offers; the first, the
// last and the most profitable stay. `curve` is in the order of profit_curve.
std::vector<Cut> decimated(std::span<const Cut> curve, std::size_t most_points);

}  // namespace profit
