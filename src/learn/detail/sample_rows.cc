// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/sample_rows.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/number.h"
#include "base/random.h"

namespace learn::detail {
namespace {

using Rows = std::vector<std::uint32_t>;

// The rows of positive weight of each class, in random order.
std::array<Rows, 2> shuffled(std::span<const std::uint8_t> labels, std::span<const double> weights,
                             std::uint64_t seed) {
  std::array<Rows, 2> rows;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (weights.empty() || weights[i] > 0) rows[labels[i]].push_back(static_cast<std::uint32_t>(i));
  }
  for (std::size_t c : {0U, 1U}) {
    base::Random random(seed, c);
    for (std::size_t i = rows[c].size(); i > 1; --i)
      std::swap(rows[c][i - 1], rows[c][random.below(i)]);
  }
  return rows;
}

// How many of `most` belong to the positive class, which has this share of all.
std::size_t positives_of(std::size_t most, double share, std::size_t least) {
  const auto wanted = static_cast<std::size_t>(std::llround(share * static_cast<double>(most)));
  return std::clamp(wanted, std::min(least, most / 2), most - std::min(least, most / 2));
}

}  // namespace

std::vector<std::uint32_t> sample_rows(std::span<const std::uint8_t> labels,
                                       std::span<const double> weights, std::size_t most,
                                       std::uint64_t seed) {
  std::array<Rows, 2> rows = shuffled(labels, weights, seed);
  const std::size_t all = rows[0].size() + rows[1].size();
  if (all > most) {
    const double share = static_cast<double>(rows[1].size()) / static_cast<double>(all);
    std::size_t positives = std::min(positives_of(most, share, 3), rows[1].size());
    if (most - positives > rows[0].size()) positives = most - rows[0].size();
    rows[1].resize(positives);
    rows[0].resize(most - positives);
  }
  Rows drawn = std::move(rows[0]);
  drawn.insert(drawn.end(), rows[1].begin(), rows[1].end());
  std::sort(drawn.begin(), drawn.end());
  return drawn;
}

std::vector<std::uint32_t> sample_by_weight(std::span<const std::uint8_t> labels,
                                            std::span<const double> weights, std::size_t most,
                                            std::uint64_t seed) {
  const std::array<Rows, 2> rows = shuffled(labels, weights, seed);
  const auto weight_of = [&](std::uint32_t row) { return weights.empty() ? 1 : weights[row]; };
  std::array<double, 2> total = {};
  bool whole = true;
  for (std::size_t c : {0U, 1U}) {
    for (const std::uint32_t row : rows[c]) {
      total[c] += weight_of(row);
      whole = whole && weight_of(row) == std::floor(weight_of(row));
    }
  }
  Rows drawn;
  if (whole && total[0] + total[1] <= static_cast<double>(most)) {
    for (const Rows& of_class : rows) {
      for (const std::uint32_t row : of_class)
        drawn.insert(drawn.end(), static_cast<std::size_t>(weight_of(row)), row);
    }
  } else {
    const std::size_t count =
        std::min(most, std::max<std::size_t>(2, rows[0].size() + rows[1].size()));
    const std::size_t positives = positives_of(count, total[1] / (total[0] + total[1]), 1);
    const std::array<std::size_t, 2> of_class = {count - positives, positives};
    for (std::size_t c : {0U, 1U}) {
      // Systematic sampling: a row of n times the step is drawn n times, give or take one.
      const double step = total[c] / static_cast<double>(of_class[c]);
      double passed = 0, next = step / 2;
      for (const std::uint32_t row : rows[c]) {
        passed += weight_of(row);
        for (; next < passed; next += step) drawn.push_back(row);
      }
    }
  }
  std::sort(drawn.begin(), drawn.end());
  return drawn;
}

std::string sample_note(std::size_t drawn, std::size_t rows) {
  return "learned from " + base::format_count(static_cast<std::int64_t>(drawn)) + " of " +
         base::format_count(static_cast<std::int64_t>(rows)) +
         " rows, drawn from each class in proportion";
}

}  // namespace learn::detail
