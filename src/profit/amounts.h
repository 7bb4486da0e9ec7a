// SPDX-License-Identifier: Apache-2.0
// Where each customer has an income and a cost of their own (donations, orders, frauds): P, TAP and
// RAP by row, the decision p·i > c, and what is lost by ranking by p alone. The costs are those of
// Elkan 2001 and Bahnsen et al. 2014; the case is that of the KDD Cup 1998, where the likeliest
// donors give the least. Pure and thread-safe.
//
// With y = 1 where the row would accept:
//   P    Σ offered (y·i − c)
//   TAP  Σ max(0, y·i − c): an offer to each acceptor who is worth it, and to nobody else
//   RAP  P/TAP;  ROI  Σ offered y·i / Σ offered c − 1
// With equal amounts these are the formulas of economics.h.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "metric/interval.h"

namespace profit {

// One value for each row. Incomes are what an acceptance brought (0 or more; of rows that do not
// accept it is not read); costs are above 0. All finite.
struct AmountRows {
  std::span<const std::uint8_t> labels;
  std::span<const double> incomes;
  std::span<const double> costs;
};

struct AmountOutcome {
  std::int64_t offers = 0;
  std::int64_t accepted = 0;
  double income = 0;  // Of what was accepted.
  double cost = 0;    // Of what was offered.
  double profit = 0;
  double tap = 0;
  std::optional<double> rap;             // Nothing where nobody is worth an offer.
  std::optional<double> roi;             // Nothing where nothing was offered.
  metric::Interval profit_per_customer;  // Mean of the rows' profits ± z·s/√n.
};

// All functions refuse spans of different lengths, fewer than two rows, labels other than 0 and 1,
// and amounts or probabilities outside their ranges, and name the row.

base::Result<AmountOutcome> outcome_of(const AmountRows& rows,
                                       std::span<const std::uint8_t> decisions,
                                       double confidence = 0.95);

// p·i − c, what an offer to each row is expected to bring. `incomes` are those expected before the
// answer is known.
base::Result<std::vector<double>> expected_profits(std::span<const double> probabilities,
                                                   std::span<const double> incomes,
                                                   std::span<const double> costs);

// The rows from the highest key down: P after so many offers. Equal keys stay together.
struct AmountPoint {
  std::int64_t offers = 0;
  double profit = 0;
  friend bool operator==(const AmountPoint&, const AmountPoint&) = default;
};
base::Result<std::vector<AmountPoint>> amount_curve(const AmountRows& rows,
                                                    std::span<const double> keys);

// Ranking by p alone beside ranking by p·i − c, on rows whose answers are known.
struct OrderComparison {
  AmountOutcome everyone;
  AmountOutcome where_it_pays;      // Offers where p·i > c.
  AmountOutcome above_mean_share;   // Offers where p > mean c / mean i: p alone, by the best one q.
  AmountPoint best_by_probability;  // The best cut of either order, in hindsight.
  AmountPoint best_by_expected_profit;
  struct Step {
    double share = 0;  // Of the rows, a tenth more each: 0.1 … 1. Equal keys may carry it beyond.
    double by_probability = 0;
    double by_expected_profit = 0;  // P at this share.
  };
  std::vector<Step> steps;
};
base::Result<OrderComparison> compare_orders(const AmountRows& rows,
                                             std::span<const double> probabilities,
                                             std::span<const double> expected_incomes,
                                             double confidence = 0.95);

}  // namespace profit
