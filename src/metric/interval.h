// SPDX-License-Identifier: Apache-2.0
// An estimate with what is known of its error. Pure and thread-safe.
#pragma once
#include <cstdint>
#include <optional>

#include "base/result.h"

namespace metric {

// low ≤ estimate ≤ high. The interval holds the truth with the stated confidence (0.95, say) in
// large samples.
struct Interval {
  double estimate = 0;
  double standard_error = 0;
  double low = 0;
  double high = 0;
  friend bool operator==(const Interval&, const Interval&) = default;
};

// Refuses a confidence outside (0, 1).
base::Result<void> check_confidence(double confidence);

// estimate ± z·standard error. Confidence in (0, 1), as in all functions here.
Interval normal_interval(double estimate, double standard_error, double confidence);

// A share of successes by Wilson's score interval (Wilson 1927; Brown, Cai & DasGupta 2001), which
// stays within [0, 1] and is honest for few successes:
// (p̂ + z²/2n ± z √(p̂(1 − p̂)/n + z²/4n²)) / (1 + z²/n). The standard error is √(p̂(1 − p̂)/n).
// Nothing without trials; 0 ≤ successes ≤ trials.
std::optional<Interval> wilson(std::int64_t successes, std::int64_t trials, double confidence);

}  // namespace metric
