// SPDX-License-Identifier: Apache-2.0
// Whether the data can be trusted: did the arms fill in the configured ratio (sample ratio
// mismatch, SRM)?
//
// Weights are relative sizes in the order of the counts (1, ratio), each ≥ 0 with a positive sum;
// counts are ≥ 0.
#pragma once
#include <cstdint>
#include <span>
#include <string>

namespace experiment {

// Alarms are raised below this p-value (Fabijan et al., KDD 2019).
inline constexpr double kSrmAlarm = 0.001;

struct SampleRatio {
  double chi_squared = 0;  // Σ(observed − expected)²/expected.
  int dof = 0;             // Arms − 1.
  double p = 1;        // χ²; two arms with fewer than 1,000 customers together: exact binomial.
  bool alarm = false;  // p < kSrmAlarm.
};

// The fixed test, for one look at the planned end. No customers: p = 1.
SampleRatio sample_ratio(std::span<const std::int64_t> observed, std::span<const double> weights);

struct SequentialSampleRatio {
  double log_e = 0;    // Log of the e-value; evidence against the configured ratio.
  double p = 1;        // min(1, 1/E): valid however often one looks (Ville's inequality).
  bool alarm = false;  // E ≥ 1/kSrmAlarm.
};

// The test for looking all the time (Lindon & Malek, 2020): the multinomial against a
// Dirichlet(c·θ) mixture,
//   log E = logΓ(A) − logΓ(A+N) + Σ[logΓ(a_i+n_i) − logΓ(a_i)] − Σ n_i log θ_i,  a = c·θ, A = Σ
//   a_i.
// A larger concentration c looks for smaller deviations later. An arm of weight 0 must stay empty.
SequentialSampleRatio sequential_sample_ratio(std::span<const std::int64_t> observed,
                                              std::span<const double> weights,
                                              double concentration = 100);

// The imbalance that raises the fixed alarm at this many customers in all, split evenly.
struct ImbalanceLimit {
  double difference = 0;  // |n_1 − n_2|.
  double share = 0;       // Of the larger arm.
};
ImbalanceLimit imbalance_limit(std::int64_t customers, double p = kSrmAlarm);

// One thing that makes the data untrustworthy, for the verdict.
struct Alarm {
  std::string code{};     // "sample_ratio_mismatch", …
  std::string message{};  // For a person, with the figures.
};

}  // namespace experiment
