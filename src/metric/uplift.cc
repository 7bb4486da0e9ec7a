// SPDX-License-Identifier: Apache-2.0
#include "metric/uplift.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/check.h"

namespace metric {
namespace {

struct Tally {
  std::int64_t rows[2] = {0, 0};    // Control, treated.
  std::int64_t buyers[2] = {0, 0};  // The same.
};

UpliftPoint point(const Tally& t, const Tally& all, double confidence) {
  const auto number = [](std::int64_t n) { return static_cast<double>(n); };
  UpliftPoint p{.share = number(t.rows[0] + t.rows[1]) / number(all.rows[0] + all.rows[1])};
  const double expected =
      t.rows[0] == 0 ? 0 : number(t.buyers[0]) * number(t.rows[1]) / number(t.rows[0]);
  p.qini = (number(t.buyers[1]) - expected) / number(all.rows[1]);
  const auto treated = wilson(t.buyers[1], t.rows[1], confidence);
  const auto control = wilson(t.buyers[0], t.rows[0], confidence);
  if (treated && control) p.uplift = share_difference(*treated, *control);
  return p;
}

}  // namespace

Interval share_difference(const Interval& first, const Interval& second) {
  const double difference = first.estimate - second.estimate;
  return {
      .estimate = difference,
      .standard_error = std::hypot(first.standard_error, second.standard_error),
      .low = difference - std::hypot(first.estimate - first.low, second.high - second.estimate),
      .high = difference + std::hypot(first.high - first.estimate, second.estimate - second.low)};
}

std::vector<UpliftPoint> uplift_curve(const UpliftRows& rows, double confidence) {
  const std::size_t n = rows.scores.size();
  CHECK(rows.outcomes.size() == n && rows.treated.size() == n);
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  Tally all;
  const auto add = [&](Tally& tally, std::size_t row) {
    const std::size_t group = rows.treated[row] != 0 ? 1 : 0;
    ++tally.rows[group];
    tally.buyers[group] += rows.outcomes[row] != 0 ? 1 : 0;
  };
  for (std::size_t i = 0; i < n; ++i) {
    CHECK(!std::isnan(rows.scores[i]));
    add(all, i);
  }
  if (all.rows[0] == 0 || all.rows[1] == 0) return {};
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return rows.scores[a] > rows.scores[b]; });
  Tally so_far;
  std::vector<UpliftPoint> curve{point(so_far, all, confidence)};
  for (std::size_t i = 0; i < n;) {
    const double score = rows.scores[order[i]];
    for (; i < n && rows.scores[order[i]] == score; ++i) add(so_far, order[i]);
    curve.push_back(point(so_far, all, confidence));
  }
  return curve;
}

std::optional<Qini> qini(const UpliftRows& rows) {
  const std::vector<UpliftPoint> curve = uplift_curve(rows);
  if (curve.empty()) return std::nullopt;
  Qini result{.uplift = curve.back().qini};
  for (std::size_t i = 1; i < curve.size(); ++i) {
    const UpliftPoint &a = curve[i - 1], &b = curve[i];
    const double above_chance =
        (a.qini - a.share * result.uplift) + (b.qini - b.share * result.uplift);
    result.area += (b.share - a.share) * above_chance / 2;
  }
  const double u = result.uplift;
  if (u > 0 && u < 1) result.coefficient = result.area / (u * (1 - u) / 2);
  return result;
}

}  // namespace metric
