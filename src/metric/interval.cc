// SPDX-License-Identifier: Apache-2.0
#include "metric/interval.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "base/number.h"
#include "metric/normal.h"

namespace metric {
namespace {

double two_sided_quantile(double confidence) { return -normal_quantile((1 - confidence) / 2); }

}  // namespace

base::Result<void> check_confidence(double confidence) {
  if (confidence > 0 && confidence < 1) return {};
  return base::input_error("the confidence is " + base::format_double(confidence) +
                           ": it lies strictly between 0 and 1 (95 % is 0.95)");
}

Interval normal_interval(double estimate, double standard_error, double confidence) {
  CHECK(confidence > 0 && confidence < 1 && standard_error >= 0);
  const double reach = two_sided_quantile(confidence) * standard_error;
  return {estimate, standard_error, estimate - reach, estimate + reach};
}

std::optional<Interval> wilson(std::int64_t successes, std::int64_t trials, double confidence) {
  CHECK(confidence > 0 && confidence < 1 && successes >= 0 && successes <= trials);
  if (trials == 0) return std::nullopt;
  const double z = two_sided_quantile(confidence), n = static_cast<double>(trials);
  const double p = static_cast<double>(successes) / n, variance = p * (1 - p) / n;
  const double shrink = 1 + z * z / n, centre = p + z * z / (2 * n);
  const double reach = z * std::sqrt(variance + z * z / (4 * n * n));
  // At 0 and at n successes an end is 0 or 1; rounding must not carry it past the estimate.
  return Interval{p, std::sqrt(variance), std::clamp((centre - reach) / shrink, 0.0, p),
                  std::clamp((centre + reach) / shrink, p, 1.0)};
}

}  // namespace metric
