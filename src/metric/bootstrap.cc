// SPDX-License-Identifier: Apache-2.0
#include "metric/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "base/random.h"

namespace metric {
namespace {

double percentile(const std::vector<double>& sorted, double p) {
  const double at = p * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

base::Result<void> check(std::span<const double> scores, std::span<const std::uint8_t> labels,
                         const ScoreBootstrap& options) {
  TRY(check_confidence(options.confidence));
  if (scores.size() != labels.size()) {
    return base::input_error("there are " + std::to_string(scores.size()) + " scores for " +
                             std::to_string(labels.size()) + " labels");
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] > 1) {
      return base::input_error("the label of row " + std::to_string(i) + " is " +
                               std::to_string(labels[i]) + ": labels are 0 or 1");
    }
  }
  if (options.resamples < 100) {
    return base::input_error("a bootstrap of " + std::to_string(options.resamples) +
                             " resamples is too small: at least 100");
  }
  return {};
}

}  // namespace

Interval percentile_interval(double estimate, std::vector<double> resamples, double confidence) {
  if (resamples.empty()) return {estimate, 0, estimate, estimate};
  // About the first value, so that what never varies has no error at all.
  double sum = 0, squares = 0;
  for (const double value : resamples) sum += value - resamples[0];
  const double mean = resamples[0] + sum / static_cast<double>(resamples.size());
  for (const double value : resamples) squares += (value - mean) * (value - mean);
  const double spare = std::max(1.0, static_cast<double>(resamples.size()) - 1);
  std::sort(resamples.begin(), resamples.end());
  return {estimate, std::sqrt(squares / spare), percentile(resamples, (1 - confidence) / 2),
          percentile(resamples, (1 + confidence) / 2)};
}

base::Result<Interval> bootstrap_interval(std::span<const double> scores,
                                          std::span<const std::uint8_t> labels,
                                          const ScoreStatistic& statistic,
                                          const ScoreBootstrap& options) {
  TRY(check(scores, labels, options));
  const std::optional<double> estimate = statistic(scores, labels);
  if (!estimate) return base::input_error("the figure is not defined on these rows");
  // Positives first, so that a class is a range of rows to draw from.
  std::vector<std::size_t> rows(labels.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  const auto middle = std::stable_partition(rows.begin(), rows.end(),
                                            [&](std::size_t row) { return labels[row] != 0; });
  const std::size_t positives =
      options.within_classes ? static_cast<std::size_t>(middle - rows.begin()) : 0;

  std::vector<double> drawn_scores(rows.size()), values;
  std::vector<std::uint8_t> drawn_labels(rows.size());
  for (int b = 0; b < options.resamples; ++b) {
    base::Random random(options.seed, static_cast<std::uint64_t>(b));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::size_t row = i < positives
                                  ? rows[random.below(positives)]
                                  : rows[positives + random.below(rows.size() - positives)];
      drawn_scores[i] = scores[row];
      drawn_labels[i] = labels[row];
    }
    if (const auto value = statistic(drawn_scores, drawn_labels)) values.push_back(*value);
  }
  return percentile_interval(*estimate, std::move(values), options.confidence);
}

}  // namespace metric
