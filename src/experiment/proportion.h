// SPDX-License-Identifier: Apache-2.0
// Shares of customers, such as the share who buy at all: difference of two, its test, interval and
// design.
// Sources: Newcombe, Statistics in Medicine 17 (1998), method 10, for the interval; Fleiss, Levin &
// Paik, Statistical Methods for Rates and Proportions (3rd ed., 2003), chapter 4.
#pragma once
#include <cstdint>

#include "base/result.h"
#include "experiment/welch.h"

namespace experiment {

// k of n customers; 0 ≤ k ≤ n, n ≥ 1.
struct Proportion {
  std::int64_t k = 0;
  std::int64_t n = 1;
};

struct ProportionDifference {
  double difference = 0;  // Candidate − base.
  double z = 0;           // By the pooled share, as the test of no difference asks; 0 if all or
                          // none of the customers count.
  double p_greater = 1;   // One-sided, against no gain.
  double p_two_sided = 1;
  double z_unpooled = 0;  // By each arm's own share; infinite where neither varies but they differ.
  Interval newcombe{};    // Two-sided at 1 − alpha; within [−1, 1], good for few customers too.
};
// An error for counts out of range or alpha outside (0, 1).
base::Result<ProportionDifference> proportion_difference(const Proportion& base,
                                                         const Proportion& candidate,
                                                         double two_sided_alpha);

// Customers in each of two equal arms, real, for a one-sided test of two shares within (0, 1) that
// differ; 0 < alpha < 0.5, alpha < power < 1: by the pooled test, and by the unpooled.
struct ProportionCustomers {
  double pooled = 0;
  double unpooled = 0;
};
base::Result<ProportionCustomers> proportion_customers(double base_share, double candidate_share,
                                                       double one_sided_alpha, double power);

}  // namespace experiment
