// SPDX-License-Identifier: Apache-2.0
// Whether scores find the customers whom the offer changes: needs a control group that was chosen
// at random and got no offer. Pure and thread-safe.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "metric/interval.h"

namespace metric {

// One value for each row: a finite score; the outcome (1: bought); whether the row was treated.
struct UpliftRows {
  std::span<const double> scores;
  std::span<const std::uint8_t> outcomes;
  std::span<const std::uint8_t> treated;
};

struct UpliftPoint {
  double share = 0;  // Of all rows, from the highest score down; equal scores together.
  // Radcliffe's Qini: (Y_T − Y_C·N_T/N_C)/n_T with Y and N counted within the share and n_T all
  // treated: purchases gained by treating the share, per treated customer of the whole.
  double qini = 0;
  // Share of buyers among the treated less that among the controls, within the share; with
  // Newcombe's hybrid score interval. Nothing where one of them is empty.
  std::optional<Interval> uplift;
};

// From share 0 to 1. Empty without treated or without control rows.
std::vector<UpliftPoint> uplift_curve(const UpliftRows& rows, double confidence = 0.95);

struct Qini {
  double area = 0;    // Between the Qini curve and the straight line of random targeting.
  double uplift = 0;  // u: of treating everybody.
  // area/(u(1 − u)/2), against the best curve that has no customer put off by the offer (q₀;
  // Radcliffe 2007). 0 is chance, 1 is perfect; nothing for u outside (0, 1).
  std::optional<double> coefficient;
};

// By the trapezoid over the points of the curve. Nothing where the curve is empty.
std::optional<Qini> qini(const UpliftRows& rows);

// The same with percentile intervals, of rows drawn again within the treated and within the
// controls (Efron & Tibshirani 1993, ch. 13).
struct QiniIntervals {
  Interval area;
  Interval uplift;
  std::optional<Interval> coefficient;  // Of the resamples in which it is defined.
};
struct QiniBootstrap {
  double confidence = 0.95;  // In (0, 1).
  int resamples = 200;       // At least 1; each costs one pass over the rows.
  std::uint64_t seed = 1;
};
std::optional<QiniIntervals> qini_intervals(const UpliftRows& rows,
                                            const QiniBootstrap& options = {});

// The difference of two independent shares by Newcombe's method 10 (Statistics in Medicine 17,
// 1998), which combines Wilson's intervals. The standard error is √(se₁² + se₂²).
Interval share_difference(const Interval& first, const Interval& second);

}  // namespace metric
