// SPDX-License-Identifier: Apache-2.0
// Figures that may be looked at after every customer: confidence sequences and e-values. They cost
// width (at the planned end about 1.5 times the fixed interval's), so they serve the live chart and
// the stop for harm; a win is better proven at the planned end (verdict.h) or at planned looks
// (group_sequential.h).
//
// All are mixtures over the effect. With t customers in all, z = (d − null)/se and q = 1 + t·ρ²:
//   two-sided  E = exp(ρ²tz²/2q)/√q            (normal mixture; Robbins 1970)
//   one-sided  E = 2·exp(ρ²tz²/2q)·Φ(ρ√t·z/√q)/√q   (half-normal: effects above the null only)
// Under the null the chance that E ever reaches 1/α is at most α (Ville), in the limit of many
// customers. E-values of independent experiments multiply; of dependent ones the mean is one.
// Sources: Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas, arXiv 2103.06476, theorem 2.2; Johari,
// Koomen, Pekelis & Walsh, Operations Research 70 (2022): mSPRT, which is the two-sided one with
// τ = ρ·se·√t; Wald, Sequential Analysis (1947). Customers count only once their revenue is
// complete.
#pragma once

namespace experiment {

// The ρ under which the two-sided sequence is narrowest, to 0.02 %, after t_planned customers:
// √((−2 ln α + ln(1 − 2 ln α))/t). For a one-sided one ask with 2α. 0 < alpha < 1, t_planned > 0.
double tuned_rho(double alpha, double t_planned);

// Log of the e-values; t > 0, rho > 0, z finite.
double log_e_two_sided(double z, double t, double rho);
double log_e_greater(double z, double t, double rho);  // Against Δ ≤ null.
double log_e_less(double z, double t, double rho);     // Against Δ ≥ null: the stop for harm.

// min(1, 1/E), valid at any time.
double always_valid_p(double log_e);

// Half the width of the interval, and how far the one-sided bound lies from the estimate, in
// standard errors: every null farther away has E ≥ 1/alpha. 0 < alpha < 1.
double two_sided_half_width(double alpha, double t, double rho);
double one_sided_half_width(double alpha, double t, double rho);  // To 1e-14.
// The same from above in closed form, ln(1 + √q/(2α)): a percent too wide.
double one_sided_half_width_bound(double alpha, double t, double rho);

// Wald's test of Δ = margin against Δ = effect: one of the two is accepted, whenever that happens.
struct Sprt {
  double log_ratio = 0;  // Of the likelihoods, effect against margin.
  double upper = 0;      // At or above: better; ln((1 − β)/α).
  double lower = 0;      // At or below: the effect is excluded; ln(β/(1 − α)).
  // Customers in all expected until it ends, by Wald's approximation, at the effect and at the
  // margin. Where it is cut off at a fixed number its power is lower.
  double expected_at_effect = 0;
  double expected_at_margin = 0;
};
// d and its standard error after t customers in all; effect ≠ margin; 0 < alpha, beta and alpha +
// beta < 1.
Sprt sprt(double difference, double standard_error, double t, double margin, double effect,
          double alpha, double beta);

}  // namespace experiment
