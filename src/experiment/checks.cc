// SPDX-License-Identifier: Apache-2.0
#include "experiment/checks.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/number.h"
#include "experiment/skew_gate.h"

namespace experiment {
namespace {

std::string say_p(double p) {
  return p < 1e-4 ? "p below 0.0001" : "p = " + base::format_fixed(p, 4);
}

Check sample_ratio_check(const PlannedDesign& plan, const Evidence& evidence, bool complete) {
  const AssignedArms assigned = assigned_arms(evidence, plan.design.ratio);
  Check check{.code = "sample_ratio", .title = "Customers by arm"};
  if (evidence.assigned.total() == 0) return check;
  const SampleRatio fixed = sample_ratio(assigned.counts, assigned.weights);
  const SequentialSampleRatio live = sequential_sample_ratio(assigned.counts, assigned.weights);
  const bool alarm = complete ? fixed.alarm : live.alarm;
  check.p = complete ? fixed.p : live.p;
  check.lamp = alarm ? Lamp::kAlarm : Lamp::kGood;
  check.message = base::format_count(assigned.counts[0]) + " base";
  std::string weights = "1";
  for (std::size_t arm = 1; arm < assigned.counts.size(); ++arm) {
    check.message += (arm == 1 ? ", " : " + ") + base::format_count(assigned.counts[arm]);
    weights += " : " + base::format_double(assigned.weights[arm]);
  }
  check.message += " candidate; " + weights + " configured (" + say_p(*check.p) +
                   (complete ? ")" : ", valid at any time)");
  return check;
}

// Alarming only where the verdict rests on it; else it says that the arms differ by something other
// than their decisions, such as latency.
Lamp lamp_of(bool alarm, bool rests_on_it) {
  if (!alarm) return Lamp::kGood;
  return rests_on_it ? Lamp::kAlarm : Lamp::kWatch;
}

Check agreement_check(const AgreementHealth& health, const DisagreementRows& rows, bool rests_on_it,
                      const MoneyWords& words) {
  Check check{.code = "agreement", .title = "A/A among those both treat alike"};
  if (!health.agreement || std::min(rows.agree.base.n, rows.agree.candidate.n) < kFewestAgreeing) {
    check.message = "needs " + base::format_count(kFewestAgreeing) + " such customers in each arm";
    return check;
  }
  check.p = health.agreement_p;
  check.lamp = lamp_of(health.agreement_p < kSrmAlarm, rests_on_it);
  check.message = "the arms differ by " + signed_amount(health.agreement->difference, words) +
                  " where both systems decide alike (" + say_p(health.agreement_p) + ")";
  return check;
}

Check disagreement_ratio_check(const AgreementHealth& health, const DisagreementRows& rows,
                               bool rests_on_it) {
  Check check{.code = "disagreement_ratio", .title = "Disagreement by arm"};
  if (rows.everybody.n() < kFewestAgreeing) return check;
  const bool alarm =
      health.shares_p < kSrmAlarm || health.agreeing.alarm || health.disagreeing.alarm;
  check.p = health.shares_p;
  check.lamp = lamp_of(alarm, rests_on_it);
  check.message = "the systems differ for " + percent(health.base_share, 1) +
                  " of base's customers, " + percent(health.candidate_share, 1) +
                  " of the candidate's (" + say_p(health.shares_p) + ")";
  return check;
}

Check skew_check(const PlannedDesign& plan, const Evidence& evidence) {
  Check check{.code = "skew", .title = "Skew of revenue"};
  if (std::min(evidence.base.n, evidence.candidate.n) < kFewestAgreeing) return check;
  const SkewGate gate = skew_gate(evidence.base, evidence.candidate, comparison_level(plan));
  check.lamp = gate.alarm ? Lamp::kWatch : Lamp::kGood;
  check.message = "skew " + base::format_fixed(evidence.base.skew, 1) + " and " +
                  base::format_fixed(evidence.candidate.skew, 1) +
                  "; it moves the level of the test by at most " + percent(gate.error, 2);
  return check;
}

// A fixed test, so before the end, where one looks all the time, it is only worth a look.
Check balance_check(const PairedArms& before, bool complete, const MoneyWords& words) {
  Check check{.code = "balance", .title = "Spent before the start"};
  const auto apart = balance(before);
  if (!apart) {
    check.message = "needs two customers in each arm";
    return check;
  }
  check.p = apart->p_two_sided(0);
  check.lamp = lamp_of(*check.p < kSrmAlarm, complete);
  check.message = "the arms differ by " + signed_amount(apart->difference, words) +
                  " in what customers spent before the start (" + say_p(*check.p) + ")";
  return check;
}

// "2.1 % wider than the formula's, 0.4 % of its width higher".
std::string say_apart(const IntervalAgreement& apart) {
  return percent(std::fabs(apart.width), 1) + (apart.width < 0 ? " narrower" : " wider") +
         " than the formula's, " + percent(std::fabs(apart.position), 1) + " of its width " +
         (apart.position < 0 ? "lower" : "higher");
}

}  // namespace

std::vector<Check> data_checks(const PlannedDesign& plan, const Evidence& evidence, bool complete,
                               const MoneyWords& words) {
  std::vector<Check> checks;
  if (plan.dry_run) return checks;
  checks.push_back(sample_ratio_check(plan, evidence, complete));
  if (evidence.rows) {
    const AgreementHealth health = agreement_health(*evidence.rows, plan.design.ratio, words);
    const bool rests_on_it = plan.disagreement.has_value() && complete;
    checks.push_back(agreement_check(health, *evidence.rows, rests_on_it, words));
    checks.push_back(disagreement_ratio_check(health, *evidence.rows, rests_on_it));
  }
  if (evidence.before) checks.push_back(balance_check(*evidence.before, complete, words));
  checks.push_back(skew_check(plan, evidence));
  return checks;
}

Check bootstrap_check(const PlannedDesign& plan, const DisagreementRows& rows,
                      const Bootstrap& customers) {
  Check check{.code = "bootstrap", .title = "Interval by resampling"};
  const ArmSummaries& compared = plan.disagreement ? rows.disagree : rows.everybody;
  if (std::min(compared.base.n, compared.candidate.n) < kFewestBootstrapped) {
    check.message = "needs " + base::format_count(kFewestBootstrapped) +
                    (plan.disagreement ? " customers in each arm on whom the systems differ"
                                       : " customers in each arm");
    return check;
  }
  const Interval formula =
      plan.disagreement ? estimate_by_disagreement(rows)->interval(2 * kBootstrapLevel)
                        : welch(compared.base, compared.candidate)->interval(2 * kBootstrapLevel);
  const std::optional<Interval> resampled = customers.interval(kBootstrapLevel);
  const double width = formula.high - formula.low;
  if (!resampled || !(width > 0) || !std::isfinite(width)) {
    check.message = "needs revenue that varies";
    return check;
  }
  const IntervalAgreement apart = agreement_of(*resampled, formula);
  check.lamp = apart.good() ? Lamp::kGood : Lamp::kWatch;
  check.message = "resampling the customers gives an interval " + say_apart(apart);
  if (check.lamp == Lamp::kWatch)
    check.message += ": a few customers decide; more of them, or a cap, would help";
  return check;
}

const char* name(Lamp lamp) {
  switch (lamp) {
    case Lamp::kDark:
      return "dark";
    case Lamp::kGood:
      return "good";
    case Lamp::kWatch:
      return "watch";
    case Lamp::kAlarm:
      return "alarm";
  }
  return "";
}

}  // namespace experiment
