// SPDX-License-Identifier: Apache-2.0
// Post-stratification: the difference of candidate and base taken within groups of like customers
// and averaged by the groups' shares. What differs between the groups leaves the variance.
// Sources: Miratrix, Sekhon & Yu, Journal of the Royal Statistical Society B 75 (2013); the shares'
// own term as in Deng & Hu, WSDM 2015.
//
//   Δ̂ = Σ q̂_k τ̂_k with q̂_k = n_k/N and τ̂_k the difference of means in stratum k,
//   V̂ = Σ q̂_k²(s²_C,k/n_C,k + s²_B,k/n_B,k) + (Σ q̂_k τ̂_k² − Δ̂²)/N.
//
// The last term is there because the shares are estimated too. A stratum must be fixed before the
// assignment acts (a system's decision counts; revenue does not).
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "experiment/welch.h"

namespace experiment {

// Two samples of revenue, in currency per customer.
struct ArmSummaries {
  SampleSummary base{};
  SampleSummary candidate{};
  [[nodiscard]] std::int64_t n() const { return base.n + candidate.n; }
  friend bool operator==(const ArmSummaries&, const ArmSummaries&) = default;
};

struct StratumEffect {
  double share = 0;               // q̂_k of all customers.
  std::optional<Welch> effect{};  // τ̂_k with its error; nothing in a stratum without customers.
};

struct PostStratified {
  Welch total{};                        // Δ̂, √V̂, and Satterthwaite's degrees of freedom.
  double within = 0;                    // The part of V̂ from revenue within the strata.
  double between = 0;                   // The part from the shares.
  std::vector<StratumEffect> strata{};  // In the given order.
};

// `customers` is N: the strata's together, or more where the rest has no effect for certain. A
// stratum without customers has share 0. Nothing where a stratum has customers but fewer than two
// in an arm, or N is below the strata's sum or below 2.
std::optional<PostStratified> post_stratified(std::span<const ArmSummaries> strata,
                                              std::int64_t customers);

}  // namespace experiment
