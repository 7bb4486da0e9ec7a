// SPDX-License-Identifier: Apache-2.0
#include "metric/probability.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "base/check.h"

namespace metric {
namespace {

template <class Loss>
std::optional<double> mean(std::size_t rows, Loss loss) {
  if (rows == 0) return std::nullopt;
  double sum = 0;
  for (std::size_t i = 0; i < rows; ++i) sum += loss(i);
  return sum / static_cast<double>(rows);
}

// Mean of the rows' losses with its standard error.
template <class Loss>
std::optional<Interval> mean_interval(std::size_t rows, double confidence, Loss loss) {
  if (rows < 2) return std::nullopt;
  const double centre = *mean(rows, loss);
  double squares = 0;
  for (std::size_t i = 0; i < rows; ++i) squares += (loss(i) - centre) * (loss(i) - centre);
  const auto n = static_cast<double>(rows);
  return normal_interval(centre, std::sqrt(squares / (n - 1) / n), confidence);
}

double squared_error(double probability, std::uint8_t label) {
  const double error = probability - label;
  return error * error;
}

double surprise(double probability, std::uint8_t label) {
  constexpr double kLeast = 1e-15;
  const double p = std::clamp(probability, kLeast, 1 - kLeast);
  return label != 0 ? -std::log(p) : -std::log1p(-p);
}

}  // namespace

std::optional<double> auc(std::span<const double> scores, std::span<const std::uint8_t> labels) {
  CHECK(scores.size() == labels.size());
  std::vector<std::pair<double, std::uint8_t>> order(scores.size());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    CHECK(!std::isnan(scores[i]));
    order[i] = {scores[i], labels[i]};
  }
  std::sort(order.begin(), order.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  // Twice the number of pairs that stand in the right order: whole numbers, so that ties are exact.
  std::uint64_t twice_right = 0, positives = 0, negatives = 0;
  for (std::size_t begin = 0; begin < order.size();) {
    std::uint64_t here[2] = {0, 0};
    std::size_t end = begin;
    for (; end < order.size() && order[end].first == order[begin].first; ++end)
      ++here[order[end].second];
    twice_right += here[1] * (2 * negatives + here[0]);
    negatives += here[0];
    positives += here[1];
    begin = end;
  }
  if (positives == 0 || negatives == 0) return std::nullopt;
  return static_cast<double>(twice_right) /
         (2.0 * static_cast<double>(positives) * static_cast<double>(negatives));
}

std::optional<double> brier(std::span<const double> probabilities,
                            std::span<const std::uint8_t> labels) {
  CHECK(probabilities.size() == labels.size());
  return mean(labels.size(),
              [&](std::size_t i) { return squared_error(probabilities[i], labels[i]); });
}

std::optional<double> log_loss(std::span<const double> probabilities,
                               std::span<const std::uint8_t> labels) {
  CHECK(probabilities.size() == labels.size());
  return mean(labels.size(), [&](std::size_t i) { return surprise(probabilities[i], labels[i]); });
}

std::optional<Interval> brier_interval(std::span<const double> probabilities,
                                       std::span<const std::uint8_t> labels, double confidence) {
  CHECK(probabilities.size() == labels.size());
  return mean_interval(labels.size(), confidence,
                       [&](std::size_t i) { return squared_error(probabilities[i], labels[i]); });
}

std::optional<Interval> log_loss_interval(std::span<const double> probabilities,
                                          std::span<const std::uint8_t> labels, double confidence) {
  CHECK(probabilities.size() == labels.size());
  return mean_interval(labels.size(), confidence,
                       [&](std::size_t i) { return surprise(probabilities[i], labels[i]); });
}

std::optional<double> calibration_error(std::span<const double> probabilities,
                                        std::span<const std::uint8_t> labels, int bins) {
  CHECK(probabilities.size() == labels.size() && bins >= 1);
  if (labels.empty()) return std::nullopt;
  const auto count = static_cast<std::size_t>(bins);
  std::vector<double> surplus(count);  // Sum of p − y in the bin.
  for (std::size_t i = 0; i < labels.size(); ++i) {
    CHECK(probabilities[i] >= 0 && probabilities[i] <= 1);
    const auto bin = std::min(static_cast<std::size_t>(probabilities[i] * bins), count - 1);
    surplus[bin] += probabilities[i] - labels[i];
  }
  double sum = 0;
  for (const double s : surplus) sum += std::fabs(s);
  return sum / static_cast<double>(labels.size());
}

std::optional<double> mean_absolute_difference(std::span<const double> probabilities,
                                               std::span<const double> truth) {
  CHECK(probabilities.size() == truth.size());
  return mean(truth.size(), [&](std::size_t i) { return std::fabs(probabilities[i] - truth[i]); });
}

}  // namespace metric
