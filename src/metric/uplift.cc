// SPDX-License-Identifier: Apache-2.0
#include "metric/uplift.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/check.h"
#include "base/random.h"
#include "metric/bootstrap.h"

namespace metric {
namespace {

struct Tally {
  std::int64_t rows[2] = {0, 0};    // Control, treated.
  std::int64_t buyers[2] = {0, 0};  // The same.
};

double number(std::int64_t n) { return static_cast<double>(n); }

double share_of(const Tally& t, const Tally& all) {
  return number(t.rows[0] + t.rows[1]) / number(all.rows[0] + all.rows[1]);
}

// UpliftPoint::qini.
double gained(const Tally& t, const Tally& all) {
  const double expected =
      t.rows[0] == 0 ? 0 : number(t.buyers[0]) * number(t.rows[1]) / number(t.rows[0]);
  return (number(t.buyers[1]) - expected) / number(all.rows[1]);
}

UpliftPoint point(const Tally& t, const Tally& all, double confidence) {
  UpliftPoint p{.share = share_of(t, all), .qini = gained(t, all), .uplift = {}};
  const auto treated = wilson(t.buyers[1], t.rows[1], confidence);
  const auto control = wilson(t.buyers[0], t.rows[0], confidence);
  if (treated && control) p.uplift = share_difference(*treated, *control);
  return p;
}

// From the highest score down.
std::vector<std::size_t> rows_by_score(const UpliftRows& rows) {
  const std::size_t n = rows.scores.size();
  CHECK(rows.outcomes.size() == n && rows.treated.size() == n);
  for (const double score : rows.scores) CHECK(!std::isnan(score));
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return rows.scores[a] > rows.scores[b]; });
  return order;
}

// Of the first rows, of more with every score that is another one: from none to all. A row counts
// so many times, once where nothing is said. Empty without treated or without control rows.
std::vector<Tally> tallies_of(const UpliftRows& rows, const std::vector<std::size_t>& order,
                              const std::vector<std::uint32_t>& times) {
  std::vector<Tally> tallies(1);
  Tally so_far;
  for (std::size_t i = 0; i < order.size();) {
    const double score = rows.scores[order[i]];
    for (; i < order.size() && rows.scores[order[i]] == score; ++i) {
      const std::size_t row = order[i], group = rows.treated[row] != 0 ? 1 : 0;
      const std::int64_t count = times.empty() ? 1 : times[row];
      so_far.rows[group] += count;
      so_far.buyers[group] += rows.outcomes[row] != 0 ? count : 0;
    }
    tallies.push_back(so_far);
  }
  if (so_far.rows[0] == 0 || so_far.rows[1] == 0) return {};
  return tallies;
}

std::optional<Qini> qini_of(const std::vector<Tally>& tallies) {
  if (tallies.empty()) return std::nullopt;
  const Tally& all = tallies.back();
  Qini result{.uplift = gained(all, all)};
  for (std::size_t i = 1; i < tallies.size(); ++i) {
    const double from = share_of(tallies[i - 1], all), to = share_of(tallies[i], all);
    const double above_chance = (gained(tallies[i - 1], all) - from * result.uplift) +
                                (gained(tallies[i], all) - to * result.uplift);
    result.area += (to - from) * above_chance / 2;
  }
  const double u = result.uplift;
  if (u > 0 && u < 1) result.coefficient = result.area / (u * (1 - u) / 2);
  return result;
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
  const std::vector<Tally> tallies = tallies_of(rows, rows_by_score(rows), {});
  std::vector<UpliftPoint> curve;
  for (const Tally& tally : tallies) curve.push_back(point(tally, tallies.back(), confidence));
  return curve;
}

std::optional<Qini> qini(const UpliftRows& rows) {
  return qini_of(tallies_of(rows, rows_by_score(rows), {}));
}

std::optional<QiniIntervals> qini_intervals(const UpliftRows& rows, const QiniBootstrap& options) {
  CHECK(options.resamples >= 1);
  const std::vector<std::size_t> order = rows_by_score(rows);
  const std::optional<Qini> estimate = qini_of(tallies_of(rows, order, {}));
  if (!estimate) return std::nullopt;
  std::vector<std::size_t> groups[2];
  for (std::size_t row = 0; row < order.size(); ++row)
    groups[rows.treated[row] != 0 ? 1 : 0].push_back(row);
  base::Random random(options.seed);
  std::vector<double> areas, uplifts, coefficients;
  for (int i = 0; i < options.resamples; ++i) {
    std::vector<std::uint32_t> times(order.size(), 0);
    for (const auto& group : groups) {
      for (std::size_t draw = 0; draw < group.size(); ++draw)
        ++times[group[random.below(group.size())]];
    }
    const Qini again = *qini_of(tallies_of(rows, order, times));
    areas.push_back(again.area);
    uplifts.push_back(again.uplift);
    if (again.coefficient) coefficients.push_back(*again.coefficient);
  }
  QiniIntervals found{
      .area = percentile_interval(estimate->area, std::move(areas), options.confidence),
      .uplift = percentile_interval(estimate->uplift, std::move(uplifts), options.confidence),
      .coefficient = {}};
  if (estimate->coefficient) {
    found.coefficient =
        percentile_interval(*estimate->coefficient, std::move(coefficients), options.confidence);
  }
  return found;
}

}  // namespace metric
