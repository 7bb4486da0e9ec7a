// SPDX-License-Identifier: Apache-2.0
// The disagreement estimator. Both systems decide for every customer; where they decide alike both
// arms act alike, so the effect is zero there for certain, and only the others need to be compared.
//
//   q̂ = N_D/N,  τ̂ = Ȳ_C − Ȳ_B among the N_D customers on whom the systems differ,  Δ̂ = q̂·τ̂,
//   V̂ = q̂²(s²_C/n_C + s²_B/n_B) + τ̂²·q̂(1 − q̂)/N  (both sums over those customers).
//
// Δ̂ estimates what the ordinary difference of means estimates, with q·σ_D²/σ² of its variance.
// It asks that (1) both decisions come from what is known before the decision, whoever is assigned;
// (2) the recorded decision of each system is the one that would be executed, fall-backs included;
// (3) assignment acts through the decision alone: equal latency, nothing dropped; (4) customers do
// not influence each other; (5) the systems are frozen. The customers on whom both agree are an A/A
// test of all this: where it alarms, the estimate by intention to treat (everybody, by assigned
// arm) is given instead, and the words say so.
//
// Sources: Kohavi, Tang & Xu, Trustworthy Online Controlled Experiments (2020), chapter 20; Deng &
// Hu, WSDM 2015; Jeunen & Ustimenko, arXiv 2405.10024 (2024); Fieller 1954 for the bounds.
// Everything here is pure and thread-safe.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/money.h"
#include "base/result.h"
#include "experiment/assignment.h"
#include "experiment/design.h"
#include "experiment/health.h"
#include "experiment/money_words.h"
#include "experiment/post_stratification.h"

namespace experiment {

// What an analysis needs of the customers, by what the systems decided.
struct DisagreementRows {
  ArmSummaries agree{};      // Both offer, or neither does.
  ArmSummaries add{};        // Only the candidate offers.
  ArmSummaries remove{};     // Only base offers.
  ArmSummaries disagree{};   // add and remove together.
  ArmSummaries everybody{};  // All.
  friend bool operator==(const DisagreementRows&, const DisagreementRows&) = default;
};

// Collects customers one at a time; equal customers give equal bits in whatever order they are
// added and merged (MoneyMoments).
class DisagreementMoments {
 public:
  void add(Arm assigned, bool base_offers, bool candidate_offers, base::Cents revenue);
  // A customer that was added, because a decision of his came to be known later.
  void remove(Arm assigned, bool base_offers, bool candidate_offers, base::Cents revenue);
  void merge(const DisagreementMoments& other);
  [[nodiscard]] DisagreementRows rows() const;
  [[nodiscard]] Customers customers() const;    // All so far,
  [[nodiscard]] Customers disagreeing() const;  // and those on whom the systems differ.
  friend bool operator==(const DisagreementMoments&, const DisagreementMoments&) = default;

 private:
  MoneyMoments& of(Arm assigned, bool base_offers, bool candidate_offers);
  static constexpr std::size_t kKinds = 3;  // agree, add, remove.
  std::array<std::array<MoneyMoments, 2>, kKinds> moments_{};
};

struct DisagreementEstimate {
  std::int64_t customers = 0;  // N.
  Customers disagreeing{};     // n_B and n_C among them.
  double share = 0;            // q̂.
  Welch among{};               // τ̂: per disagreeing customer.
  double deviation = 0;        // σ̂_D, pooled over the arms.
  double effect = 0;           // Δ̂: per customer.
  double within = 0;           // V̂'s part from revenue,
  double between = 0;          // and from the share.
  double standard_error = 0;   // √V̂.

  // The test of Δ ≤ null takes V̂ at that null: t = (Δ̂ − null)/√(within + null²(1−q̂)/(q̂N)). At 0
  // it is Welch's on the disagreeing customers. The bounds are its inversion, so that a bound lies
  // beyond a value exactly if the test rejects that value. ν is Welch's.
  [[nodiscard]] double t(double null) const;
  [[nodiscard]] double p_greater(double null) const;
  [[nodiscard]] double p_less(double null) const;
  [[nodiscard]] double p_two_sided(double null) const;
  // 0 < one_sided_alpha < 0.5. Infinite where so few differ that q̂ itself is not told from zero.
  [[nodiscard]] double lower(double one_sided_alpha) const;
  [[nodiscard]] double upper(double one_sided_alpha) const;
  [[nodiscard]] Interval interval(double two_sided_alpha) const;

 private:
  // The variance of q̂ relative to q̂²: (1 − q̂)/(q̂N).
  [[nodiscard]] double share_noise() const;
  [[nodiscard]] double bound(double t) const;
};

// Nothing below two disagreeing customers in either arm.
std::optional<DisagreementEstimate> estimate_by_disagreement(const DisagreementRows& rows);

// The same effect from two strata, offers added (first) and removed (second): what each kind
// brings. Nothing where a kind occurs but has fewer than two customers in an arm.
std::optional<PostStratified> estimate_by_kind(const DisagreementRows& rows);

// Whether the estimator's assumptions hold, as far as data can tell. Each test alarms below
// kSrmAlarm.
struct AgreementHealth {
  std::optional<Welch> agreement{};  // The A/A test: candidate − base among the agreeing.
  double agreement_p = 1;            // Two-sided, against 0.
  SampleRatio agreeing{};            // Sample ratio of the agreeing,
  SampleRatio disagreeing{};         // and of the others.
  double base_share = 0;             // Share of disagreement in each arm,
  double candidate_share = 0;
  double shares_p = 1;  // two-sided, pooled z: does it depend on assignment?
  std::vector<Alarm> alarms{};
};

// ratio: candidate customers for each base customer, as assigned; above 0.
AgreementHealth agreement_health(const DisagreementRows& rows, double ratio,
                                 const MoneyWords& words = {});

// The fewest disagreeing customers in each arm on which the estimate is given. A judgement: below
// it a mean of skewed revenue is far from normal.
inline constexpr std::int64_t kFewestDisagreeing = 200;

struct DisagreementAnalysis {
  bool by_disagreement = false;  // Else by intention to treat,
  std::string why_not{};         // for this reason, in words.
  AgreementHealth health{};
  std::optional<DisagreementEstimate> estimate{};  // Also where it is not trusted, for inspection.
  std::optional<PostStratified> kinds{};
  Welch intention_to_treat{};

  // Of the method that is trusted.
  [[nodiscard]] double effect() const;
  [[nodiscard]] double lower(double one_sided_alpha) const;
  [[nodiscard]] double upper(double one_sided_alpha) const;
  [[nodiscard]] double p_greater(double null) const;
};

// Chooses by the data's health alone, never by the estimates. An error below two customers in an
// arm, or for a ratio that is not positive. A sample ratio mismatch breaks both methods: that is
// the verdict's own health check.
base::Result<DisagreementAnalysis> analyse_disagreement(
    const DisagreementRows& rows, double ratio,
    std::int64_t fewest_disagreeing = kFewestDisagreeing, const MoneyWords& words = {});

// "the systems differ for 20.0 % of customers; the candidate adds the offer for 12.0 %: +4.50 $
// each; removes it for 8.0 %: +2.00 $ each". The analysis has an estimate.
std::string differing(const DisagreementAnalysis& analysis, const MoneyWords& words = {});

// "+0.70 $ per customer, at least +0.24 $ (95 %): the systems differ for 20.0 % of customers; the
// candidate adds the offer for 12.0 %: +4.50 $ each; removes it for 8.0 %: +2.00 $ each". Not
// before the planned customers are in.
std::string sentence(const DisagreementAnalysis& analysis, double one_sided_alpha,
                     const MoneyWords& words = {});

}  // namespace experiment
