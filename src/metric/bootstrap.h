// SPDX-License-Identifier: Apache-2.0
// An interval for any figure of scores and labels, by drawing the rows again (Efron & Tibshirani
// 1993, ch. 13): for figures without a formula, and as a cross-check on those with one. Pure; the
// same figures for the same seed.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "metric/interval.h"

namespace metric {

using ScoreStatistic =
    std::function<std::optional<double>(std::span<const double>, std::span<const std::uint8_t>)>;

struct ScoreBootstrap {
  double confidence = 0.95;
  int resamples = 1000;        // At least 100; each costs one call of the statistic.
  bool within_classes = true;  // Positives and negatives keep their numbers.
  std::uint64_t seed = 1;
};

// The estimate is the statistic of the rows as they are; the rest is of the resamples in which it
// is defined. Refuses spans of different lengths, labels other than 0 and 1, rows on which the
// statistic is not defined, and options out of range.
base::Result<Interval> bootstrap_interval(std::span<const double> scores,
                                          std::span<const std::uint8_t> labels,
                                          const ScoreStatistic& statistic,
                                          const ScoreBootstrap& options = {});

// The deviation of the resamples and their percentiles (type 7 of Hyndman & Fan 1996) around an
// estimate; no error at all without resamples. Confidence in (0, 1).
Interval percentile_interval(double estimate, std::vector<double> resamples, double confidence);

}  // namespace metric
