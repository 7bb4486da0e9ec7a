// SPDX-License-Identifier: Apache-2.0
#include "experiment/verdict.h"

#include <array>

#include "base/number.h"
#include "experiment/detail/least_customers.h"
#include "experiment/distribution.h"

namespace experiment {
namespace {

base::Result<void> refuse_invalid_plan(const PlannedDesign& plan) {
  std::string message;
  for (const Reason& reason : invalid_numbers(plan.design))
    message += (message.empty() ? "" : "; ") + reason.message;
  if (plan.customers < kFewestCustomers || plan.customers > kMostCustomers) {
    message += (message.empty() ? "" : "; ") +
               std::string("customers must be at least 2 in an arm, not ") +
               base::format_count(plan.customers);
  }
  if (message.empty()) return {};
  return base::input_error("the plan cannot be judged: " + message);
}

Alarm sample_ratio_alarm(const Verdict& verdict, const Customers& assigned, double p) {
  return {"sample_ratio_mismatch",
          base::format_count(assigned.base) + " base and " +
              base::format_count(assigned.candidate) +
              " candidate customers where 1 : " + base::format_double(verdict.design.ratio) +
              " was configured (p = " + base::format_double(p) + ")"};
}

VerdictFigures figures_of(const Design& design, const Welch& welch, const Evidence& evidence) {
  const double level = one_sided_alpha(design);
  VerdictFigures figures{
      .welch = welch, .level = level, .lower = welch.lower(level), .upper = welch.upper(level)};
  figures.interval = {figures.lower, figures.upper};
  figures.p_margin = welch.p_greater(design.margin);
  figures.p_effect = welch.p_greater(design.effect_per_customer);
  figures.p_below_effect = welch.p_less(design.effect_per_customer);
  figures.lift = relative_lift(evidence.base, evidence.candidate, 2 * level);
  return figures;
}

VerdictWord word_of(const Design& design, const VerdictFigures& figures) {
  if (figures.lower > design.effect_per_customer) return VerdictWord::kBetterByEffect;
  if (figures.lower > design.margin) return VerdictWord::kBetter;
  if (figures.upper < design.margin) return VerdictWord::kWorse;
  if (figures.upper < design.effect_per_customer) return VerdictWord::kNotBetterByEffect;
  return VerdictWord::kInconclusive;
}

EffectStanding standing_of(const Design& design, const VerdictFigures& figures) {
  if (figures.welch.difference >= design.effect_per_customer) return EffectStanding::kReached;
  if (figures.upper < design.effect_per_customer) return EffectStanding::kExcluded;
  return EffectStanding::kOpen;
}

// At the observed deviations, so many base customers that L ≤ margin and U ≥ effect cannot both be.
std::optional<std::int64_t> customers_to_settle(const Verdict& verdict) {
  if (!(verdict.base.deviation > 0) || !(verdict.candidate.deviation > 0)) return std::nullopt;
  Design observed = verdict.design;
  observed.deviation = verdict.base.deviation;
  observed.candidate_deviation = verdict.candidate.deviation;
  const double span = observed.effect_per_customer - observed.margin;
  const double level = one_sided_alpha(observed);
  const auto settled = [&](std::int64_t n) {
    const DesignError error = design_error(observed, arms(n, observed.ratio));
    return -2 * student_quantile(level, error.dof) * error.standard_error < span;
  };
  const double one = design_error(observed, verdict.planned).standard_error;
  const double shrink = -2 * normal_quantile(level) * one / span;
  return detail::least_customers(static_cast<double>(verdict.planned.base) * shrink * shrink,
                                 settled);
}

}  // namespace

base::Result<Verdict> judge(const PlannedDesign& plan, const Evidence& evidence) {
  TRY(refuse_invalid_plan(plan));
  const Design& design = plan.design;
  Verdict verdict{.design = design,
                  .planned = arms(plan.customers, design.ratio),
                  .collected = {evidence.base.n, evidence.candidate.n},
                  .base = evidence.base,
                  .candidate = evidence.candidate,
                  .alarms = evidence.alarms};
  verdict.planned_power = exact_power(design, verdict.planned);

  const std::array<std::int64_t, 2> assigned{evidence.assigned.base, evidence.assigned.candidate};
  const std::array<double, 2> weights{1, design.ratio};
  verdict.sample_ratio = sample_ratio(assigned, weights);
  verdict.sequential_sample_ratio = sequential_sample_ratio(assigned, weights);
  const bool complete = verdict.collected.base >= verdict.planned.base &&
                        verdict.collected.candidate >= verdict.planned.candidate;
  if (complete && verdict.sample_ratio.alarm) {
    verdict.alarms.push_back(
        sample_ratio_alarm(verdict, evidence.assigned, verdict.sample_ratio.p));
  } else if (!complete && verdict.sequential_sample_ratio.alarm) {
    verdict.alarms.push_back(
        sample_ratio_alarm(verdict, evidence.assigned, verdict.sequential_sample_ratio.p));
  }
  if (!verdict.alarms.empty()) {
    verdict.word = VerdictWord::kNoVerdict;
    return verdict;
  }
  const std::optional<Welch> test = welch(evidence.base, evidence.candidate);
  if (!complete || !test) {
    verdict.word = VerdictWord::kCollecting;
    return verdict;
  }
  verdict.figures = figures_of(design, *test, evidence);
  verdict.word = word_of(design, *verdict.figures);
  if (verdict.word == VerdictWord::kBetter)
    verdict.standing = standing_of(design, *verdict.figures);
  if (verdict.word == VerdictWord::kInconclusive)
    verdict.customers_to_settle = customers_to_settle(verdict);
  return verdict;
}

}  // namespace experiment
