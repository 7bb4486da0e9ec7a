// SPDX-License-Identifier: Apache-2.0
#include "study/detail/uplift_sample.h"

#include <algorithm>

#include "metric/uplift.h"
#include "profit/incremental.h"

namespace study::detail {
namespace {

constexpr double kTops[] = {0.1, 0.2, 0.3, 0.5};
constexpr std::size_t kCurvePoints = 100;

template <class T, class U>
void append(std::vector<T>& to, const std::vector<U>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

void UpliftSample::add(const Rows& rows, bool treated, const std::vector<double>& keys,
                       const std::vector<std::uint8_t>& offers) {
  const std::size_t count = rows.labels.values.size();
  append(keys_, keys);
  append(offers_, offers);
  append(labels_, rows.labels.values);
  treated_.insert(treated_.end(), count, treated ? 1 : 0);
  if (rows.have_amounts()) {
    append(incomes_, rows.incomes);
    append(costs_, rows.costs);
  } else {
    incomes_.insert(incomes_.end(), count, economics_.income);
    costs_.insert(costs_.end(), count, economics_.cost);
  }
}

base::Result<Uplift> UpliftSample::measure(std::uint64_t seed) const {
  Uplift uplift;
  TRY_ASSIGN(uplift.profit_per_customer,
             profit::incremental_profit({labels_, treated_, incomes_, costs_}, offers_));
  if (!keys_.empty()) measure_order(seed, uplift);
  return uplift;
}

void UpliftSample::measure_order(std::uint64_t seed, Uplift& uplift) const {
  const metric::UpliftRows rows{keys_, labels_, treated_};
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

}  // namespace study::detail
