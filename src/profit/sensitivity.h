// SPDX-License-Identifier: Apache-2.0
// Which model wins under which hypothesis, exactly. In x = 1/(q − 1) every model is a straight
// line,
//
//   RAP(x) = recall − (FP / positives)·x,
//
// so the best model as a function of q (or of the supposed ROI of the old system) is the upper
// envelope of lines: the convex hull of the points (FP, TP), which is the hull of the ROC curve
// (Provost & Fawcett 2001). Neighbours A and B on it change places at q = 1 + ΔFP/ΔTP. The hull is
// found in integers, so that a tie is a tie; only the break-points are rounded, to the nearest
// double. O(n log n) for n models. Pure and thread-safe.
//
// The null models are lines like any other: put metric::always and metric::never among the models.
#pragma once
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "metric/confusion.h"

namespace profit {

// 1 ≤ from ≤ to; to may be infinite (an offer costs nothing).
struct QRange {
  double from = 1;
  double to = std::numeric_limits<double>::infinity();
};

// −1 < from ≤ to, of the old system.
struct RoiRange {
  double from = 0;
  double to = 0;
};

// q = (1 + ROI)/precision at both ends. Refuses a range that reaches below q = 1, where no offer is
// worth showing, and says the lowest ROI that does not.
base::Result<QRange> q_range(const RoiRange& roi, double old_precision);
// ROI = precision·q − 1 at both ends.
RoiRange roi_range(const QRange& q, double old_precision);

// The model of this index has the highest RAP for every q inside.
struct Segment {
  std::size_t model = 0;
  QRange q;
};

struct Sensitivity {
  std::vector<Segment> segments;  // Ascending in q, without gaps; at least one.
  // Of each model the segment that it wins; nothing if none. Models of equal TP and FP win together
  // and the segment names the first of them. A model that only ties, at a break-point, wins none.
  std::vector<std::optional<std::size_t>> won;
};

// Refuses an empty list, negative counts, no positives, and models that were not counted on the
// same test rows (equal positives and equal negatives).
base::Result<Sensitivity> sensitivity(std::span<const metric::Confusion> models,
                                      const QRange& range = {});

// The segment that q lies in: its winner, and the safe range within which q may be wrong without
// another model being better. At a break-point the segment above it. q in the range of `s`.
const Segment& winner_at(const Sensitivity& s, double q);
const Segment& winner_at(const Sensitivity&& s, double q) = delete;

}  // namespace profit
