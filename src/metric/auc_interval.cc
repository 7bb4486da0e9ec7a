// SPDX-License-Identifier: Apache-2.0
#include "metric/auc_interval.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/check.h"
#include "metric/normal.h"

namespace metric {
namespace {

// V₁ or V₀ of each row, by its class.
std::vector<double> placements(std::span<const double> scores,
                               std::span<const std::uint8_t> labels) {
  CHECK(scores.size() == labels.size());
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (const double score : scores) CHECK(!std::isnan(score));
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
  std::size_t of_class[2] = {0, 0};
  for (const std::uint8_t label : labels) ++of_class[label != 0 ? 1 : 0];

  std::vector<double> placement(scores.size());
  std::size_t below[2] = {0, 0};
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin, here[2] = {0, 0};
    for (; end < order.size() && scores[order[end]] == scores[order[begin]]; ++end)
      ++here[labels[order[end]] != 0 ? 1 : 0];
    for (std::size_t i = begin; i < end; ++i) {
      const bool positive = labels[order[i]] != 0;
      const std::size_t other = positive ? 0 : 1;
      const double under = static_cast<double>(below[other]) + static_cast<double>(here[other]) / 2;
      const auto all = static_cast<double>(of_class[other]);
      placement[order[i]] = (positive ? under : all - under) / all;
    }
    below[0] += here[0];
    below[1] += here[1];
    begin = end;
  }
  return placement;
}

struct Mean {
  double mean = 0;
  double variance = 0;  // Of the mean.
};

// Mean and its variance over both classes; nothing with fewer than two rows of one.
std::optional<Mean> over_classes(std::span<const double> placement,
                                 std::span<const std::uint8_t> labels) {
  double sum[2] = {0, 0}, squares[2] = {0, 0}, rows[2] = {0, 0};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::size_t c = labels[i] != 0 ? 1 : 0;
    sum[c] += placement[i];
    ++rows[c];
  }
  if (rows[0] < 2 || rows[1] < 2) return std::nullopt;
  const double mean[2] = {sum[0] / rows[0], sum[1] / rows[1]};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::size_t c = labels[i] != 0 ? 1 : 0;
    squares[c] += (placement[i] - mean[c]) * (placement[i] - mean[c]);
  }
  const double variance =
      squares[0] / (rows[0] - 1) / rows[0] + squares[1] / (rows[1] - 1) / rows[1];
  return Mean{mean[1], variance};
}

}  // namespace

std::optional<Interval> auc_interval(std::span<const double> scores,
                                     std::span<const std::uint8_t> labels, double confidence) {
  const auto mean = over_classes(placements(scores, labels), labels);
  if (!mean) return std::nullopt;
  Interval interval = normal_interval(mean->mean, std::sqrt(mean->variance), confidence);
  interval.low = std::max(interval.low, 0.0);
  interval.high = std::min(interval.high, 1.0);
  return interval;
}

std::optional<AucDifference> auc_difference(std::span<const double> first,
                                            std::span<const double> second,
                                            std::span<const std::uint8_t> labels,
                                            double confidence) {
  std::vector<double> difference = placements(first, labels);
  const std::vector<double> other = placements(second, labels);
  for (std::size_t i = 0; i < difference.size(); ++i) difference[i] -= other[i];
  const auto mean = over_classes(difference, labels);
  if (!mean) return std::nullopt;
  const double error = std::sqrt(mean->variance);
  AucDifference result{.difference = normal_interval(mean->mean, error, confidence)};
  if (error > 0) {
    result.z = mean->mean / error;
    result.p = two_sided_p(result.z);
  }
  return result;
}

}  // namespace metric
