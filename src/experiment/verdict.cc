// SPDX-License-Identifier: Apache-2.0
#include "experiment/verdict.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "base/number.h"
#include "experiment/always_valid.h"
#include "experiment/coherence.h"
#include "experiment/detail/estimate.h"
#include "experiment/detail/least_customers.h"
#include "experiment/distribution.h"

namespace experiment {
namespace {

using detail::Estimate;

base::Result<void> refuse_invalid_plan(const PlannedDesign& plan) {
  std::string message;
  Design design = plan.design;
  if (plan.dry_run && design.deviation == 0) design.deviation = 1;  // It is there to measure it.
  for (const Reason& reason : invalid_numbers(design))
    message += (message.empty() ? "" : "; ") + reason.message;
  if (plan.customers < kFewestCustomers || plan.customers > kMostCustomers) {
    message += (message.empty() ? "" : "; ") +
               std::string("customers must be at least 2 in an arm, not ") +
               base::format_count(plan.customers);
  }
  for (const Reason& reason : invalid_extras(plan))
    message += (message.empty() ? "" : "; ") + reason.message;
  if (message.empty()) return {};
  return base::input_error("the plan cannot be judged: " + message);
}

// Where the plan asks for figures that are not there, or do not fit.
base::Result<void> refuse_wrong_evidence(const PlannedDesign& plan, const Evidence& evidence) {
  if (plan.disagreement && !evidence.rows)
    return base::input_error("the plan compares by disagreement: its customers are not given");
  if (!plan.guardrails.empty() && !evidence.counts)
    return base::input_error("the plan has guardrails: their metrics are not given");
  if (plan.covariate && !plan.dry_run && !evidence.before) {
    return base::input_error(
        "the plan adjusts by what customers spent before the start: that is not given");
  }
  if (evidence.before && (evidence.before->base.n() != evidence.base.n ||
                          evidence.before->candidate.n() != evidence.candidate.n)) {
    return base::input_error(
        "what customers spent before the start is given of " +
        base::format_count(evidence.before->base.n()) + " base and " +
        base::format_count(evidence.before->candidate.n()) + " candidate customers, revenue of " +
        base::format_count(evidence.base.n) + " and " + base::format_count(evidence.candidate.n));
  }
  return {};
}

// "9,000 base and 10,000 candidate customers where 1 : 1 was configured (p = 1e-12)"; with several
// candidates "9,000 base and 10,000 + 9,900 candidate customers where 1 : 1 : 1 …".
Alarm sample_ratio_alarm(const AssignedArms& assigned, double p) {
  std::string counts = base::format_count(assigned.counts[0]) + " base and ";
  std::string weights = "1";
  for (std::size_t arm = 1; arm < assigned.counts.size(); ++arm) {
    counts += (arm == 1 ? "" : " + ") + base::format_count(assigned.counts[arm]);
    weights += " : " + base::format_double(assigned.weights[arm]);
  }
  return {"sample_ratio_mismatch", counts + " candidate customers where " + weights +
                                       " was configured (p = " + base::format_double(p) + ")"};
}

// The arms' means of what was spent before the start are more than chance apart.
void balance_alarm(const Evidence& evidence, Verdict* verdict) {
  const auto apart = evidence.before ? balance(*evidence.before) : std::nullopt;
  if (!apart || apart->p_two_sided(0) >= kSrmAlarm) return;
  verdict->alarms.push_back(
      {"unbalanced_before", "the arms differ by " + signed_amount(apart->difference, {}) +
                                " in what customers spent before the start (p = " +
                                base::format_double(apart->p_two_sided(0)) + ")"});
}

VerdictFigures figures_of(const PlannedDesign& plan, double level, const Estimate& estimate,
                          const Evidence& evidence) {
  const Design& design = plan.design;
  VerdictFigures figures{.method = estimate.method,
                         .why_everybody = estimate.why_everybody,
                         .welch = estimate.welch(),
                         .level = level,
                         .lower = estimate.lower(level),
                         .upper = estimate.upper(level)};
  figures.interval = {figures.lower, figures.upper};
  figures.p_margin = estimate.p_greater(design.margin);
  figures.p_effect = estimate.p_greater(design.effect_per_customer);
  figures.p_below_effect = estimate.p_less(design.effect_per_customer);
  figures.explained = estimate.explained;
  figures.why_not_pooled = estimate.why_not_pooled;
  if (estimate.pooled) {
    figures.pooled = {estimate.disagreement->customers, estimate.disagreement->disagreeing.total()};
  }
  if (estimate.method == Method::kEverybody)
    figures.lift = relative_lift(evidence.base, evidence.candidate, 2 * level);
  if (evidence.counts) {
    figures.secondary =
        secondary_figures(*evidence.counts, evidence.base, evidence.candidate, plan.guardrails,
                          level, estimate.method == Method::kDisagreement);
  }
  return figures;
}

// Of several candidates the looks are those of the plan, whatever each has come to: customers of
// all arms are waited for, and what some have more by then moves the error by less than what
// Šidák's share keeps (experiment.md).
base::Result<Look> look_of_several(const PlannedDesign& plan, int number) {
  struct Known {
    double level = 0;
    int looks = 0;
    std::vector<LookBound> bounds{};
  };
  thread_local Known last;  // Milliseconds, and every candidate asks for the same.
  const double level = comparison_level(plan);
  if (last.level != level || last.looks != plan.looks) {
    // Each side by itself: a candidate that was worse at a look may yet be called better.
    TRY_ASSIGN(
        std::vector<LookBound> bounds,
        spending_bounds(look_shares(plan.looks), level, Spending::kObrienFleming, Sides::kOne));
    last = {level, plan.looks, std::move(bounds)};
  }
  const LookBound& bound = last.bounds[static_cast<std::size_t>(number) - 1];
  return Look{number, bound.information, bound.z, bound.nominal_p};
}

// The look whose customers are in: its bound spends what is due by its information, the last all
// that is left.
base::Result<Look> look_now(const PlannedDesign& plan, const Evidence& evidence,
                            const Enrolled& enrolled) {
  Look look{.number = static_cast<int>(evidence.information.size()) + 1};
  look.level = comparison_level(plan);
  look.z = -normal_quantile(look.level);
  look.information = information(plan, enrolled);
  if (plan.looks == 1) return look;
  if (plan.candidates > 1) return look_of_several(plan, std::min(look.number, plan.looks));
  std::vector<double> information = evidence.information;
  const double before = information.empty() ? 0 : information.back();
  if (look.number >= plan.looks || look.information >= 1) look.number = plan.looks;
  if (look.number == plan.looks) look.information = std::max(look.information, 1.0);
  look.information = std::min(std::max(look.information, before + 1e-4), 10.0);
  information.push_back(look.information);
  TRY_ASSIGN(
      const std::vector<LookBound> bounds,
      spending_bounds(information, plan.design.alpha, Spending::kObrienFleming, plan.design.sides));
  look.z = bounds.back().z;
  look.level = bounds.back().nominal_p;
  return look;
}

// Of a plan's planned end: ρ at which the band is narrowest there.
double rho_at_end(const PlannedDesign& plan, double level) {
  return tuned_rho(2 * level, static_cast<double>(compared_customers(plan).total()));
}

// z-statistic and customers it rests on, as always_valid.h wants them; null the margin's.
struct Standing {
  double difference = 0;
  double error = 0;
  double customers = 0;
  std::int64_t fewest = 0;  // Of these, in an arm.
};
std::optional<Standing> standing_now(const PlannedDesign& plan, const Evidence& evidence) {
  if (plan.disagreement) {
    if (!evidence.rows) return std::nullopt;
    const auto estimate = estimate_by_disagreement(*evidence.rows);
    if (!estimate || !(estimate->standard_error > 0)) return std::nullopt;
    return Standing{estimate->effect, estimate->standard_error,
                    static_cast<double>(estimate->disagreeing.total()),
                    std::min(estimate->disagreeing.base, estimate->disagreeing.candidate)};
  }
  if (plan.covariate && !evidence.before) return std::nullopt;
  const auto now = detail::estimate_of(plan, evidence, "");
  if (!now || !(now->plain.standard_error > 0)) return std::nullopt;
  return Standing{now->plain.difference, now->plain.standard_error,
                  static_cast<double>(evidence.base.n + evidence.candidate.n),
                  std::min(evidence.base.n, evidence.candidate.n)};
}

Enrolled enrolled_of(const Evidence& evidence) {
  Enrolled enrolled{.customers = {evidence.base.n, evidence.candidate.n}};
  if (evidence.rows)
    enrolled.disagreeing = {evidence.rows->disagree.base.n, evidence.rows->disagree.candidate.n};
  return enrolled;
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

// As many times the customers as the interval is too wide, as errors go.
std::optional<std::int64_t> customers_to_settle_pooled(const PlannedDesign& plan,
                                                       const Verdict& verdict) {
  const VerdictFigures& figures = *verdict.figures;
  const double span = plan.design.effect_per_customer - plan.design.margin;
  const double times = (figures.upper - figures.lower) / span;
  const double needed = static_cast<double>(verdict.collected.base) * times * times;
  if (!(needed < static_cast<double>(kMostCustomers))) return std::nullopt;
  return static_cast<std::int64_t>(std::ceil(needed));
}

// At the observed deviations, so many base customers that L ≤ margin and U ≥ effect cannot both be.
std::optional<std::int64_t> customers_to_settle(const PlannedDesign& plan, const Verdict& verdict) {
  if (!(verdict.base.deviation > 0) || !(verdict.candidate.deviation > 0)) return std::nullopt;
  PlannedDesign observed = plan;
  observed.disagreement.reset();
  observed.covariate = verdict.figures->method == Method::kCovariate;
  observed.correlation =
      observed.covariate ? std::min(std::sqrt(verdict.figures->explained), 0.999999) : 0;
  observed.design.deviation = verdict.base.deviation;
  observed.design.candidate_deviation = verdict.candidate.deviation;
  if (verdict.figures->pooled) return customers_to_settle_pooled(plan, verdict);
  if (verdict.figures->method == Method::kDisagreement) {
    const DisagreementRows& rows = *verdict.rows;
    if (!(rows.disagree.base.deviation > 0) || !(rows.disagree.candidate.deviation > 0))
      return std::nullopt;
    observed.disagreement = {
        .share = static_cast<double>(rows.disagree.n()) / static_cast<double>(rows.everybody.n()),
        .deviation = rows.disagree.base.deviation,
        .candidate_deviation = rows.disagree.candidate.deviation};
  }
  const Design among = compared_design(observed);
  const Customers compared = compared_customers(observed);
  const double span = among.effect_per_customer - among.margin;
  const double level = one_sided_alpha(among);
  const auto settled = [&](std::int64_t n) {
    const DesignError error = design_error(among, arms(n, among.ratio));
    return -2 * student_quantile(level, error.dof) * error.standard_error < span;
  };
  const double one = design_error(among, compared).standard_error;
  const double shrink = -2 * normal_quantile(level) * one / span;
  const auto needed =
      detail::least_customers(static_cast<double>(compared.base) * shrink * shrink, settled);
  if (!needed || !observed.disagreement) return needed;
  return static_cast<std::int64_t>(
      std::ceil(static_cast<double>(*needed) / observed.disagreement->share));
}

void sample_ratio_alarms(const Evidence& evidence, bool complete, Verdict* verdict) {
  const AssignedArms assigned = assigned_arms(evidence, verdict->design.ratio);
  verdict->sample_ratio = sample_ratio(assigned.counts, assigned.weights);
  verdict->sequential_sample_ratio = sequential_sample_ratio(assigned.counts, assigned.weights);
  if (complete && verdict->sample_ratio.alarm) {
    verdict->alarms.push_back(sample_ratio_alarm(assigned, verdict->sample_ratio.p));
  } else if (!complete && verdict->sequential_sample_ratio.alarm) {
    verdict->alarms.push_back(sample_ratio_alarm(assigned, verdict->sequential_sample_ratio.p));
  }
}

std::optional<Band> band_at(const PlannedDesign& plan, const Evidence& evidence, double level) {
  const auto now = standing_now(plan, evidence);
  if (!now) return std::nullopt;
  const double half =
      now->error * one_sided_half_width(level, now->customers, rho_at_end(plan, level));
  return Band{now->difference, now->difference - half, now->difference + half};
}

// Ended for harm, of this candidate or another: the bounds are the always-valid ones, and nobody is
// called better, which would make a BETTER likelier than alpha.
void judge_harmed(const PlannedDesign& plan, const Evidence& evidence, const Estimate& estimate,
                  Verdict* verdict) {
  verdict->harmed = true;
  VerdictFigures figures = figures_of(plan, harm_level(plan), estimate, evidence);
  if (const auto band = harm_band(plan, evidence)) {
    figures.lower = band->lower;
    figures.upper = band->upper;
    figures.interval = {figures.lower, figures.upper};
  }
  const bool worse = evidence.harmed || figures.upper < plan.design.margin;
  verdict->word = worse ? VerdictWord::kWorse : VerdictWord::kInconclusive;
  verdict->figures = std::move(figures);
}

}  // namespace

namespace {

Method planned_method(const PlannedDesign& plan) {
  if (plan.disagreement) return Method::kDisagreement;
  return plan.covariate ? Method::kCovariate : Method::kEverybody;
}

// Nothing is compared: what both decided, and what base's customers spent, is the outcome.
Verdict judge_dry_run(const PlannedDesign& plan, const Evidence& evidence, Verdict verdict) {
  verdict.planned = {plan.customers, 0};
  if (!verdict.alarms.empty()) {
    verdict.word = VerdictWord::kNoVerdict;
  } else if (enough(plan, 1, enrolled_of(evidence))) {
    verdict.word = VerdictWord::kDryRunComplete;
  }
  return verdict;
}

}  // namespace

bool is_better(const Verdict& verdict) {
  return verdict.word == VerdictWord::kBetter || verdict.word == VerdictWord::kBetterByEffect;
}

bool taken(const Verdict& verdict) {
  return is_better(verdict) && verdict.figures && all_hold(verdict.figures->secondary);
}

AssignedArms assigned_arms(const Evidence& evidence, double ratio) {
  AssignedArms arms{.counts = evidence.assigned_arms};
  if (arms.counts.empty()) arms.counts = {evidence.assigned.base, evidence.assigned.candidate};
  arms.weights.assign(arms.counts.size(), ratio);
  arms.weights[0] = 1;
  return arms;
}

base::Result<Verdict> judge(const PlannedDesign& plan, const Evidence& evidence) {
  TRY_ASSIGN(Verdict verdict, detail::judge_one(plan, evidence,
                                                {.complete = detail::look_complete(plan, evidence),
                                                 .harmed = evidence.harmed}));
  if (detail::goes_on(plan, std::span(&verdict, 1))) detail::withhold(&verdict);
  return verdict;
}

bool detail::goes_on(const PlannedDesign& plan, std::span<const Verdict> each) {
  bool looked = false, all_worse = plan.design.sides == Sides::kTwo;
  for (const Verdict& one : each) {
    if (one.word == VerdictWord::kNoVerdict || taken(one)) return false;
    looked = looked || (one.look && one.look->number < plan.looks);
    all_worse = all_worse && one.word == VerdictWord::kWorse;
  }
  return looked && !all_worse;
}

void detail::withhold(Verdict* verdict) {
  verdict->word = VerdictWord::kCollecting;
  verdict->standing = EffectStanding::kNone;
  verdict->figures.reset();
  verdict->customers_to_settle.reset();
}

bool detail::look_complete(const PlannedDesign& plan, const Evidence& evidence) {
  // A plan that cannot be judged is refused elsewhere.
  if (!refuse_invalid_plan(plan)) return false;
  return evidence.harmed ||
         enough(plan, static_cast<int>(evidence.information.size()) + 1, enrolled_of(evidence));
}

base::Result<Verdict> detail::judge_one(const PlannedDesign& plan, const Evidence& evidence,
                                        const Together& all) {
  TRY(refuse_invalid_plan(plan));
  TRY(refuse_wrong_evidence(plan, evidence));
  const Design& design = plan.design;
  Verdict verdict{.design = design,
                  .candidates = plan.candidates,
                  .planned = arms(plan.customers, design.ratio),
                  .collected = {evidence.base.n, evidence.candidate.n},
                  .base = evidence.base,
                  .candidate = evidence.candidate,
                  .alarms = evidence.alarms,
                  .method = planned_method(plan),
                  .rows = evidence.rows,
                  .looks = plan.looks};
  if (plan.dry_run) return judge_dry_run(plan, evidence, std::move(verdict));
  TRY_ASSIGN(verdict.planned_power, planned_power(plan));
  sample_ratio_alarms(evidence, all.complete, &verdict);
  if (all.complete) balance_alarm(evidence, &verdict);
  if (!verdict.alarms.empty()) {
    verdict.word = VerdictWord::kNoVerdict;
    return verdict;
  }
  const std::optional<Estimate> estimate =
      all.complete ? estimate_of(plan, evidence, all.other_arms_unfit) : std::nullopt;
  if (!estimate) return verdict;  // Collecting.
  if (all.harmed) {
    judge_harmed(plan, evidence, *estimate, &verdict);
    if (verdict.word == VerdictWord::kInconclusive)
      verdict.customers_to_settle = customers_to_settle(plan, verdict);
    return verdict;
  }
  TRY_ASSIGN(verdict.look, look_now(plan, evidence, enrolled_of(evidence)));
  verdict.figures = figures_of(plan, verdict.look->level, *estimate, evidence);
  verdict.word = word_of(design, *verdict.figures);
  if (verdict.word == VerdictWord::kBetter)
    verdict.standing = standing_of(design, *verdict.figures);
  if (verdict.word == VerdictWord::kInconclusive)
    verdict.customers_to_settle = customers_to_settle(plan, verdict);
  return verdict;
}

std::optional<double> harm_log_e(const PlannedDesign& plan, const Evidence& evidence) {
  const auto now = standing_now(plan, evidence);
  if (!now || now->fewest < kFewestForHarm || !(plan.harm_alpha > 0)) return std::nullopt;
  return log_e_less((now->difference - plan.design.margin) / now->error, now->customers,
                    rho_at_end(plan, harm_level(plan)));
}

bool harm_reached(const PlannedDesign& plan, const Evidence& evidence) {
  const auto log_e = harm_log_e(plan, evidence);
  return log_e && *log_e >= -std::log(harm_level(plan));
}

std::optional<Band> harm_band(const PlannedDesign& plan, const Evidence& evidence) {
  if (!(plan.harm_alpha > 0)) return std::nullopt;
  return band_at(plan, evidence, harm_level(plan));
}

std::optional<Band> always_valid_band(const PlannedDesign& plan, const Evidence& evidence) {
  return band_at(plan, evidence, one_sided_alpha(plan.design) / plan.candidates);
}

}  // namespace experiment
