// SPDX-License-Identifier: Apache-2.0
// What an experiment promises before its first customer, and the four-way solver: of (alpha, power,
// effect, customers) any three give the fourth.
//
// Hypotheses: H0: Δ ≤ margin against Δ > margin, where Δ is candidate minus base in money per
// customer. Exact Student t throughout: with n_B base and n_C candidate customers, se² = σ_B²/n_B +
// σ_C²/n_C, ν = n_B + n_C − 2 (equal deviations) or Welch–Satterthwaite's (unequal), λ = (effect −
// margin)/se, and
//   power = P(T'_{ν,λ} > t_{1−α/s, ν})  (+ P(T'_{ν,λ} < −t_{1−α/s, ν}) with s = 2 sides).
// Sources: Chow, Shao, Wang & Lokhnygina, Sample Size Calculations in Clinical Research (3rd ed.,
// 2017), chapter 3.
//
//   Design design{.effect_per_customer = 0.7, .deviation = 15};
//   TRY_ASSIGN(const std::int64_t base, solve_customers(design));   // 5679
//   const Customers customers = arms(base, design.ratio);           // 5679 + 5679
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "experiment/reason.h"

namespace experiment {

enum class Sides : int {
  kOne = 1,  // alpha is the chance of calling better a candidate that is not.
  kTwo = 2,  // alpha is split: half for calling it better, half for calling it worse.
};

struct Design {
  double alpha =
      0.05;  // Chance of crowning a candidate that is no better than the margin; 0 < alpha < 0.5.
  double power = 0.80;  // Chance of crowning one that is better by the effect; alpha < power < 1.
  double effect_per_customer =
      0;  // The smallest gain worth having, in shop currency per customer; above the margin.
  double margin = 0;     // What must be beaten; negative for "not worse by more than".
  double deviation = 0;  // Standard deviation of one customer's revenue, in shop currency; above 0.
  std::optional<double> candidate_deviation{};  // The candidate arm's, where it differs (then
                                                // Welch's test is planned).
  double ratio = 1;  // Candidate customers for each base customer; 0.001 ≤ ratio ≤ 1000.
  Sides sides = Sides::kOne;

  friend bool operator==(const Design&, const Design&) = default;
};

// Customers in each arm.
struct Customers {
  std::int64_t base = 0;
  std::int64_t candidate = 0;
  [[nodiscard]] std::int64_t total() const { return base + candidate; }
  friend bool operator==(const Customers&, const Customers&) = default;
};

// The fewest and the most base customers that are considered.
inline constexpr std::int64_t kFewestCustomers = 2;
inline constexpr std::int64_t kMostCustomers = 1'000'000'000'000;

// The arms that belong to a number of base customers: the candidate's is ⌈ratio · base⌉, never
// below 2.
Customers arms(std::int64_t base_customers, double ratio);

// The level of each one-sided bound: alpha, or half of it for two sides.
double one_sided_alpha(const Design& design);

// Everything wrong with the numbers themselves, one reason per number (empty: all valid). The
// unknown of a solver is not looked at when named in `except` ("alpha", "power" or "effect").
std::vector<Reason> invalid_numbers(const Design& design, std::string_view except = {});

// The smallest number of base customers whose exact power, with ratio times as many candidate
// customers, reaches the promised one: ⌈solve_customers_real⌉. The candidate's ⌈ratio·n⌉ are then
// at least as many as that (arms()). Refuses a design with invalid numbers, or one that even
// kMostCustomers could not satisfy.
base::Result<std::int64_t> solve_customers(const Design& design);

// The real number of base customers (2 or more) at which exact power equals the promised one, for
// charts.
base::Result<double> solve_customers_real(const Design& design);

// The power at this number of base customers; design.power is not read.
base::Result<double> solve_power(const Design& design, std::int64_t base_customers);

// The smallest effect found with the promised power, always above the margin;
// design.effect_per_customer is not read.
base::Result<double> solve_effect(const Design& design, std::int64_t base_customers);

// The alpha that buys the promised power for the effect; design.alpha is not read. An error where
// it would reach 0.5.
base::Result<double> solve_alpha(const Design& design, std::int64_t base_customers);

// The variance of the difference of means and its degrees of freedom at the design's deviations.
struct DesignError {
  double standard_error = 0;
  double dof = 0;
};
DesignError design_error(const Design& design, const Customers& customers);

// Exact power at given arms, for callers that have validated the design; design.power is not read.
double exact_power(const Design& design, const Customers& customers);

// The ratio with the fewest customers in total for a given precision (Neyman 1934): σ_C/σ_B.
double best_ratio(const Design& design);

}  // namespace experiment
