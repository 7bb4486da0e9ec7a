// SPDX-License-Identifier: Apache-2.0
#include "experiment/aa_calibration.h"

#include <boost/math/special_functions/beta.hpp>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/number.h"
#include "experiment/assignment.h"
#include "experiment/disagreement.h"
#include "experiment/verdict.h"

namespace experiment {
namespace {

constexpr std::int64_t kMostRuns = 10'000'000;

// P(R > k) and P(R ≤ k) for R ~ Bin(n, p).
double binomial_above(std::int64_t k, std::int64_t n, double p) {
  if (k < 0) return 1;
  if (k >= n) return 0;
  return boost::math::ibeta(static_cast<double>(k + 1), static_cast<double>(n - k), p);
}
double binomial_up_to(std::int64_t k, std::int64_t n, double p) {
  if (k < 0) return 0;
  if (k >= n) return 1;
  return boost::math::ibetac(static_cast<double>(k + 1), static_cast<double>(n - k), p);
}

// The smallest k in [0, n] with the property, which stays true once it is, and holds at n.
template <class Holds>
std::int64_t smallest(std::int64_t n, const Holds& holds) {
  std::int64_t low = -1;
  std::int64_t high = n;
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (holds(middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace

base::Result<AcceptedRejections> accepted_rejections(std::int64_t runs, double alpha,
                                                     double level) {
  if (runs < 1 || runs > kMostRuns) {
    return base::input_error("a calibration takes 1 to " + base::format_count(kMostRuns) +
                             " runs, not " + base::format_count(runs));
  }
  for (const auto& [name, value] : {std::pair("alpha", alpha), std::pair("the level", level)}) {
    if (!(value > 0 && value < 1)) {
      return base::input_error(std::string(name) + " must lie strictly between 0 and 1, not " +
                               base::format_double(value));
    }
  }
  AcceptedRejections result;
  result.low =
      smallest(runs, [&](std::int64_t k) { return binomial_up_to(k, runs, alpha) >= level / 2; });
  result.high =
      smallest(runs, [&](std::int64_t k) { return binomial_above(k, runs, alpha) <= level / 2; });
  result.chance_outside =
      binomial_up_to(result.low - 1, runs, alpha) + binomial_above(result.high, runs, alpha);
  return result;
}

Interval clopper_pearson(std::int64_t k, std::int64_t n, double two_sided_alpha) {
  CHECK(n >= 1 && k >= 0 && k <= n && two_sided_alpha > 0 && two_sided_alpha < 1);
  const double tail = two_sided_alpha / 2;
  const auto successes = static_cast<double>(k);
  const auto failures = static_cast<double>(n - k);
  return {k == 0 ? 0 : boost::math::ibeta_inv(successes, failures + 1, tail),
          k == n ? 1 : boost::math::ibetac_inv(successes + 1, failures, tail)};
}

double distance_from_uniform(std::span<const double> p) {
  CHECK(!p.empty());
  std::vector<double> sorted(p.begin(), p.end());
  for (const double each : sorted) CHECK(each >= 0 && each <= 1);
  std::sort(sorted.begin(), sorted.end());
  const auto n = static_cast<double>(sorted.size());
  double distance = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const auto rank = static_cast<double>(i);
    distance = std::max({distance, sorted[i] - rank / n, (rank + 1) / n - sorted[i]});
  }
  return distance;
}

double uniformity_p(double distance, std::int64_t n) {
  CHECK(distance >= 0 && n >= 1);
  const double root = std::sqrt(static_cast<double>(n));
  const double x = (root + 0.12 + 0.11 / root) * distance;
  if (x < 0.2) return 1;  // The limit differs from 1 by less than 1e-10; its series is slow here.
  double sum = 0;
  for (int j = 1; j <= 100; ++j) {
    const double term = 2 * std::exp(-2.0 * j * j * x * x);
    sum += j % 2 == 1 ? term : -term;
    if (term < 1e-17) break;
  }
  return std::clamp(sum, 0.0, 1.0);
}

namespace {

constexpr std::size_t kBins = 20;

// The plan over all that the logs hold, with room for arms that fill unevenly.
PlannedDesign plan_of_logs(std::span<const LoggedCustomer> log, PlannedDesign plan) {
  const auto all = static_cast<double>(log.size());
  plan.design.margin = 0;
  plan.dry_run = false;
  plan.covariate = false;
  plan.correlation = 0;
  const double base_share = 1 / (1 + plan.design.ratio);
  const double room = 5 * std::sqrt(all * base_share * (1 - base_share));
  plan.customers = std::max(
      kFewestCustomers, static_cast<std::int64_t>(std::floor((all * base_share - room) * 0.98)));
  if (!plan.disagreement) return plan;
  MoneyMoments disagreeing;
  for (const LoggedCustomer& customer : log) {
    if (customer.base_offers != customer.candidate_offers) disagreeing.add(customer.revenue);
  }
  // A little less than what there is, so that the logs do not end before the plan.
  plan.disagreement->share = 0.95 * static_cast<double>(disagreeing.n()) / all;
  plan.disagreement->deviation = disagreeing.summary().deviation;
  return plan;
}

// One experiment without a difference; nothing where the logs ended before its plan.
std::optional<Verdict> run_once(std::span<const LoggedCustomer> log, const PlannedDesign& plan,
                                const Assignment& assignment) {
  DisagreementMoments moments;
  Enrolled enrolled;
  std::vector<double> information;
  for (const LoggedCustomer& customer : log) {
    const Arm arm = *assignment.assign(customer.customer);
    const bool differs = customer.base_offers != customer.candidate_offers;
    (arm == Arm::kBase ? enrolled.customers.base : enrolled.customers.candidate) += 1;
    if (differs)
      (arm == Arm::kBase ? enrolled.disagreeing.base : enrolled.disagreeing.candidate) += 1;
    moments.add(arm, customer.base_offers, customer.candidate_offers, customer.revenue);
    if (!enough(plan, static_cast<int>(information.size()) + 1, enrolled)) continue;
    DisagreementRows rows = moments.rows();
    const auto verdict = judge(plan, {.base = rows.everybody.base,
                                      .candidate = rows.everybody.candidate,
                                      .assigned = enrolled.customers,
                                      .rows = std::move(rows),
                                      .information = information});
    if (!verdict) return std::nullopt;
    if (verdict->word != VerdictWord::kCollecting) return *verdict;
    information.push_back(verdict->look->information);
  }
  return std::nullopt;
}

// What of a run counts.
struct Outcome {
  bool judged = false;
  VerdictWord word = VerdictWord::kCollecting;
  bool fell_back = false;
  double p = 1;
};

Outcome outcome_of(const std::optional<Verdict>& verdict) {
  if (!verdict) return {};
  Outcome outcome{.judged = verdict->figures.has_value(), .word = verdict->word};
  if (!verdict->figures) return outcome;
  outcome.fell_back = verdict->figures->method != verdict->method;
  outcome.p = verdict->figures->p_margin;
  return outcome;
}

void sum_up(std::span<const Outcome> outcomes, Calibration* result) {
  std::vector<double> p;
  result->histogram.assign(kBins, 0);
  for (const Outcome& outcome : outcomes) {
    if (!outcome.judged) {
      ++result->no_verdict;
      continue;
    }
    const bool better =
        outcome.word == VerdictWord::kBetter || outcome.word == VerdictWord::kBetterByEffect;
    if (better) ++result->better;
    if (outcome.word == VerdictWord::kWorse) ++result->worse;
    if (outcome.fell_back) ++result->fell_back;
    p.push_back(outcome.p);
    ++result->histogram[std::min(kBins - 1, static_cast<std::size_t>(outcome.p * kBins))];
  }
  if (p.empty()) return;
  result->distance = distance_from_uniform(p);
  result->uniformity_p = uniformity_p(result->distance, static_cast<std::int64_t>(p.size()));
}

}  // namespace

base::Result<Calibration> calibrate(std::span<const LoggedCustomer> log, PlannedDesign plan,
                                    std::int64_t runs, std::uint64_t seed, unsigned threads,
                                    const std::function<void(std::int64_t done)>& progress) {
  if (static_cast<std::int64_t>(log.size()) < kFewestLogged) {
    return base::input_error("a calibration needs " + base::format_count(kFewestLogged) +
                             " logged customers at least, not " +
                             base::format_count(static_cast<std::int64_t>(log.size())));
  }
  Calibration result{.customers = static_cast<std::int64_t>(log.size()), .runs = runs};
  result.plan = plan_of_logs(log, std::move(plan));
  if (result.plan.disagreement && !(result.plan.disagreement->deviation > 0))
    return base::input_error("the logged systems differ for nobody: calibrate with everybody");
  result.level = comparison_level(result.plan);
  TRY(accepted_rejections(runs, result.level));
  TRY(Assignment::make("aa", 1, result.plan.design.ratio));

  std::vector<Outcome> outcomes(static_cast<std::size_t>(runs));
  std::atomic<std::int64_t> next{0};
  std::atomic<std::int64_t> done{0};
  const auto work = [&](bool tells) {
    for (std::int64_t run; (run = next++) < runs;) {
      const auto assignment = Assignment::make(
          "aa-" + std::to_string(seed) + "-" + std::to_string(run), 1, result.plan.design.ratio);
      outcomes[static_cast<std::size_t>(run)] = outcome_of(run_once(log, result.plan, *assignment));
      ++done;
      if (tells && progress) progress(done);
    }
  };
  {
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < threads; ++i) others.emplace_back([&] { work(false); });
    work(true);
  }
  sum_up(outcomes, &result);
  const std::int64_t judged = runs - result.no_verdict;
  if (judged == 0)
    return base::input_error(
        "no run came to a verdict: the logs hold too few customers for the plan");
  TRY_ASSIGN(result.accepted, accepted_rejections(judged, result.level));
  const bool uniform = result.plan.looks > 1 || result.uniformity_p >= kCalibrationLevel;
  result.passed =
      result.better >= result.accepted.low && result.better <= result.accepted.high && uniform;
  return result;
}

}  // namespace experiment
