// SPDX-License-Identifier: Apache-2.0
#include "metric/curve.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/check.h"

namespace metric {

std::vector<CurvePoint> score_curve(std::span<const double> scores,
                                    std::span<const std::uint8_t> labels) {
  CHECK(scores.size() == labels.size());
  std::vector<std::pair<double, std::uint8_t>> rows(labels.size());
  std::int64_t positives = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    CHECK(!std::isnan(scores[i]));
    rows[i] = {scores[i], labels[i]};
    positives += labels[i];
  }
  std::sort(rows.begin(), rows.end(),
            [](const auto& a, const auto& b) { return a.first > b.first; });
  Confusion counts = never(positives, static_cast<std::int64_t>(rows.size()) - positives);
  std::vector<CurvePoint> curve{{std::numeric_limits<double>::infinity(), counts}};
  for (std::size_t i = 0; i < rows.size();) {
    const double score = rows[i].first;
    for (; i < rows.size() && rows[i].first == score; ++i) {
      const bool accepts = rows[i].second != 0;
      ++(accepts ? counts.tp : counts.fp);
      --(accepts ? counts.fn : counts.tn);
    }
    curve.push_back({score, counts});
  }
  return curve;
}

std::vector<CurvePoint> decimated(std::span<const CurvePoint> curve, std::size_t most_points) {
  CHECK(most_points >= 2);
  if (curve.size() <= most_points) return {curve.begin(), curve.end()};
  std::vector<CurvePoint> points;
  const auto last = static_cast<double>(curve.back().counts.offered());
  const auto steps = static_cast<double>(most_points - 1);
  std::size_t next = 0;
  for (std::size_t step = 0; step < most_points && next < curve.size(); ++step) {
    const double offers = last * static_cast<double>(step) / steps;
    while (next + 1 < curve.size() && static_cast<double>(curve[next].counts.offered()) < offers)
      ++next;
    points.push_back(curve[next++]);
  }
  return points;
}

std::optional<double> average_precision(std::span<const double> scores,
                                        std::span<const std::uint8_t> labels) {
  const std::vector<CurvePoint> curve = score_curve(scores, labels);
  if (curve[0].counts.positives() == 0) return std::nullopt;
  double sum = 0;
  for (std::size_t k = 1; k < curve.size(); ++k) {
    const auto gained = static_cast<double>(curve[k].counts.tp - curve[k - 1].counts.tp);
    sum += gained * *precision(curve[k].counts);
  }
  return sum / static_cast<double>(curve[0].counts.positives());
}

std::vector<Gain> cumulative_gains(std::span<const double> scores,
                                   std::span<const std::uint8_t> labels, int parts) {
  CHECK(parts >= 1);
  const std::vector<CurvePoint> curve = score_curve(scores, labels);
  std::vector<Gain> gains;
  const auto positives = static_cast<double>(curve[0].counts.positives());
  if (positives == 0) return gains;
  const auto rows = static_cast<double>(labels.size());
  std::size_t above = 1;
  for (int part = 1; part <= parts; ++part) {
    const double share = static_cast<double>(part) / parts, wanted = share * rows;
    while (above + 1 < curve.size() && static_cast<double>(curve[above].counts.offered()) < wanted)
      ++above;
    const Confusion &low = curve[above - 1].counts, &high = curve[above].counts;
    const double within = (wanted - static_cast<double>(low.offered())) /
                          static_cast<double>(high.offered() - low.offered());
    const double hits =
        static_cast<double>(low.tp) + within * static_cast<double>(high.tp - low.tp);
    gains.push_back({share, hits / positives, hits / positives / share});
  }
  return gains;
}

std::optional<double> balanced_accuracy(const Confusion& c) {
  const auto hit = recall(c), spared = specificity(c);
  if (!hit || !spared) return std::nullopt;
  return (*hit + *spared) / 2;
}

std::optional<double> matthews(const Confusion& c) {
  const auto tp = static_cast<double>(c.tp), fp = static_cast<double>(c.fp);
  const auto tn = static_cast<double>(c.tn), fn = static_cast<double>(c.fn);
  const double scale = std::sqrt((tp + fp) * (tp + fn)) * std::sqrt((tn + fp) * (tn + fn));
  if (scale == 0) return std::nullopt;
  return std::clamp((tp * tn - fp * fn) / scale, -1.0, 1.0);
}

}  // namespace metric
