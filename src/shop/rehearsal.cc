// SPDX-License-Identifier: Apache-2.0
#include "shop/rehearsal.h"

#include <cmath>
#include <string>

#include "base/check.h"
#include "experiment/assignment.h"
#include "experiment/moments.h"

namespace shop {
namespace {

using experiment::Arm;

struct ArmRecord {
  std::int64_t target = 0;
  std::int64_t assigned = 0;
  experiment::MoneyMoments revenue;
};

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
  const experiment::Customers target = experiment::arms(rehearsal.plan.customers, ratio);
  ArmRecord base{.target = target.base, .assigned = 0, .revenue = {}};
  ArmRecord candidate{.target = target.candidate, .assigned = 0, .revenue = {}};
  const Population population(rehearsal.seed);
  const Till till(rehearsal.money);
  for (std::int64_t uuid = kFirstLiveUuid;
       base.assigned < base.target || candidate.assigned < candidate.target; ++uuid) {
    const Customer customer = population.customer(uuid);
    const bool base_decision = rehearsal.base(customer);
    const bool candidate_decision = rehearsal.candidate(customer);
    const Arm arm = *assignment.assign(uuid);
    ArmRecord& record = arm == Arm::kBase ? base : candidate;
    ++record.assigned;
    record.revenue.add(
        till.settle(customer, arm == Arm::kBase ? base_decision : candidate_decision).revenue);
  }
  return experiment::judge(rehearsal.plan,
                           {.base = base.revenue.summary(),
                            .candidate = candidate.revenue.summary(),
                            .assigned = {.base = base.assigned, .candidate = candidate.assigned},
                            .alarms = {}});
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
