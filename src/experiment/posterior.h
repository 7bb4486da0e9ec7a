// SPDX-License-Identifier: Apache-2.0
// A Bayesian summary of a difference: normal prior, normal likelihood. For the report beside the
// verdict, never instead of it: looked at again and again its probabilities keep no promise of
// alpha. Source: Gelman et al., Bayesian Data Analysis (3rd ed., 2013), section 2.5.
#pragma once
#include <limits>

namespace experiment {

// In money per customer. An infinite deviation is the flat prior.
struct Prior {
  double mean = 0;
  double deviation = std::numeric_limits<double>::infinity();
};

struct Posterior {
  double mean = 0;
  double deviation = 0;
  [[nodiscard]] double chance_above(double value) const;
  // Expected loss per customer of shipping the candidate, E max(−Δ, 0), and of keeping base,
  // E max(Δ, 0).
  [[nodiscard]] double loss_of_shipping() const;
  [[nodiscard]] double loss_of_keeping() const;
};

// standard_error and the prior's deviation are above 0.
Posterior posterior(double difference, double standard_error, const Prior& prior = {});

}  // namespace experiment
