// SPDX-License-Identifier: Apache-2.0
#include "experiment/several_candidates.h"

#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/tools/toms748_solve.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "base/check.h"
#include "base/number.h"
#include "experiment/distribution.h"

namespace experiment {
namespace {

// P(all of K standard normals with pairwise correlation r ≤ z) = ∫ Φ((z − √r·x)/√(1−r))^K φ(x) dx.
double all_below(int candidates, double correlation, double z) {
  const double shared = std::sqrt(correlation);
  const double own = std::sqrt(1 - correlation);
  const auto integrand = [&](double x) {
    return std::pow(normal_cdf((z - shared * x) / own), candidates) * std::exp(-x * x / 2) /
           std::sqrt(2 * std::numbers::pi);
  };
  // Φ steps within own/shared of z/shared: panels end around it, however steep it is.
  std::vector<double> cuts;
  for (int i = -9; i <= 9; ++i) cuts.push_back(i);
  for (int i = -10; i <= 10; ++i) cuts.push_back((z + i * own) / shared);
  std::sort(cuts.begin(), cuts.end());
  double sum = 0;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    const double from = std::max(cuts[i], -9.0);
    const double to = std::min(cuts[i + 1], 9.0);
    if (from < to) {
      sum += boost::math::quadrature::gauss<double, 30>::integrate(integrand, from, to);
    }
  }
  return sum;
}

// Indices in ascending order of p, ties in the order given.
std::vector<std::size_t> ascending(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  for (const double each : p) CHECK(each >= 0 && each <= 1);
  return order;
}

double as_double(std::size_t n) { return static_cast<double>(n); }

// Weighted sums over the customers who got one of the two decisions; weights 1/e.
struct Side {
  std::int64_t n = 0;
  double mean = 0;           // μ̂, Hájek's.
  double squares = 0;        // Σ((Y − μ̂)/e)².
  double plain_squares = 0;  // Σ(Y − μ̂)².
};

Side side_of(const std::map<double, MoneyMoments>& by_chance) {
  Side side;
  double weights = 0;
  for (const auto& [chance, moments] : by_chance) {
    side.n += moments.n();
    weights += static_cast<double>(moments.n()) / chance;
    side.mean += static_cast<double>(moments.n()) / chance * moments.summary().mean;
  }
  if (weights > 0) side.mean /= weights;
  for (const auto& [chance, moments] : by_chance) {
    const double off = moments.summary().mean - side.mean;
    const double sum = moments.central_sums().m2 + static_cast<double>(moments.n()) * off * off;
    side.squares += sum / (chance * chance);
    side.plain_squares += sum;
  }
  return side;
}

void merge_into(std::map<double, MoneyMoments>* to, const std::map<double, MoneyMoments>& from) {
  for (const auto& [chance, moments] : from) (*to)[chance].merge(moments);
}

base::Result<void> refuse_family(int candidates, double base_to_candidate) {
  if (candidates < 1 || candidates > 1000) {
    return base::input_error("there must be 1 to 1000 candidates, not " +
                             std::to_string(candidates));
  }
  if (!(base_to_candidate >= 0.001 && base_to_candidate <= 1000)) {
    return base::input_error(
        "base customers for each candidate's must lie between 0.001 and 1000, "
        "not " +
        base::format_double(base_to_candidate));
  }
  return {};
}

}  // namespace

base::Result<double> dunnett_critical_value(int candidates, double alpha,
                                            double base_to_candidate) {
  TRY(refuse_family(candidates, base_to_candidate));
  if (!(alpha > 0 && alpha < 0.5)) {
    return base::input_error("alpha must lie strictly between 0 and 0.5, not " +
                             base::format_double(alpha));
  }
  const double low = -normal_quantile(alpha);
  if (candidates == 1) return low;
  const double correlation = 1 / (1 + base_to_candidate);
  const auto excess = [&](double z) { return all_below(candidates, correlation, z) - (1 - alpha); };
  // Between one comparison's value and Bonferroni's.
  const double high = -normal_quantile(alpha / candidates) + 1e-6;
  const double at_low = excess(low);
  if (at_low >= 0) return low;
  std::uintmax_t iterations = 200;
  const auto [a, b] =
      boost::math::tools::toms748_solve(excess, low, high, at_low, excess(high),
                                        boost::math::tools::eps_tolerance<double>(50), iterations);
  return a + (b - a) / 2;
}

base::Result<double> dunnett_family_alpha(int candidates, double z, double base_to_candidate) {
  TRY(refuse_family(candidates, base_to_candidate));
  if (candidates == 1) return normal_sf(z);
  return 1 - all_below(candidates, 1 / (1 + base_to_candidate), z);
}

double best_base_to_candidate(int candidates) {
  CHECK(candidates >= 1);
  return std::sqrt(static_cast<double>(candidates));
}

std::vector<double> bonferroni_adjusted(std::span<const double> p) {
  std::vector<double> result;
  for (const double each : p) {
    CHECK(each >= 0 && each <= 1);
    result.push_back(std::min(1.0, each * as_double(p.size())));
  }
  return result;
}

std::vector<double> holm_adjusted(std::span<const double> p) {
  std::vector<double> result(p.size());
  double largest = 0;
  double left = as_double(p.size());
  for (const std::size_t i : ascending(p)) {
    largest = std::max(largest, std::min(1.0, p[i] * left));
    result[i] = largest;
    --left;
  }
  return result;
}

// Hommel, Biometrika 75 (1988); the adjusted value is the largest Simes p-value of any subset with
// the hypothesis in it. Of the subsets of m, the worst holds the hypothesis and the m − 1 largest
// others, or the m largest if it is one of them.
std::vector<double> hommel_adjusted(std::span<const double> p) {
  const std::vector<std::size_t> order = ascending(p);
  const std::size_t n = p.size();
  std::vector<double> sorted;
  for (const std::size_t i : order) sorted.push_back(p[i]);
  std::vector<double> adjusted = sorted;
  for (std::size_t m = 2; m <= n; ++m) {
    double rest = std::numeric_limits<double>::infinity();  // Simes over the m − 1 largest.
    for (std::size_t rank = 2; rank <= m; ++rank) {
      rest = std::min(rest, as_double(m) * sorted[n - m + rank - 1] / as_double(rank));
    }
    for (std::size_t i = 0; i < n; ++i) {
      const double smallest = sorted[std::min(i, n - m)];
      adjusted[i] = std::max(adjusted[i], std::min(rest, as_double(m) * smallest));
    }
  }
  std::vector<double> result(n);
  for (std::size_t i = 0; i < n; ++i) result[order[i]] = std::min(1.0, adjusted[i]);
  return result;
}

std::vector<double> benjamini_hochberg_adjusted(std::span<const double> p) {
  const std::vector<std::size_t> order = ascending(p);
  std::vector<double> result(p.size());
  double least = 1;
  for (std::size_t rank = p.size(); rank >= 1; --rank) {
    const std::size_t i = order[rank - 1];
    least = std::min(least, p[i] * as_double(p.size()) / as_double(rank));
    result[i] = least;
  }
  return result;
}

PooledCandidate::PooledCandidate(std::vector<double> shares, std::size_t candidate)
    : shares_(std::move(shares)), candidate_(candidate) {
  CHECK(candidate_ + 1 < shares_.size());
  double sum = 0;
  for (const double share : shares_) {
    CHECK(share > 0);
    sum += share;
  }
  CHECK(std::fabs(sum - 1) < 1e-9);
}

bool PooledCandidate::differs(const std::vector<bool>& offers, std::size_t assigned) const {
  CHECK(offers.size() == shares_.size() && assigned < offers.size());
  return offers[0] != offers[candidate_ + 1];
}

// That of what was executed.
double PooledCandidate::chance(const std::vector<bool>& offers, std::size_t assigned) const {
  double chance = 0;
  for (std::size_t i = 0; i < offers.size(); ++i) {
    if (offers[i] == offers[assigned]) chance += shares_[i];
  }
  return chance;
}

PooledCandidate::ByChance& PooledCandidate::side_got(const std::vector<bool>& offers,
                                                     std::size_t assigned) {
  return offers[assigned] == offers[0] ? as_base_ : as_candidate_;
}

void PooledCandidate::add(const std::vector<bool>& offers, std::size_t assigned,
                          base::Cents revenue) {
  const bool tells = differs(offers, assigned);
  ++customers_;
  if (!tells) return;
  ++disagreeing_;
  side_got(offers, assigned)[chance(offers, assigned)].add(revenue);
}

void PooledCandidate::remove(const std::vector<bool>& offers, std::size_t assigned,
                             base::Cents revenue) {
  const bool tells = differs(offers, assigned);
  --customers_;
  if (!tells) return;
  --disagreeing_;
  ByChance& side = side_got(offers, assigned);
  const auto cell = side.find(chance(offers, assigned));
  CHECK(cell != side.end());
  cell->second.remove(revenue);
  if (cell->second.n() == 0) side.erase(cell);  // As if he had never been added.
}

void PooledCandidate::merge(const PooledCandidate& other) {
  CHECK(shares_ == other.shares_ && candidate_ == other.candidate_);
  customers_ += other.customers_;
  disagreeing_ += other.disagreeing_;
  merge_into(&as_base_, other.as_base_);
  merge_into(&as_candidate_, other.as_candidate_);
}

std::optional<DisagreementEstimate> PooledCandidate::estimate() const {
  const Side base = side_of(as_base_);
  const Side candidate = side_of(as_candidate_);
  if (base.n < 2 || candidate.n < 2) return std::nullopt;
  const auto n = static_cast<double>(customers_);
  const auto among = static_cast<double>(disagreeing_);
  const double share = among / n;
  const double tau = candidate.mean - base.mean;
  const double squares = base.squares + candidate.squares;
  const double within = squares / (n * n);
  const double between = tau * tau * share * (1 - share) / n;
  const double by_dof =
      base.squares * base.squares / static_cast<double>(base.n - 1) +
      candidate.squares * candidate.squares / static_cast<double>(candidate.n - 1);
  return DisagreementEstimate{
      .customers = customers_,
      .disagreeing = {base.n, candidate.n},
      .share = share,
      .among = {.difference = tau,
                .standard_error = std::sqrt(squares) / among,
                .dof = by_dof > 0 ? squares * squares / by_dof
                                  : std::numeric_limits<double>::infinity()},
      .deviation = std::sqrt((base.plain_squares + candidate.plain_squares) / (among - 2)),
      .effect = share * tau,
      .within = within,
      .between = between,
      .standard_error = std::sqrt(within + between)};
}

}  // namespace experiment
