// SPDX-License-Identifier: Apache-2.0
// Several candidates against one base in one experiment.
//
// Many comparisons: Dunnett (JASA 1955) gives the one-sided critical value at which the chance of
// calling any of K equal candidates better is alpha; Holm, Hommel and Benjamini–Hochberg adjust
// p-values of unlike questions.
//
// Pooled rows: every customer gets all K + 1 decisions, of which the assigned system's is executed.
// Where candidate k differs from base, a customer tells about k whichever system was assigned, if
// the executed decision is one of the two. With e(a) the chance that action a is executed, by the
// assignment shares of the systems that chose it,
//   μ̂_k = Σ 1{A = c_k}·Y/e ÷ Σ 1{A = c_k}/e over the customers with c_k ≠ b, μ̂_b likewise,
//   Δ̂_k = q̂_k(μ̂_k − μ̂_b),  V̂ = mean(IF²)/N,
//   IF = D[1{A = c_k}(Y − μ̂_k)/e − 1{A = b}(Y − μ̂_b)/e] + (D − q̂)(μ̂_k − μ̂_b).
// Hájek's weights; the assumptions are those of disagreement.h, in every arm. As a customer got one
// of the two decisions and each side's residuals sum to 0, V̂ has the two parts of disagreement.h's:
//   (Σ((Y − μ̂_b)/e)² + Σ((Y − μ̂_k)/e)²)/N² from revenue and (μ̂_k − μ̂_b)²·q̂_k(1 − q̂_k)/N from the
// share; Satterthwaite's degrees of freedom are those of the first.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "base/money.h"
#include "base/result.h"
#include "experiment/disagreement.h"
#include "experiment/moments.h"
#include "experiment/welch.h"

namespace experiment {

// The z that the largest of K correlated normal differences exceeds with chance alpha: each
// correlated with each by 1/(1 + ratio of base to candidate customers), 0.5 with equal arms. 1 ≤ K
// ≤ 1000, 0 < alpha < 0.5, 0 < base_to_candidate finite. Error below 1e-11.
base::Result<double> dunnett_critical_value(int candidates, double alpha,
                                            double base_to_candidate = 1);

// The other way: the chance that the largest of the K exceeds z, which may be any number.
base::Result<double> dunnett_family_alpha(int candidates, double z, double base_to_candidate = 1);

// Base customers for each candidate's that make the K differences most precise: √K.
double best_base_to_candidate(int candidates);

// Adjusted p-values in the order given: below alpha means rejected with the family's error kept.
// Each p in [0, 1].
std::vector<double> bonferroni_adjusted(std::span<const double> p);
std::vector<double> holm_adjusted(std::span<const double> p);
std::vector<double> hommel_adjusted(std::span<const double> p);
std::vector<double> benjamini_hochberg_adjusted(
    std::span<const double> p);  // False discovery rate.

// Collects the customers of one candidate; equal customers give equal bits in whatever order they
// are added and merged.
class PooledCandidate {
 public:
  // `shares`: of assignment, base first, then the candidates; each above 0, together 1. `candidate`
  // counts from 0.
  PooledCandidate(std::vector<double> shares, std::size_t candidate);

  // One customer: whether each system offers (base first), which system was assigned, the revenue.
  void add(const std::vector<bool>& offers, std::size_t assigned, base::Cents revenue);
  // A customer that was added, because a decision of his came to be known later.
  void remove(const std::vector<bool>& offers, std::size_t assigned, base::Cents revenue);
  void merge(const PooledCandidate& other);  // Of the same shares and candidate.

  // Its `disagreeing` are those who got base's decision and those who got the candidate's, in
  // whatever arm. Nothing without two of each.
  [[nodiscard]] std::optional<DisagreementEstimate> estimate() const;
  [[nodiscard]] std::int64_t customers() const { return customers_; }
  [[nodiscard]] std::int64_t disagreeing() const { return disagreeing_; }
  [[nodiscard]] const std::vector<double>& shares() const { return shares_; }
  [[nodiscard]] std::size_t candidate() const { return candidate_; }
  friend bool operator==(const PooledCandidate&, const PooledCandidate&) = default;

 private:
  // Customers by the chance of what was executed: few distinct values.
  using ByChance = std::map<double, MoneyMoments>;
  ByChance& side_got(const std::vector<bool>& offers, std::size_t assigned);
  [[nodiscard]] double chance(const std::vector<bool>& offers, std::size_t assigned) const;
  [[nodiscard]] bool differs(const std::vector<bool>& offers, std::size_t assigned) const;
  std::vector<double> shares_;
  std::size_t candidate_;
  std::int64_t customers_ = 0;
  std::int64_t disagreeing_ = 0;
  ByChance as_base_;       // Base's decision was executed,
  ByChance as_candidate_;  // the candidate's was.
};

}  // namespace experiment
