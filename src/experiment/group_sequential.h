// SPDX-License-Identifier: Apache-2.0
// Group-sequential tests: a few planned looks at which the experiment may end early, with exact
// bounds.
//
// Alpha is spent over the looks as a function of the information t in (0, 1]: t_k = (planned
// standard error/standard error at look k)², which is the share of customers where variances are as
// planned. With B(t) = Z√t a Brownian motion of drift θ, the density of the paths still going is
// carried from look to look,
//   f_k(b) = ∫ f_{k−1}(u)·φ((b − u − θΔ)/√Δ)/√Δ du,  Δ = t_k − t_{k−1},
// by Gauss–Legendre panels; absolute error of a probability below 1e-12.
// Sources: Armitage, McPherson & Rowe, JRSS A 132 (1969); Lan & DeMets, Biometrika 70 (1983);
// Jennison & Turnbull, Group Sequential Methods (2000), chapters 3 and 19. A spent alpha is
// cumulative: using it as the level of each look would be wrong (6.1 % instead of 5 % at 5 looks).
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "experiment/design.h"

namespace experiment {

enum class Spending {
  kObrienFleming,  // 2 − 2Φ(z_{1−α/2}/√t): hardly anything early; the last look stays near the
                   // fixed test. Lan & DeMets 1983.
  kPocock,     // α·ln(1 + (e − 1)t): looks nearly alike.
  kQuadratic,  // α·t²: between them. Kim & DeMets 1987.
};

// Alpha spent up to t, for 0 < alpha < 1; at t ≥ 1 all of it, at t ≤ 0 nothing.
double spent(Spending spending, double alpha, double t);

struct LookBound {
  double information = 0;  // t_k.
  double spent = 0;        // Alpha up to this look: of the side(s) together.
  double z = 0;            // Better if Z_k ≥ z; with two sides worse if Z_k ≤ −z.
  double nominal_p = 0;    // P(Z > z), one side: a p-value of Welch's test is compared with this.
};

// The bounds at the looks. `information` rises by at least 0.0001 from look to look, up to 1; the
// last may be above 1 (to 10: more customers than planned) and is given all that is left; if it is
// below 1, not all of alpha is spent. Up to 100 looks. Two sides: alpha/2 is spent on each,
// symmetric. Refuses other numbers, and looks at which no alpha that a double can tell is spent.
base::Result<std::vector<LookBound>> spending_bounds(std::span<const double> information,
                                                     double alpha, Spending spending,
                                                     Sides sides = Sides::kOne);

// Classic bounds for K equally spaced looks at a two-sided alpha, 1 ≤ K ≤ 100: O'Brien & Fleming
// (1979), C·√(K/k) at look k, and Pocock (1977), C at each.
enum class ClassicShape { kObrienFleming, kPocock };
base::Result<double> classic_constant(int looks, double two_sided_alpha, ClassicShape shape);

// One look's rule for crossing probabilities, on the scale of Z.
struct LookRule {
  double information = 0;
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();
};
struct Crossing {
  double above = 0;  // First crossing at this look: Z ≥ upper,
  double below = 0;  // or Z ≤ lower.
};
// Under Z_k ~ N(drift·√t_k, 1) with the increments of B independent. The information must rise
// by at least 0.0001 and lower ≤ upper; anything else is a bug of the caller.
std::vector<Crossing> crossing_probabilities(std::span<const LookRule> looks, double drift);

struct SequentialDesign {
  std::vector<LookBound> efficacy{};
  // Non-binding futility: at or below it the experiment may stop without a win; ignoring it does
  // not hurt alpha. Empty if none was asked for; at the last look it meets the efficacy bound.
  std::vector<double> futility{};
  double drift = 0;        // E(Z) at t = 1 that has the promised power.
  double fixed_drift = 0;  // The same of the test without looks.
  double inflation = 1;    // (drift/fixed_drift)²: most customers, by those of the fixed test.
  std::int64_t most_base_customers = 0;  // Inflation × the fixed test's exact real n, rounded up.
  // Customers expected until it ends, by those of the fixed test:
  double expected_at_effect = 0;      // if the effect is as designed,
  double expected_at_none = 0;        // and if candidate equals the margin.
  std::vector<Crossing> at_effect{};  // Chances of ending at each look.
  std::vector<Crossing> at_none{};
};

// Looks planned at `information`, rising strictly to exactly 1. With futility 1 − power is spent in
// the same shape. Refuses what solve_customers and spending_bounds refuse, and futility with two
// sides.
base::Result<SequentialDesign> design_sequential(const Design& design,
                                                 std::span<const double> information,
                                                 Spending spending, bool futility = false);

}  // namespace experiment
