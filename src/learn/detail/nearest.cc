// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/nearest.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "learn/detail/nearest_kernel.h"
#include "learn/detail/parallel.h"

namespace learn::detail {
namespace {

using data::Column;

constexpr std::size_t kBlockRows = kNeighbourBlock;
// Rows that are compared with one block while it is in the nearest cache.
constexpr std::size_t kTogether = 16;

bool all_equal(const std::vector<float>& values) {
  return std::all_of(values.begin(), values.end(), [&](float v) { return v == values.front(); });
}

struct Scale {
  double mean = 0;
  double deviation = 0;
};

// Of the numbers in these rows.
Scale scale_of(const Column& column, std::span<const std::uint32_t> rows) {
  double sum = 0, squares = 0;
  std::size_t present = 0;
  for (const std::uint32_t row : rows) {
    const double value = column.number(row);
    if (std::isnan(value)) continue;
    ++present;
    sum += value;
  }
  const double mean = present == 0 ? 0 : sum / static_cast<double>(present);
  for (const std::uint32_t row : rows) {
    const double distance = column.number(row) - mean;
    if (!std::isnan(distance)) squares += distance * distance;
  }
  return {mean, present == 0 ? 0 : std::sqrt(squares / static_cast<double>(present))};
}

// The middle one of the columns that are not constant; 1 without any.
double median_deviation(std::span<const Scale> scales) {
  std::vector<double> deviations;
  for (const Scale& scale : scales) {
    if (scale.deviation > 0 && std::isfinite(scale.deviation))
      deviations.push_back(scale.deviation);
  }
  if (deviations.empty()) return 1;
  const auto middle = deviations.begin() + static_cast<std::ptrdiff_t>(deviations.size() / 2);
  std::nth_element(deviations.begin(), middle, deviations.end());
  return *middle;
}

// A numeric column as differences from its mean in the unit, then its deviation where it is
// missing.
void add_numbers(const Column& column, std::span<const std::uint32_t> rows, const Scale& scale,
                 double unit, std::vector<std::vector<float>>& columns) {
  const auto [mean, deviation] = scale;
  const auto beside = static_cast<float>(deviation > 0 ? std::min(deviation / unit, 1e18) : 1);
  constexpr double kMost = 1e18;  // Its square is a single-precision number, and sums of them.
  std::vector<float> numbers, missing;
  for (const std::uint32_t row : rows) {
    const double value = column.number(row);
    const bool counts = !std::isnan(value) && deviation > 0 && std::isfinite(deviation);
    numbers.push_back(counts ? static_cast<float>(std::clamp((value - mean) / unit, -kMost, kMost))
                             : 0.0F);
    missing.push_back(std::isnan(value) ? beside : 0.0F);
  }
  if (!all_equal(numbers)) columns.push_back(std::move(numbers));
  if (!all_equal(missing)) columns.push_back(std::move(missing));
}

// The k nearest so far, in order.
struct Nearest {
  std::vector<float> distances;
  std::uint32_t* rows;

  void offer(float distance, std::uint32_t row) {
    if (!(distance < distances.back())) return;
    std::size_t at = distances.size() - 1;
    for (; at > 0 && distance < distances[at - 1]; --at) {
      distances[at] = distances[at - 1];
      rows[at] = rows[at - 1];
    }
    distances[at] = distance;
    rows[at] = row;
  }
};

}  // namespace

NeighbourSpace::NeighbourSpace(std::span<const Column* const> columns,
                               std::span<const std::uint32_t> rows, SmoteDistances distances)
    : rows_(rows.size()) {
  CHECK(!rows.empty());
  std::vector<std::vector<float>> all;
  std::vector<const Column*> numeric;
  std::vector<Scale> scales;
  for (const Column* column : columns) {
    if (!column->numeric()) continue;
    numeric.push_back(column);
    scales.push_back(scale_of(*column, rows));
  }
  const double median = median_deviation(scales);
  for (std::size_t c = 0; c < numeric.size(); ++c) {
    const double unit = distances == SmoteDistances::kRaw ? median : scales[c].deviation;
    add_numbers(*numeric[c], rows, scales[c], unit, all);
  }
  numbers_ = all.size();
  for (const Column* column : columns) {
    if (column->numeric()) continue;
    std::vector<float> codes;  // Below 2²⁴ each is a float of its own; a dictionary is far smaller.
    for (const std::uint32_t row : rows) codes.push_back(static_cast<float>(column->codes()[row]));
    if (!all_equal(codes)) all.push_back(std::move(codes));
  }
  texts_ = all.size() - numbers_;
  const std::size_t blocks = (rows_ + kBlockRows - 1) / kBlockRows;
  blocks_.assign(blocks * width() * kBlockRows, 0.0F);
  for (std::size_t c = 0; c < width(); ++c) {
    for (std::size_t r = 0; r < rows_; ++r) {
      blocks_[(r / kBlockRows * width() + c) * kBlockRows + r % kBlockRows] = all[c][r];
    }
  }
}

const float* NeighbourSpace::block(std::size_t number) const {
  return blocks_.data() + number * width() * kBlockRows;
}

std::vector<float> NeighbourSpace::row(std::size_t position) const {
  std::vector<float> values(width());
  for (std::size_t c = 0; c < width(); ++c)
    values[c] = block(position / kBlockRows)[c * kBlockRows + position % kBlockRows];
  return values;
}

void NeighbourSpace::search(std::span<const std::uint32_t> to, std::size_t candidates,
                            std::size_t k, std::uint32_t* out) const {
  std::vector<std::vector<float>> rows;
  std::vector<Nearest> best;
  for (std::size_t i = 0; i < to.size(); ++i) {
    rows.push_back(row(to[i]));
    best.push_back({std::vector<float>(k, std::numeric_limits<float>::infinity()), out + i * k});
  }
  const AddDistances add_up = runnable_distances().back();
  float distances[kBlockRows];
  for (std::size_t first = 0; first < candidates; first += kBlockRows) {
    const std::size_t n = std::min(kBlockRows, candidates - first);
    for (std::size_t i = 0; i < to.size(); ++i) {
      add_up(block(first / kBlockRows), rows[i].data(), numbers_, texts_, distances);
      for (std::size_t r = 0; r < n; ++r) {
        if (first + r != to[i]) best[i].offer(distances[r], static_cast<std::uint32_t>(first + r));
      }
    }
  }
}

std::vector<std::uint32_t> NeighbourSpace::nearest(std::span<const std::uint32_t> to,
                                                   std::size_t candidates, std::size_t k,
                                                   int threads) const {
  CHECK(k > 0 && candidates <= rows_ && k < candidates);
  std::vector<std::uint32_t> found(to.size() * k);
  const std::size_t pieces = (to.size() + kTogether - 1) / kTogether;
  for_each_piece(pieces, threads, [&](std::size_t piece) {
    const std::size_t first = piece * kTogether;
    search(to.subspan(first, std::min(kTogether, to.size() - first)), candidates, k,
           found.data() + first * k);
  });
  return found;
}

}  // namespace learn::detail
