// SPDX-License-Identifier: Apache-2.0
#include "experiment/post_stratification.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace experiment {
namespace {

double as_double(std::int64_t n) { return static_cast<double>(n); }

// Σ (part/whole)²/dof of the parts of a variance; Satterthwaite's ν is its inverse.
class Satterthwaite {
 public:
  explicit Satterthwaite(double whole) : whole_(whole) {}
  void add(double part, double dof) {
    const double share = whole_ > 0 ? part / whole_ : 0;
    sum_ += share * share / dof;
  }
  [[nodiscard]] double dof() const {
    return sum_ > 0 ? 1 / sum_ : std::numeric_limits<double>::infinity();
  }

 private:
  double whole_;
  double sum_ = 0;
};

}  // namespace

std::optional<PostStratified> post_stratified(std::span<const ArmSummaries> strata,
                                              std::int64_t customers) {
  PostStratified result;
  std::int64_t covered = 0;
  double squares = 0;
  for (const ArmSummaries& stratum : strata) {
    StratumEffect each{.share = as_double(stratum.n()) /
                                as_double(std::max<std::int64_t>(1, customers))};
    covered += stratum.n();
    if (stratum.n() > 0) {
      each.effect = welch(stratum.base, stratum.candidate);
      if (!each.effect) return std::nullopt;
      const double tau = each.effect->difference;
      const double error = each.share * each.effect->standard_error;
      result.total.difference += each.share * tau;
      result.within += error * error;
      squares += each.share * tau * tau;
    }
    result.strata.push_back(each);
  }
  if (customers < 2 || covered > customers) return std::nullopt;
  const double delta = result.total.difference;
  result.between = std::max(0.0, squares - delta * delta) / as_double(customers);
  const double variance = result.within + result.between;
  result.total.standard_error = std::sqrt(variance);
  Satterthwaite dof(variance);
  dof.add(result.between, as_double(customers - 1));
  for (std::size_t k = 0; k < strata.size(); ++k) {
    if (strata[k].n() == 0) continue;
    const double share = result.strata[k].share;
    for (const SampleSummary* arm : {&strata[k].base, &strata[k].candidate}) {
      dof.add(share * share * arm->variance / as_double(arm->n), as_double(arm->n - 1));
    }
  }
  result.total.dof = dof.dof();
  return result;
}

}  // namespace experiment
