// SPDX-License-Identifier: Apache-2.0
// RAP, P, TAP, ROI and profit per customer of one test set are estimates: here with their errors.
// Pure and thread-safe; the bootstrap gives the same figures for the same seed.
//
// By the delta method from the counts of the test set. With x = 1/(q − 1), n rows, N⁺ positives,
// N⁻ negatives, O offers:
//
//                  rows drawn at random (kRows)                numbers of each class fixed
//                  (kClasses)
//   Var RAP     [TP(1 − RAP)² + FP x² + FN RAP²] / N⁺²       [TP·FN/N⁺ + x² FP·TN/N⁻] / N⁺²
//   Var P       TP(i − c)² + FP c² − P²/n                      (i − c)² TP·FN/N⁺ + c² FP·TN/N⁻
//   Var TAP     (i − c)² N⁺N⁻/n                               0
//   Var ROI     q² TP·FP/O³                                    q² [FP² TP·FN/N⁺ + TP² FP·TN/N⁻]/O⁴
//   Var P/n     Var P / n²                                     Var P / n²
//
// In kRows the denominators N⁺ and O are random too (a ratio estimator; Cochran 1977, ch. 6): that
// is right where the test rows are a random sample of customers. kClasses is right where positives
// and negatives were sampled separately, or where the split was stratified by label. Below some ten
// expected hits or false alarms the symmetric interval is rough: then prefer the bootstrap's.
#pragma once
#include <cstdint>
#include <optional>

#include "base/result.h"
#include "metric/confusion.h"
#include "metric/interval.h"
#include "profit/economics.h"

namespace profit {

enum class Sampling {
  kRows,     // The rows are a random sample; how many of them are positive is chance.
  kClasses,  // So many positives and so many negatives were drawn, each at random.
};

struct MoneyIntervals {
  metric::Interval rap;                  // A share: 1 is all that can be achieved.
  metric::Interval profit;               // Of the whole test set, in the money of Economics.
  metric::Interval tap;                  // The same.
  metric::Interval profit_per_customer;  // Per row.
  std::optional<metric::Interval> roi;   // Nothing where nothing was offered.
};

// Refuses negative counts, no positives, and a confidence outside (0, 1).
base::Result<MoneyIntervals> money_intervals(const metric::Confusion& c, const Economics& e,
                                             double confidence = 0.95,
                                             Sampling sampling = Sampling::kRows);

struct BootstrapOptions {
  double confidence = 0.95;
  Sampling sampling = Sampling::kClasses;  // Stratified by label, as test sets mostly are.
  int resamples = 2000;                    // At least 100. The ends are percentiles of these.
  std::uint64_t seed = 1;
};

// The cross-check: the rows drawn again with replacement (Efron & Tibshirani 1993, ch. 13), which
// for counts is a multinomial draw. The standard error is the deviation of the resamples; low and
// high are their percentiles. A resample without positives (without offers, for ROI) is left out.
base::Result<MoneyIntervals> bootstrap_intervals(const metric::Confusion& c, const Economics& e,
                                                 const BootstrapOptions& options = {});

}  // namespace profit
