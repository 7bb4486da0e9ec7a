// SPDX-License-Identifier: Apache-2.0
#include "learn/uplift_figures.h"

#include <algorithm>

#include "metric/uplift.h"

namespace learn {
namespace {

constexpr double kTops[] = {0.1, 0.2, 0.3, 0.5};
constexpr std::size_t kCurvePoints = 100;

void measure_order(const metric::UpliftRows& rows, std::uint64_t seed, Uplift& uplift) {
  if (const auto qini = metric::qini_intervals(rows, {.seed = seed})) {
    uplift.area = qini->area;
    uplift.coefficient = qini->coefficient;
  }
  const std::vector<metric::UpliftPoint> curve = metric::uplift_curve(rows);
  for (const double share : kTops) {
    const auto at = std::ranges::find_if(
        curve, [&](const metric::UpliftPoint& point) { return point.share >= share - 1e-12; });
    if (at != curve.end() && at->uplift) uplift.top.push_back({at->share, *at->uplift});
  }
  const std::size_t step = std::max<std::size_t>(1, curve.size() / kCurvePoints);
  for (std::size_t i = 0; i < curve.size(); ++i) {
    if (i % step == 0 || i + 1 == curve.size())
      uplift.curve.push_back({curve[i].share, curve[i].qini});
  }
}

}  // namespace

base::Result<Uplift> measure_uplift(const profit::IncrementalRows& rows,
                                    std::span<const int> offers, std::span<const double> keys,
                                    std::uint64_t seed) {
  Uplift uplift;
  TRY_ASSIGN(uplift.profit_per_customer, profit::incremental_profit(rows, offers));
  if (!keys.empty()) measure_order({keys, rows.labels, rows.treated}, seed, uplift);
  return uplift;
}

}  // namespace learn
