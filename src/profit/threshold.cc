// SPDX-License-Identifier: Apache-2.0
#include "profit/threshold.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/number.h"
#include "metric/curve.h"

namespace profit {
namespace {

using metric::Confusion;
using Probabilities = std::span<const double>;
using Labels = std::span<const std::uint8_t>;

base::Result<void> check(Probabilities probabilities, Labels labels) {
  if (labels.empty()) return base::input_error("there is no row to choose a threshold on");
  if (probabilities.size() != labels.size()) {
    return base::input_error("there are " + std::to_string(probabilities.size()) +
                             " probabilities for " + std::to_string(labels.size()) + " labels");
  }
  for (std::size_t row = 0; row < labels.size(); ++row) {
    if (labels[row] > 1) {
      return base::input_error("the label of row " + std::to_string(row) + " is " +
                               std::to_string(labels[row]) + ": labels are 0 or 1");
    }
    if (!(probabilities[row] >= 0 && probabilities[row] <= 1)) {
      return base::input_error("the probability of row " + std::to_string(row) + " is " +
                               base::format_double(probabilities[row]) +
                               ": it must lie between 0 and 1");
    }
  }
  return {};
}

// Above `below`, and so midway that `above` is offered and `below` is not.
double midway(double below, double above) {
  const double middle = below + (above - below) / 2;
  return middle < above ? middle : below;
}

}  // namespace

base::Result<Cut> cut_at(Probabilities probabilities, Labels labels, double threshold,
                         const Economics& e) {
  TRY(check(probabilities, labels));
  if (std::isnan(threshold)) return base::input_error("the threshold is not a number");
  const Confusion counts = metric::confusion_at(probabilities, labels, threshold);
  return Cut{threshold, counts, profit(counts, e)};
}

base::Result<std::vector<Cut>> profit_curve(Probabilities probabilities, Labels labels,
                                            const Economics& e) {
  TRY(check(probabilities, labels));
  const std::vector<metric::CurvePoint> points = metric::score_curve(probabilities, labels);
  std::vector<Cut> curve;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const metric::Confusion& counts = points[i].counts;
    const bool last = i + 1 == points.size();
    const double threshold = i == 0 ? 1
                             : last ? -1
                                    : midway(points[i + 1].threshold, points[i].threshold);
    curve.push_back({threshold, counts, profit(counts, e)});
  }
  return curve;
}

base::Result<Cut> best_cut(Probabilities probabilities, Labels labels, const Economics& e) {
  return best_cut_within(probabilities, labels, e, static_cast<std::int64_t>(labels.size()));
}

base::Result<Cut> best_cut_within(Probabilities probabilities, Labels labels, const Economics& e,
                                  std::int64_t most_offers) {
  if (most_offers < 0) {
    return base::input_error("at most " + std::to_string(most_offers) +
                             " offers: the limit must be 0 or more");
  }
  TRY_ASSIGN(const std::vector<Cut> curve, profit_curve(probabilities, labels, e));
  const Cut* best = &curve.front();
  for (const Cut& cut : curve)
    if (cut.counts.offered() <= most_offers && cut.profit > best->profit) best = &cut;
  return *best;
}

base::Result<std::int64_t> offers_in_share(double share, std::int64_t rows) {
  CHECK(rows >= 0);
  if (!(share >= 0 && share <= 1)) {
    return base::input_error("a share of " + base::format_double(share) +
                             " of the customers: it must lie between 0 and 1 (10 % is 0.1)");
  }
  const double offers = share * static_cast<double>(rows), whole = std::round(offers);
  const bool is_whole = std::fabs(offers - whole) <= 1e-12 * whole;
  return static_cast<std::int64_t>(is_whole ? whole : std::floor(offers));
}

base::Result<std::int64_t> offers_in_budget(double budget, const Economics& e) {
  if (!(budget >= 0) || std::isinf(budget)) {
    return base::input_error("a budget of " + base::format_double(budget) +
                             ": it must be finite and 0 or more");
  }
  const double offers = budget / e.cost, whole = std::round(offers);
  const bool is_whole = std::fabs(offers - whole) <= 1e-12 * whole;
  constexpr double kMost = 0x1p62;
  return static_cast<std::int64_t>(std::min(kMost, is_whole ? whole : std::floor(offers)));
}

std::vector<Cut> decimated(std::span<const Cut> curve, std::size_t most_points) {
  CHECK(most_points >= 3);
  if (curve.size() <= most_points) return {curve.begin(), curve.end()};
  const auto best = static_cast<std::size_t>(
      std::max_element(curve.begin(), curve.end(),
                       [](const Cut& a, const Cut& b) { return a.profit < b.profit; }) -
      curve.begin());
  const auto last = static_cast<double>(curve.back().counts.offered());
  // One point fewer than asked for on an even grid of offers; the best takes the last place.
  const auto steps = static_cast<double>(most_points - 2);
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i + 1 < most_points; ++i) {
    const double offers = last * static_cast<double>(i) / steps;
    const auto at = std::partition_point(curve.begin(), curve.end(), [&](const Cut& cut) {
      return static_cast<double>(cut.counts.offered()) < offers;
    });
    kept.push_back(std::min(static_cast<std::size_t>(at - curve.begin()), curve.size() - 1));
  }
  kept.push_back(best);
  std::sort(kept.begin(), kept.end());
  kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
  std::vector<Cut> points;
  for (const std::size_t i : kept) points.push_back(curve[i]);
  return points;
}

}  // namespace profit
