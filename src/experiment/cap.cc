// SPDX-License-Identifier: Apache-2.0
#include "experiment/cap.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/check.h"
#include "base/number.h"

namespace experiment {
namespace {

// |amount|, but for the one whose negative no integer holds.
base::Cents size_of(base::Cents amount) {
  constexpr std::int64_t kMost = INT64_MAX;
  const std::int64_t x = amount.value();
  return base::Cents(x < -kMost ? kMost : std::max(x, -x));
}

}  // namespace

base::Result<Cap> Cap::make(base::Cents limit) {
  if (limit.value() > 0) return Cap(limit);
  return base::input_error("a cap must be above 0, not " + base::format_cents(limit));
}

base::Result<Cap> Cap::from_history(std::span<const base::Cents> history, double share_capped) {
  if (history.empty()) return base::input_error("a cap from history needs at least one customer");
  if (!(share_capped >= 0 && share_capped < 1)) {
    return base::input_error("the capped share must lie from 0 to below 1, not " +
                             base::format_double(share_capped));
  }
  std::vector<base::Cents> sizes;
  sizes.reserve(history.size());
  for (const base::Cents each : history) sizes.push_back(size_of(each));
  const auto beyond =
      static_cast<std::size_t>(std::floor(share_capped * static_cast<double>(sizes.size())));
  const auto at = sizes.end() - 1 - static_cast<std::ptrdiff_t>(std::min(beyond, sizes.size() - 1));
  std::nth_element(sizes.begin(), at, sizes.end());
  if (at->value() > 0) return Cap(*at);
  return base::input_error("a cap that " + base::format_double(share_capped) +
                           " of the customers exceed would be 0.00: cap a smaller share");
}

base::Cents Cap::apply(base::Cents amount) const {
  return std::clamp(amount, base::Cents(-limit_.value()), limit_);
}

void CappedMoments::add(base::Cents amount) {
  const base::Cents counted = cap_.apply(amount);
  capped_.add(counted);
  uncapped_.add(amount);
  customers_capped_ += counted == amount ? 0 : 1;
}

void CappedMoments::merge(const CappedMoments& other) {
  CHECK(cap_.limit() == other.cap_.limit());
  capped_.merge(other.capped_);
  uncapped_.merge(other.uncapped_);
  customers_capped_ += other.customers_capped_;
}

}  // namespace experiment
