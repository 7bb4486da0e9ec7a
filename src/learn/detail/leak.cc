// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/leak.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/random.h"
#include "metric/probability.h"

namespace learn::detail {
namespace {

using data::Column;

constexpr std::size_t kMostRows = 50'000;
constexpr double kDrawnRows = 10;

struct Group {
  double score = 0;
  std::int64_t count[2] = {0, 0};  // Negatives, positives.
};

// The AUC of rows in groups of equal score.
double auc_of_groups(std::vector<Group>& groups) {
  std::sort(groups.begin(), groups.end(),
            [](const Group& a, const Group& b) { return a.score < b.score; });
  double right = 0, negatives = 0, positives = 0;
  for (const Group& group : groups) {
    const auto zeros = static_cast<double>(group.count[0]),
               ones = static_cast<double>(group.count[1]);
    right += ones * (negatives + zeros / 2);
    negatives += zeros;
    positives += ones;
  }
  return negatives > 0 && positives > 0 ? right / (negatives * positives) : 0.5;
}

double auc_of_bytes(std::span<const std::uint8_t> bytes, std::span<const std::uint8_t> labels) {
  std::array<std::array<std::int64_t, 2>, 256> counts{};
  for (std::size_t row = 0; row < bytes.size(); ++row) ++counts[bytes[row]][labels[row]];
  std::vector<Group> groups;
  for (std::size_t value = 0; value < counts.size(); ++value) {
    groups.push_back({static_cast<double>(value), {counts[value][0], counts[value][1]}});
  }
  return auc_of_groups(groups);
}

// Each half of the rows, drawn by lot, is judged by what the other half says of its texts: a text
// of one row tells nothing.
double auc_of_text(const Column& column, std::span<const std::uint8_t> labels) {
  const std::size_t texts = column.categories().size() + 1;  // Missing ones first.
  std::vector<Group> groups(2 * texts);
  std::int64_t positives = 0;
  for (std::size_t row = 0; row < labels.size(); ++row) {
    const std::size_t half = base::mix64(row) & 1;
    ++groups[half * texts + static_cast<std::size_t>(column.codes()[row]) + 1].count[labels[row]];
    positives += labels[row];
  }
  const double mean = static_cast<double>(positives) / static_cast<double>(labels.size());
  for (std::size_t text = 0; text < groups.size(); ++text) {
    const Group& other = groups[(text + texts) % groups.size()];
    const auto size = static_cast<double>(other.count[0] + other.count[1]);
    groups[text].score =
        (static_cast<double>(other.count[1]) + kDrawnRows * mean) / (size + kDrawnRows);
  }
  return std::max(auc_of_groups(groups), 0.5);
}

double auc_of_doubles(std::span<const double> doubles, std::span<const std::uint8_t> labels) {
  const std::size_t rows = std::min(doubles.size(), kMostRows);
  std::vector<double> scores(rows);
  std::vector<std::uint8_t> outcomes(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t row = doubles.size() * i / rows;
    scores[i] = std::isnan(doubles[row]) ? -HUGE_VAL : doubles[row];
    outcomes[i] = labels[row];
  }
  return metric::auc(scores, outcomes).value_or(0.5);
}

}  // namespace

std::vector<LoneColumn> rank_lone_columns(std::span<const Column* const> columns,
                                          std::span<const std::uint8_t> labels) {
  std::vector<LoneColumn> result;
  for (const Column* column : columns) {
    const double auc = !column->bytes().empty()     ? auc_of_bytes(column->bytes(), labels)
                       : !column->doubles().empty() ? auc_of_doubles(column->doubles(), labels)
                                                    : auc_of_text(*column, labels);
    result.push_back({column->name(), std::max(auc, 1 - auc)});
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const auto& a, const auto& b) { return a.auc > b.auc; });
  return result;
}

}  // namespace learn::detail
