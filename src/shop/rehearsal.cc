// SPDX-License-Identifier: Apache-2.0
#include "shop/rehearsal.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "experiment/assignment.h"
#include "experiment/disagreement.h"

namespace shop {
namespace {

using experiment::Arm;

// The customers so far, as a trial keeps them.
class Record {
 public:
  void add(Arm arm, bool base_decision, bool candidate_decision, base::Cents revenue) {
    (arm == Arm::kBase ? enrolled_.customers.base : enrolled_.customers.candidate) += 1;
    if (base_decision != candidate_decision)
      (arm == Arm::kBase ? enrolled_.disagreeing.base : enrolled_.disagreeing.candidate) += 1;
    moments_.add(arm, base_decision, candidate_decision, revenue);
  }
  [[nodiscard]] const experiment::Enrolled& enrolled() const { return enrolled_; }
  [[nodiscard]] experiment::Evidence evidence(std::vector<double> information) const {
    experiment::DisagreementRows rows = moments_.rows();
    return {.base = rows.everybody.base,
            .candidate = rows.everybody.candidate,
            .assigned = enrolled_.customers,
            .rows = std::move(rows),
            .information = std::move(information)};
  }

 private:
  experiment::Enrolled enrolled_;
  experiment::DisagreementMoments moments_;
};

// How often in an experiment is looked whether it must stop for harm.
constexpr std::int64_t kHarmChecks = 400;

// Cumulative binomial, summed from the logarithms of its terms.
class Binomial {
 public:
  Binomial(std::int64_t n, double p)
      : n_(static_cast<double>(n)), log_p_(std::log(p)), log_q_(std::log1p(-p)) {}
  [[nodiscard]] double mass(std::int64_t count) const {
    const auto k = static_cast<double>(count);
    return std::exp(std::lgamma(n_ + 1) - std::lgamma(k + 1) - std::lgamma(n_ - k + 1) +
                    k * log_p_ + (n_ - k) * log_q_);
  }

 private:
  double n_;
  double log_p_;
  double log_q_;
};

void count(const experiment::Verdict& verdict, Verdicts& v) {
  using experiment::VerdictWord;
  ++v.runs;
  if (!verdict.figures) {
    ++v.no_verdict;
    return;
  }
  v.mean_estimate += verdict.figures->welch.difference;
  v.mean_customers += static_cast<double>(verdict.collected.total());
  if (verdict.harmed) ++v.harmed;
  if (verdict.look && verdict.look->number < verdict.looks) ++v.early;
  if (verdict.figures->method != verdict.method) ++v.fell_back;
  v.mean_deviation += std::sqrt((verdict.base.variance + verdict.candidate.variance) / 2);
  if (verdict.figures->upper < verdict.design.effect_per_customer) ++v.effect_excluded;
  switch (verdict.word) {
    case VerdictWord::kBetterByEffect:
      ++v.proven;
      [[fallthrough]];
    case VerdictWord::kBetter:
      ++v.better;
      return;
    case VerdictWord::kWorse:
      ++v.worse;
      return;
    case VerdictWord::kInconclusive:
      ++v.inconclusive;
      return;
    case VerdictWord::kNotBetterByEffect:
      return;
    case VerdictWord::kNoVerdict:
    case VerdictWord::kCollecting:
    case VerdictWord::kDryRunComplete:
      break;
  }
  ++v.no_verdict;
}

}  // namespace

base::Result<experiment::Verdict> rehearse(const Rehearsal& rehearsal) {
  TRY(validate(rehearsal.money));
  const double ratio = rehearsal.plan.design.ratio;
  TRY_ASSIGN(const experiment::Assignment assignment,
             experiment::Assignment::make("rehearsal-" + std::to_string(rehearsal.seed), 1, ratio));
  const experiment::PlannedDesign& plan = rehearsal.plan;
  const std::int64_t check_every =
      std::max<std::int64_t>(1, experiment::arms(plan.customers, ratio).total() / kHarmChecks);
  const Population population(rehearsal.seed);
  const Till till(rehearsal.money);
  Record record;
  std::vector<double> information;
  for (std::int64_t uuid = kFirstLiveUuid;; ++uuid) {
    const Customer customer = population.customer(uuid);
    const bool base_decision = rehearsal.base(customer);
    const bool candidate_decision = rehearsal.candidate(customer);
    const Arm arm = *assignment.assign(uuid);
    record.add(
        arm, base_decision, candidate_decision,
        till.settle(customer, arm == Arm::kBase ? base_decision : candidate_decision).revenue);
    experiment::Evidence evidence;
    if (plan.harm_alpha > 0 && (uuid - kFirstLiveUuid + 1) % check_every == 0) {
      evidence = record.evidence(information);
      evidence.harmed = experiment::harm_reached(plan, evidence);
      if (evidence.harmed) return experiment::judge(plan, evidence);
    }
    const int look = static_cast<int>(information.size()) + 1;
    if (!experiment::enough(plan, look, record.enrolled())) continue;
    TRY_ASSIGN(experiment::Verdict verdict, experiment::judge(plan, record.evidence(information)));
    if (verdict.word != experiment::VerdictWord::kCollecting) return verdict;
    information.push_back(verdict.look->information);
  }
}

base::Result<Verdicts> rehearse_often(Rehearsal rehearsal, std::int64_t runs) {
  Verdicts verdicts;
  for (std::int64_t run = 0; run < runs; ++run, ++rehearsal.seed) {
    TRY_ASSIGN(const experiment::Verdict verdict, rehearse(rehearsal));
    count(verdict, verdicts);
  }
  const auto judged = static_cast<double>(verdicts.runs - verdicts.no_verdict);
  if (judged > 0) {
    verdicts.mean_estimate /= judged;
    verdicts.mean_customers /= judged;
    verdicts.mean_deviation /= judged;
  }
  return verdicts;
}

CountInterval binomial_interval(std::int64_t runs, double p, double confidence) {
  CHECK(runs > 0 && p >= 0 && p <= 1 && confidence > 0 && confidence < 1);
  if (p == 0) return {0, 0};
  if (p == 1) return {runs, runs};
  const Binomial binomial(runs, p);
  const double tail = (1 - confidence) / 2;
  CountInterval interval{0, runs};
  for (double below = binomial.mass(0); below <= tail; below += binomial.mass(++interval.low)) {
  }
  for (double above = binomial.mass(runs); above <= tail; above += binomial.mass(--interval.high)) {
  }
  return interval;
}

}  // namespace shop
