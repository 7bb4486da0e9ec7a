// SPDX-License-Identifier: Apache-2.0
#include "experiment/disagreement_design.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/number.h"
#include "experiment/normal_approximation.h"

namespace experiment {
namespace {

base::Result<void> refuse_if_invalid(const DisagreementDesign& plan) {
  if (!(plan.share > 0 && plan.share <= 1)) {
    return base::input_error("the share of disagreement must lie above 0 and up to 1, not " +
                             base::format_double(plan.share));
  }
  if (plan.fewest_disagreeing < kFewestCustomers || plan.fewest_disagreeing > kMostCustomers) {
    return base::input_error("the fewest disagreeing customers must be between 2 and " +
                             base::format_count(kMostCustomers) + ", not " +
                             base::format_count(plan.fewest_disagreeing));
  }
  return {};
}

}  // namespace

Design among_disagreeing(const DisagreementDesign& plan) {
  Design among = plan.design;
  among.effect_per_customer /= plan.share;
  among.margin /= plan.share;
  const double tau = among.effect_per_customer;
  const double r = among.ratio;
  const double extra =
      among.margin == 0 ? 0 : tau * tau * (1 - plan.share) * r / ((1 + r) * (1 + r));
  const auto widened = [extra](double deviation) {
    return extra == 0 ? deviation : std::sqrt(deviation * deviation + extra);
  };
  among.deviation = plan.deviation > 0 ? widened(plan.deviation) : plan.deviation;
  among.candidate_deviation.reset();
  if (plan.candidate_deviation) {
    const double own = *plan.candidate_deviation;
    among.candidate_deviation = own > 0 ? widened(own) : own;
  }
  return among;
}

std::optional<Reason> implausible_effect(const DisagreementDesign& plan) {
  const double effect = plan.design.effect_per_customer / plan.share;
  if (effect <= plan.deviation) return std::nullopt;
  return Reason{.code = "effect_per_disagreeing_implausible",
                .field = "effect",
                .have = plan.design.effect_per_customer,
                .need = plan.share * plan.deviation,
                .message = "the systems differ for " + percent(plan.share) +
                           " of customers, so each of these must bring " +
                           base::format_double(effect) + ", more than one deviation (" +
                           base::format_double(plan.deviation) +
                           ") of what they spend: confirm it or lower the effect"};
}

base::Result<DisagreementCustomers> solve_disagreement(const DisagreementDesign& plan) {
  TRY(refuse_if_invalid(plan));
  TRY_ASSIGN(const std::int64_t ordinary, solve_customers(plan.design));
  const Design among = among_disagreeing(plan);
  TRY_ASSIGN(const std::int64_t powered, solve_customers(among));
  // The smaller arm must reach the floor.
  const double r = plan.design.ratio;
  const double floor_base = static_cast<double>(plan.fewest_disagreeing) / std::min(1.0, r);
  const auto floor = static_cast<std::int64_t>(std::ceil(floor_base * (1 - 1e-14)));
  DisagreementCustomers result;
  result.disagreeing = arms(std::max(powered, floor), r);
  result.floor_binds = powered < floor;
  result.customers = static_cast<std::int64_t>(
      std::ceil(static_cast<double>(result.disagreeing.total()) / plan.share * (1 - 1e-14)));
  result.ordinary = arms(ordinary, r);
  result.ratio_to_ordinary =
      static_cast<double>(result.customers) / static_cast<double>(result.ordinary.total());
  result.effect_per_disagreeing = among.effect_per_customer;
  result.implausible = implausible_effect(plan);
  return result;
}

base::Result<double> disagreement_customers_by_formula(const DisagreementDesign& plan) {
  TRY(refuse_if_invalid(plan));
  const Design among = among_disagreeing(plan);
  const std::vector<Reason> reasons = invalid_numbers(among);
  if (!reasons.empty()) return base::input_error(reasons.front().message);
  return normal_approximation::customers(among) * (1 + among.ratio) / plan.share;
}

DisagreementProgress disagreement_progress(const Customers& planned, const Customers& disagreeing,
                                           std::int64_t customers) {
  DisagreementProgress progress;
  progress.missing = {std::max<std::int64_t>(0, planned.base - disagreeing.base),
                      std::max<std::int64_t>(0, planned.candidate - disagreeing.candidate)};
  progress.complete = progress.missing.total() == 0;
  // The slower arm decides: each customer lands among its disagreeing with the frequency seen.
  double longest = 0;
  for (const auto& [missing, have] :
       {std::pair(progress.missing.base, disagreeing.base),
        std::pair(progress.missing.candidate, disagreeing.candidate)}) {
    if (missing == 0) continue;
    if (have == 0 || customers <= 0) return progress;
    longest = std::max(longest, static_cast<double>(missing) * static_cast<double>(customers) /
                                    static_cast<double>(have));
  }
  progress.customers_to_come = static_cast<std::int64_t>(std::ceil(longest));
  return progress;
}

}  // namespace experiment
