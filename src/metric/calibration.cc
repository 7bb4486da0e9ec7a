// SPDX-License-Identifier: Apache-2.0
#include "metric/calibration.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace metric {
namespace {

using Row = std::pair<double, std::uint8_t>;

CalibrationBin bin_of(std::span<const Row> rows, double confidence) {
  double sum = 0;
  std::int64_t positives = 0;
  for (const auto& [probability, label] : rows) {
    sum += probability;
    positives += label;
  }
  const auto n = static_cast<std::int64_t>(rows.size());
  return {.from = rows.front().first,
          .to = rows.back().first,
          .mean_probability = sum / static_cast<double>(n),
          .share = *wilson(positives, n, confidence),
          .rows = n};
}

}  // namespace

std::vector<CalibrationBin> calibration_curve(std::span<const double> probabilities,
                                              std::span<const std::uint8_t> labels, Bins kind,
                                              int bins, double confidence) {
  CHECK(probabilities.size() == labels.size() && bins >= 1);
  std::vector<Row> rows(labels.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK(probabilities[i] >= 0 && probabilities[i] <= 1);
    rows[i] = {probabilities[i], labels[i]};
  }
  std::sort(rows.begin(), rows.end());
  const auto count = static_cast<std::size_t>(bins);
  // The bin of a row: by its probability, or by the place of the first row that equals it.
  const auto number = [&](std::size_t row, std::size_t first_equal) {
    return kind == Bins::kEqualCount
               ? first_equal * count / rows.size()
               : std::min(static_cast<std::size_t>(rows[row].first * bins), count - 1);
  };
  std::vector<CalibrationBin> curve;
  std::size_t begin = 0, in_bin = 0, first_equal = 0;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (rows[row].first != rows[first_equal].first) first_equal = row;
    const std::size_t mine = number(row, first_equal);
    if (row > begin && mine != in_bin) {
      curve.push_back(bin_of({rows.data() + begin, row - begin}, confidence));
      begin = row;
    }
    in_bin = mine;
  }
  if (!rows.empty())
    curve.push_back(bin_of({rows.data() + begin, rows.size() - begin}, confidence));
  return curve;
}

}  // namespace metric
