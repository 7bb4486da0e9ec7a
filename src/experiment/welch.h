// SPDX-License-Identifier: Apache-2.0
// Welch's t test of candidate minus base: bounds, intervals and p-values, in the samples' unit.
// Source: Welch, Biometrika 34 (1947); se² = s_B²/n_B + s_C²/n_C, ν = se⁴/Σ((s²/n)²/(n−1)), t = (d
// − null)/se.
#pragma once
#include <optional>

#include "experiment/moments.h"

namespace experiment {

struct Interval {
  double low = 0;
  double high = 0;
};

struct Welch {
  double difference = 0;      // d = mean of the candidate − mean of the base.
  double standard_error = 0;  // se; 0 only if neither sample varies.
  double dof = 0;             // ν; infinity when se is 0.

  [[nodiscard]] double t(double null) const;          // (d − null)/se; ±infinity or 0 at se = 0.
  [[nodiscard]] double p_greater(double null) const;  // One-sided p-value against Δ ≤ null.
  [[nodiscard]] double p_less(double null) const;     // One-sided p-value against Δ ≥ null.
  [[nodiscard]] double p_two_sided(double null) const;
  [[nodiscard]] double lower(double one_sided_alpha) const;  // L: Δ > L with confidence 1 − alpha.
  [[nodiscard]] double upper(double one_sided_alpha) const;  // U.
  [[nodiscard]] Interval interval(double two_sided_alpha) const;
};

// Nothing below two customers in either arm.
std::optional<Welch> welch(const SampleSummary& base, const SampleSummary& candidate);

// The gain relative to the base's mean, d/|mean_B| (so that plus is always a gain).
struct RelativeLift {
  double lift = 0;
  double standard_error = 0;  // By the delta method: var(C)/μ_B² + var(B)·μ_C²/μ_B⁴.
  Interval delta{};           // lift ± z·se.
  std::optional<Interval>
      fieller{};  // Fieller (1954), the one to report; nothing where it is unbounded.
};

// Nothing where the base's mean is not clearly away from zero (|mean| < 3 of its standard errors):
// a ratio to it would be noise. Intervals are two-sided at level 1 − alpha, with normal quantiles.
std::optional<RelativeLift> relative_lift(const SampleSummary& base, const SampleSummary& candidate,
                                          double two_sided_alpha);

}  // namespace experiment
