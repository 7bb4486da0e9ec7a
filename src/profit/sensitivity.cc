// SPDX-License-Identifier: Apache-2.0
#include "profit/sensitivity.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "base/check.h"
#include "base/number.h"
#include "profit/detail/same_rows.h"
#include "profit/economics.h"

namespace profit {
namespace {

using metric::Confusion;
__extension__ using Wide = __int128;

using Order = std::vector<std::size_t>;

// By FP, then the higher TP, then the earlier model.
Order by_false_alarms(std::span<const Confusion> models) {
  Order order(models.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (models[a].fp != models[b].fp) return models[a].fp < models[b].fp;
    if (models[a].tp != models[b].tp) return models[a].tp > models[b].tp;
    return a < b;
  });
  return order;
}

// Whether b lies strictly above the straight line from a to c.
bool bulges(const Confusion& a, const Confusion& b, const Confusion& c) {
  return Wide{b.tp - a.tp} * Wide{c.fp - b.fp} > Wide{c.tp - b.tp} * Wide{b.fp - a.fp};
}

Order upper_hull(std::span<const Confusion> models, const Order& order) {
  Order hull;
  for (const std::size_t model : order) {
    const Confusion& c = models[model];
    if (!hull.empty() && c.tp <= models[hull.back()].tp) continue;
    while (hull.size() >= 2 && !bulges(models[hull[hull.size() - 2]], models[hull.back()], c))
      hull.pop_back();
    hull.push_back(model);
  }
  return hull;
}

double break_point(const Confusion& cautious, const Confusion& bold) {
  return 1 +
         static_cast<double>(bold.fp - cautious.fp) / static_cast<double>(bold.tp - cautious.tp);
}

std::vector<Segment> segments_of(std::span<const Confusion> models, const Order& hull,
                                 const QRange& range) {
  std::vector<Segment> segments;
  double from = 1;
  for (std::size_t i = 0; i < hull.size(); ++i) {
    const bool last = i + 1 == hull.size();
    const double to = last ? std::numeric_limits<double>::infinity()
                           : break_point(models[hull[i]], models[hull[i + 1]]);
    const QRange inside{std::max(from, range.from), std::min(to, range.to)};
    const bool is_a_point = range.from == range.to && from <= range.from && range.from < to;
    if (inside.from < inside.to || is_a_point) segments.push_back({hull[i], inside});
    from = to;
  }
  if (segments.empty()) segments.push_back({hull.back(), range});  // All of it at q = infinity.
  return segments;
}

}  // namespace

base::Result<QRange> q_range(const RoiRange& roi, double old_precision) {
  TRY_ASSIGN(const double from, q_from_roi(roi.from, old_precision));
  TRY_ASSIGN(const double to, q_from_roi(roi.to, old_precision));
  if (roi.to < roi.from) {
    return base::input_error("the return runs from " + base::format_double(roi.from) + " to " +
                             base::format_double(roi.to) + ": the lower end comes first");
  }
  if (from < 1) {
    return base::input_error(
        "a return of " + base::format_double(roi.from) + " with an old precision of " +
        base::format_double(old_precision) + " gives q = " + base::format_double(from) +
        ", below 1: the return must be at least " + base::format_double(old_precision - 1));
  }
  return QRange{from, to};
}

RoiRange roi_range(const QRange& q, double old_precision) {
  return {roi_from_precision(old_precision, q.from), roi_from_precision(old_precision, q.to)};
}

base::Result<Sensitivity> sensitivity(std::span<const Confusion> models, const QRange& range) {
  TRY(detail::check_same_rows(models));
  if (!(range.from >= 1 && range.from <= range.to) || std::isinf(range.from)) {
    return base::input_error("q runs from " + base::format_double(range.from) + " to " +
                             base::format_double(range.to) +
                             ": it must begin at 1 or above and end no lower");
  }
  const Order order = by_false_alarms(models);
  Sensitivity result{.segments = segments_of(models, upper_hull(models, order), range),
                     .won = std::vector<std::optional<std::size_t>>(models.size())};
  for (std::size_t s = 0; s < result.segments.size(); ++s) {
    const Confusion& winner = models[result.segments[s].model];
    auto same = std::lower_bound(order.begin(), order.end(), result.segments[s].model,
                                 [&](std::size_t a, std::size_t b) {
                                   if (models[a].fp != models[b].fp)
                                     return models[a].fp < models[b].fp;
                                   return models[a].tp > models[b].tp;
                                 });
    for (; same != order.end() && models[*same] == winner; ++same) result.won[*same] = s;
  }
  return result;
}

const Segment& winner_at(const Sensitivity& s, double q) {
  CHECK(!s.segments.empty() && q >= s.segments.front().q.from && q <= s.segments.back().q.to);
  const auto above =
      std::upper_bound(s.segments.begin(), s.segments.end(), q,
                       [](double value, const Segment& segment) { return value < segment.q.from; });
  return *std::prev(above);
}

}  // namespace profit
