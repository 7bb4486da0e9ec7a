// SPDX-License-Identifier: Apache-2.0
#include "experiment/design.h"

#include <boost/math/tools/toms748_solve.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/number.h"
#include "experiment/detail/least_customers.h"
#include "experiment/detail/number_limits.h"
#include "experiment/distribution.h"
#include "experiment/normal_approximation.h"

namespace experiment {
namespace {

constexpr double kLeastRatio = 0.001;
constexpr double kMostRatio = 1000;
constexpr double kLeastDeviation = 1e-100;  // Below it squares underflow; no shop has it.
using detail::kMostMoney;
// Beyond this an effect counts as found for certain; stops a bracket from growing for ever.
constexpr double kFarthestEffectInErrors = 1e9;

DesignError error_at(const Design& design, double base, double candidate) {
  const double base_part = design.deviation * design.deviation / base;
  const double candidate_deviation = design.candidate_deviation.value_or(design.deviation);
  const double candidate_part = candidate_deviation * candidate_deviation / candidate;
  const double variance = base_part + candidate_part;
  if (candidate_deviation == design.deviation) return {std::sqrt(variance), base + candidate - 2};
  // As shares of the variance, whose own square may not fit.
  const double b = base_part / variance;
  const double c = candidate_part / variance;
  return {std::sqrt(variance), 1 / (b * b / (base - 1) + c * c / (candidate - 1))};
}

// Power with a given critical value of t.
double power_beyond(double critical, double dof, double noncentrality, Sides sides) {
  const double near = noncentral_student_sf(critical, dof, noncentrality);
  return sides == Sides::kOne ? near : near + noncentral_student_sf(critical, dof, -noncentrality);
}

double power_at(const Design& design, double base, double candidate) {
  const DesignError error = error_at(design, base, candidate);
  const double critical = -student_quantile(one_sided_alpha(design), error.dof);
  return power_beyond(critical, error.dof,
                      (design.effect_per_customer - design.margin) / error.standard_error,
                      design.sides);
}

double power_of(const Design& design, std::int64_t base_customers) {
  return exact_power(design, arms(base_customers, design.ratio));
}

// With the candidate's customers not rounded: what the planned number of customers is defined by.
double unrounded_power(const Design& design, double base) {
  return power_at(design, base,
                  std::max(static_cast<double>(kFewestCustomers), design.ratio * base));
}

// The root of an increasing f between low (f < 0) and high (f ≥ 0), to the last bits.
template <class F>
double root(const F& f, double low, double high) {
  const double at_low = f(low);
  const double at_high = f(high);
  if (at_low >= 0) return low;
  if (at_high <= 0) return high;
  std::uintmax_t iterations = 200;
  const auto [a, b] = boost::math::tools::toms748_solve(
      f, low, high, at_low, at_high, boost::math::tools::eps_tolerance<double>(51), iterations);
  return a + (b - a) / 2;
}

std::string say(double value) { return base::format_double(value); }

Reason reason(std::string code, std::string field, double have, double need, std::string message) {
  return {std::move(code), std::move(field), have, need, std::move(message)};
}

base::Result<void> refuse_if_invalid(const Design& design, std::string_view except) {
  const std::vector<Reason> reasons = invalid_numbers(design, except);
  if (reasons.empty()) return {};
  std::string message;
  for (const Reason& each : reasons) message += (message.empty() ? "" : "; ") + each.message;
  return base::input_error(message);
}

base::Result<void> refuse_if_uncountable(std::int64_t base_customers) {
  if (base_customers >= kFewestCustomers && base_customers <= kMostCustomers) return {};
  return base::input_error("customers must be between 2 and " + base::format_count(kMostCustomers) +
                           " in an arm, not " + base::format_count(base_customers));
}

base::Error too_many(const Design& design) {
  return base::input_error("an effect of " + say(design.effect_per_customer - design.margin) +
                           " above the margin at a deviation of " + say(design.deviation) +
                           " needs more than " + base::format_count(kMostCustomers) +
                           " customers in an arm: raise the effect, lower the power");
}

}  // namespace

Customers arms(std::int64_t base_customers, double ratio) {
  // A hair below the product, so that 1.1 · 10 gives 11 although the doubles' product is above it.
  const double candidate = std::ceil(ratio * static_cast<double>(base_customers) * (1 - 1e-14));
  return {base_customers, std::max(kFewestCustomers, static_cast<std::int64_t>(candidate))};
}

double one_sided_alpha(const Design& design) {
  return design.sides == Sides::kOne ? design.alpha : design.alpha / 2;
}

std::vector<Reason> invalid_numbers(const Design& design, std::string_view except) {
  std::vector<Reason> reasons;
  const auto finite = [&](const char* field, double value) {
    if (std::fabs(value) > kMostMoney && std::isfinite(value)) {
      reasons.push_back(
          reason("absurd_number", field, value, kMostMoney,
                 std::string(field) + " must be a realistic number, not " + say(value)));
      return false;
    }
    if (std::isfinite(value)) return true;
    reasons.push_back(reason("not_a_number", field, value, 0,
                             std::string(field) + " must be a number, not " + say(value)));
    return false;
  };
  const bool check_alpha = except != "alpha";
  const bool check_power = except != "power";
  const bool check_effect = except != "effect";
  const bool alpha = check_alpha && finite("alpha", design.alpha);
  const bool power = check_power && finite("power", design.power);
  const bool effect = check_effect && finite("effect", design.effect_per_customer);
  const bool margin = finite("margin", design.margin);
  if (alpha && (design.alpha <= 0 || design.alpha >= 0.5)) {
    reasons.push_back(
        reason("alpha_out_of_range", "alpha", design.alpha, design.alpha <= 0 ? 0 : 0.5,
               "alpha must lie strictly between 0 and 0.5, not " + say(design.alpha)));
  }
  if (power && (design.power <= 0 || design.power >= 1)) {
    reasons.push_back(reason("power_out_of_range", "power", design.power, design.power <= 0 ? 0 : 1,
                             "power must lie strictly between 0 and 1, not " + say(design.power)));
  } else if (power && alpha && design.alpha < 0.5 && design.power <= design.alpha) {
    reasons.push_back(
        reason("power_not_above_alpha", "power", design.power, design.alpha,
               "power must be above alpha (" + say(design.alpha) + "), not " + say(design.power)));
  }
  if (effect && margin && design.effect_per_customer <= design.margin) {
    reasons.push_back(reason("effect_not_above_margin", "effect", design.effect_per_customer,
                             design.margin,
                             "effect must be above the margin (" + say(design.margin) + "), not " +
                                 say(design.effect_per_customer)));
  }
  if (finite("deviation", design.deviation) && design.deviation < kLeastDeviation) {
    reasons.push_back(reason("deviation_not_positive", "deviation", design.deviation, 0,
                             "deviation must be above 0, not " + say(design.deviation)));
  }
  if (design.candidate_deviation && finite("candidate_deviation", *design.candidate_deviation) &&
      *design.candidate_deviation < kLeastDeviation) {
    reasons.push_back(reason(
        "candidate_deviation_not_positive", "candidate_deviation", *design.candidate_deviation, 0,
        "the candidate's deviation must be above 0, not " + say(*design.candidate_deviation)));
  }
  if (finite("ratio", design.ratio) && (design.ratio < kLeastRatio || design.ratio > kMostRatio)) {
    reasons.push_back(reason("ratio_out_of_range", "ratio", design.ratio,
                             design.ratio < 1 ? kLeastRatio : kMostRatio,
                             "ratio must lie between 0.001 and 1000, not " + say(design.ratio)));
  }
  return reasons;
}

DesignError design_error(const Design& design, const Customers& customers) {
  return error_at(design, static_cast<double>(customers.base),
                  static_cast<double>(customers.candidate));
}

double exact_power(const Design& design, const Customers& customers) {
  return power_at(design, static_cast<double>(customers.base),
                  static_cast<double>(customers.candidate));
}

base::Result<std::int64_t> solve_customers(const Design& design) {
  TRY(refuse_if_invalid(design, {}));
  const std::optional<std::int64_t> least = detail::least_customers(
      std::ceil(normal_approximation::customers(design)), [&](std::int64_t n) {
        return unrounded_power(design, static_cast<double>(n)) >= design.power;
      });
  if (least) return *least;
  return too_many(design);
}

base::Result<double> solve_customers_real(const Design& design) {
  TRY(refuse_if_invalid(design, {}));
  constexpr auto kLeast = static_cast<double>(kFewestCustomers);
  const auto lack = [&](double n) { return unrounded_power(design, n) - design.power; };
  double high = std::max(2 * kLeast, normal_approximation::customers(design));
  while (lack(high) < 0) {
    high *= 2;
    if (high > 2 * static_cast<double>(kMostCustomers)) return too_many(design);
  }
  return root(lack, kLeast, high);
}

base::Result<double> solve_power(const Design& design, std::int64_t base_customers) {
  TRY(refuse_if_invalid(design, "power"));
  TRY(refuse_if_uncountable(base_customers));
  return power_of(design, base_customers);
}

base::Result<double> solve_effect(const Design& design, std::int64_t base_customers) {
  TRY(refuse_if_invalid(design, "effect"));
  TRY(refuse_if_uncountable(base_customers));
  const DesignError error = design_error(design, arms(base_customers, design.ratio));
  const double critical = -student_quantile(one_sided_alpha(design), error.dof);
  const auto lack = [&](double errors) {
    return power_beyond(critical, error.dof, errors, design.sides) - design.power;
  };
  double high = 4;
  while (lack(high) < 0 && high < kFarthestEffectInErrors) high *= 2;
  if (lack(high) < 0) {
    return base::input_error("no effect reaches a power of " + say(design.power) + " with " +
                             base::format_count(base_customers) +
                             " base customers: raise the customers or alpha");
  }
  return design.margin + root(lack, 0.0, high) * error.standard_error;
}

base::Result<double> solve_alpha(const Design& design, std::int64_t base_customers) {
  TRY(refuse_if_invalid(design, "alpha"));
  TRY(refuse_if_uncountable(base_customers));
  const DesignError error = design_error(design, arms(base_customers, design.ratio));
  const double noncentrality = (design.effect_per_customer - design.margin) / error.standard_error;
  // In terms of the critical value, which needs no quantile: power falls as it grows.
  const auto excess = [&](double critical) {
    return design.power - power_beyond(critical, error.dof, noncentrality, design.sides);
  };
  const double sides = static_cast<double>(static_cast<int>(design.sides));
  const double least = -student_quantile(0.5 / sides, error.dof);
  if (excess(least) >= 0) {
    return base::input_error("no alpha below 0.5 gives a power of " + say(design.power) + " with " +
                             base::format_count(base_customers) +
                             " base customers: raise the customers or the effect");
  }
  double high = std::max(4.0, 2 * noncentrality);
  while (excess(high) < 0) high *= 2;
  return std::max(std::numeric_limits<double>::min(),
                  sides * student_sf(root(excess, least, high), error.dof));
}

double best_ratio(const Design& design) {
  return design.candidate_deviation.value_or(design.deviation) / design.deviation;
}

}  // namespace experiment
