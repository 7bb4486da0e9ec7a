// SPDX-License-Identifier: Apache-2.0
#include "experiment/disagreement.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "base/number.h"
#include "experiment/distribution.h"

namespace experiment {
namespace {

constexpr std::size_t kAgree = 0;
constexpr std::size_t kAdd = 1;
constexpr std::size_t kRemove = 2;

double as_double(std::int64_t n) { return static_cast<double>(n); }

double share_of(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? as_double(part) / as_double(whole) : 0;
}

double pooled_deviation(const ArmSummaries& rows) {
  const double dof = as_double(rows.n() - 2);
  return std::sqrt((as_double(rows.base.n - 1) * rows.base.variance +
                    as_double(rows.candidate.n - 1) * rows.candidate.variance) /
                   dof);
}

// "0.0002", or "below 0.0001".
std::string say_p(double p) {
  return p < 1e-4 ? "p below 0.0001" : "p = " + base::format_fixed(p, 4);
}

std::string counts(const ArmSummaries& rows) {
  return base::format_count(rows.base.n) + " to " + base::format_count(rows.candidate.n);
}

// Two-sided test that both arms hold the same share of disagreement, with the pooled share.
double equal_shares_p(const DisagreementRows& rows) {
  const double base = as_double(rows.everybody.base.n);
  const double candidate = as_double(rows.everybody.candidate.n);
  const double share = share_of(rows.disagree.n(), rows.everybody.n());
  if (base == 0 || candidate == 0 || share <= 0 || share >= 1) return 1;
  const double difference = share_of(rows.disagree.candidate.n, rows.everybody.candidate.n) -
                            share_of(rows.disagree.base.n, rows.everybody.base.n);
  const double error = std::sqrt(share * (1 - share) * (1 / base + 1 / candidate));
  return 2 * normal_sf(std::fabs(difference) / error);
}

SampleRatio ratio_of(const ArmSummaries& rows, double ratio) {
  return sample_ratio(std::array{rows.base.n, rows.candidate.n}, std::array{1.0, ratio});
}

void raise_alarms(const DisagreementRows& rows, const MoneyWords& words, AgreementHealth* health) {
  const auto raise = [&](const char* code, std::string message) {
    health->alarms.push_back({code, std::move(message)});
  };
  if (health->agreement_p < kSrmAlarm) {
    raise("agreement_effect", "among customers on whom both systems agree the arms differ by " +
                                  signed_amount(health->agreement->difference, words) + " (" +
                                  say_p(health->agreement_p) +
                                  "), so assignment acts by more than the decision");
  }
  if (health->agreeing.alarm) {
    raise("agreement_sample_ratio", "among customers on whom both systems agree the arms stand " +
                                        counts(rows.agree) + " (" + say_p(health->agreeing.p) +
                                        "), not as configured");
  }
  if (health->disagreeing.alarm) {
    raise("disagreement_sample_ratio",
          "among customers on whom the systems differ the arms stand " + counts(rows.disagree) +
              " (" + say_p(health->disagreeing.p) + "), not as configured");
  }
  if (health->shares_p < kSrmAlarm) {
    raise("disagreement_depends_on_arm",
          "the systems differ for " + percent(health->base_share, 1) +
              " of customers in the base arm and for " + percent(health->candidate_share, 1) +
              " in the candidate's (" + say_p(health->shares_p) +
              "), so a decision depends on the assignment");
  }
}

std::string why_not_trusted(const DisagreementAnalysis& analysis, const DisagreementRows& rows,
                            std::int64_t fewest) {
  if (!analysis.health.alarms.empty()) return analysis.health.alarms.front().message;
  if (!analysis.estimate || std::min(rows.disagree.base.n, rows.disagree.candidate.n) < fewest) {
    return "the systems differ for " + base::format_count(rows.disagree.base.n) +
           " customers of the base arm and " + base::format_count(rows.disagree.candidate.n) +
           " of the candidate's; the estimate by disagreement needs " +
           base::format_count(std::max<std::int64_t>(fewest, 2)) + " in each";
  }
  return {};
}

std::string say_kind(const StratumEffect& kind, const char* verb, const char* object,
                     const MoneyWords& words) {
  if (!kind.effect) return std::string("never ") + verb + " " + object;
  return std::string(verb) + " " + object + " for " + percent(kind.share, 1) + ": " +
         signed_amount(kind.effect->difference, words) + " each";
}

}  // namespace

MoneyMoments& DisagreementMoments::of(Arm assigned, bool base_offers, bool candidate_offers) {
  const std::size_t kind = base_offers == candidate_offers ? kAgree
                           : candidate_offers              ? kAdd
                                                           : kRemove;
  return moments_.at(kind).at(static_cast<std::size_t>(assigned));
}

void DisagreementMoments::add(Arm assigned, bool base_offers, bool candidate_offers,
                              base::Cents revenue) {
  of(assigned, base_offers, candidate_offers).add(revenue);
}

void DisagreementMoments::remove(Arm assigned, bool base_offers, bool candidate_offers,
                                 base::Cents revenue) {
  of(assigned, base_offers, candidate_offers).remove(revenue);
}

Customers DisagreementMoments::disagreeing() const {
  return {moments_[kAdd][0].n() + moments_[kRemove][0].n(),
          moments_[kAdd][1].n() + moments_[kRemove][1].n()};
}

Customers DisagreementMoments::customers() const {
  const Customers among = disagreeing();
  return {among.base + moments_[kAgree][0].n(), among.candidate + moments_[kAgree][1].n()};
}

void DisagreementMoments::merge(const DisagreementMoments& other) {
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    for (std::size_t arm = 0; arm < 2; ++arm) moments_[kind][arm].merge(other.moments_[kind][arm]);
  }
}

DisagreementRows DisagreementMoments::rows() const {
  const auto summaries = [](const std::array<MoneyMoments, 2>& arms) {
    return ArmSummaries{arms[0].summary(), arms[1].summary()};
  };
  std::array<MoneyMoments, 2> disagree = moments_[kAdd];
  std::array<MoneyMoments, 2> everybody = moments_[kAgree];
  for (std::size_t arm = 0; arm < 2; ++arm) {
    disagree.at(arm).merge(moments_[kRemove].at(arm));
    everybody.at(arm).merge(disagree.at(arm));
  }
  return {.agree = summaries(moments_[kAgree]),
          .add = summaries(moments_[kAdd]),
          .remove = summaries(moments_[kRemove]),
          .disagree = summaries(disagree),
          .everybody = summaries(everybody)};
}

double DisagreementEstimate::share_noise() const {
  return (1 - share) / (share * as_double(customers));
}

double DisagreementEstimate::t(double null) const {
  const double error = std::sqrt(within + null * null * share_noise());
  const double distance = effect - null;
  if (error > 0) return distance / error;
  return distance == 0 ? 0 : std::copysign(std::numeric_limits<double>::infinity(), distance);
}

double DisagreementEstimate::p_greater(double null) const { return student_sf(t(null), among.dof); }

double DisagreementEstimate::p_less(double null) const { return student_cdf(t(null), among.dof); }

double DisagreementEstimate::p_two_sided(double null) const {
  return 2 * student_sf(std::fabs(t(null)), among.dof);
}

// The root m of (Δ̂ − m)² = t²(within + m²·noise) on the side of t's sign.
double DisagreementEstimate::bound(double t) const {
  const double noise = share_noise();
  const double rest = 1 - t * t * noise;
  if (rest <= 0) return std::copysign(std::numeric_limits<double>::infinity(), t);
  return (effect + t * std::sqrt(within * rest + effect * effect * noise)) / rest;
}

double DisagreementEstimate::lower(double one_sided_alpha) const {
  CHECK(one_sided_alpha > 0 && one_sided_alpha < 0.5);
  return bound(student_quantile(one_sided_alpha, among.dof));
}

double DisagreementEstimate::upper(double one_sided_alpha) const {
  CHECK(one_sided_alpha > 0 && one_sided_alpha < 0.5);
  return bound(-student_quantile(one_sided_alpha, among.dof));
}

Interval DisagreementEstimate::interval(double two_sided_alpha) const {
  return {lower(two_sided_alpha / 2), upper(two_sided_alpha / 2)};
}

std::optional<DisagreementEstimate> estimate_by_disagreement(const DisagreementRows& rows) {
  const std::optional<PostStratified> strata =
      post_stratified(std::array{rows.disagree}, rows.everybody.n());
  if (!strata || !strata->strata[0].effect) return std::nullopt;
  return DisagreementEstimate{.customers = rows.everybody.n(),
                              .disagreeing = {rows.disagree.base.n, rows.disagree.candidate.n},
                              .share = strata->strata[0].share,
                              .among = *strata->strata[0].effect,
                              .deviation = pooled_deviation(rows.disagree),
                              .effect = strata->total.difference,
                              .within = strata->within,
                              .between = strata->between,
                              .standard_error = strata->total.standard_error};
}

std::optional<PostStratified> estimate_by_kind(const DisagreementRows& rows) {
  if (rows.disagree.n() == 0) return std::nullopt;
  return post_stratified(std::array{rows.add, rows.remove}, rows.everybody.n());
}

AgreementHealth agreement_health(const DisagreementRows& rows, double ratio,
                                 const MoneyWords& words) {
  AgreementHealth health;
  health.agreement = welch(rows.agree.base, rows.agree.candidate);
  if (health.agreement) health.agreement_p = health.agreement->p_two_sided(0);
  health.agreeing = ratio_of(rows.agree, ratio);
  health.disagreeing = ratio_of(rows.disagree, ratio);
  health.base_share = share_of(rows.disagree.base.n, rows.everybody.base.n);
  health.candidate_share = share_of(rows.disagree.candidate.n, rows.everybody.candidate.n);
  health.shares_p = equal_shares_p(rows);
  raise_alarms(rows, words, &health);
  return health;
}

double DisagreementAnalysis::effect() const {
  return by_disagreement ? estimate->effect : intention_to_treat.difference;
}

double DisagreementAnalysis::lower(double one_sided_alpha) const {
  return by_disagreement ? estimate->lower(one_sided_alpha)
                         : intention_to_treat.lower(one_sided_alpha);
}

double DisagreementAnalysis::upper(double one_sided_alpha) const {
  return by_disagreement ? estimate->upper(one_sided_alpha)
                         : intention_to_treat.upper(one_sided_alpha);
}

double DisagreementAnalysis::p_greater(double null) const {
  return by_disagreement ? estimate->p_greater(null) : intention_to_treat.p_greater(null);
}

base::Result<DisagreementAnalysis> analyse_disagreement(const DisagreementRows& rows, double ratio,
                                                        std::int64_t fewest_disagreeing,
                                                        const MoneyWords& words) {
  if (!(ratio > 0 && std::isfinite(ratio))) {
    return base::input_error("ratio must be above 0, not " + base::format_double(ratio));
  }
  const std::optional<Welch> everybody = welch(rows.everybody.base, rows.everybody.candidate);
  if (!everybody) {
    return base::input_error("an analysis needs two customers in each arm, not " +
                             base::format_count(rows.everybody.base.n) + " and " +
                             base::format_count(rows.everybody.candidate.n));
  }
  DisagreementAnalysis analysis;
  analysis.health = agreement_health(rows, ratio, words);
  analysis.estimate = estimate_by_disagreement(rows);
  analysis.kinds = estimate_by_kind(rows);
  analysis.intention_to_treat = *everybody;
  analysis.why_not = why_not_trusted(analysis, rows, fewest_disagreeing);
  analysis.by_disagreement = analysis.why_not.empty();
  return analysis;
}

std::string sentence(const DisagreementAnalysis& analysis, double one_sided_alpha,
                     const MoneyWords& words) {
  std::string text = signed_amount(analysis.effect(), words) + " per customer, at least " +
                     signed_amount(analysis.lower(one_sided_alpha), words) + " (" +
                     percent(1 - one_sided_alpha) + ")";
  if (!analysis.by_disagreement) {
    return text + ", by intention to treat: " + analysis.why_not;
  }
  return text + ": " + differing(analysis, words);
}

std::string differing(const DisagreementAnalysis& analysis, const MoneyWords& words) {
  std::string text =
      "the systems differ for " + percent(analysis.estimate->share, 1) + " of customers";
  if (!analysis.kinds) return text;
  return text + "; the candidate " +
         say_kind(analysis.kinds->strata[0], "adds", "the offer", words) + "; " +
         say_kind(analysis.kinds->strata[1], "removes", "it", words);
}

}  // namespace experiment
