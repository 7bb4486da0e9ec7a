// SPDX-License-Identifier: Apache-2.0
#include "experiment/bootstrap.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "base/random.h"
#include "experiment/detail/exact_sum.h"

namespace experiment {
namespace {

// ⌊2³²·P(count ≤ k)⌋ of a Poisson count with mean 1, k from 0.
constexpr std::array<std::uint32_t, 10> kThresholds = {
    1580030168, 3160060337, 3950075421, 4213413783, 4279248373,
    4292415291, 4294609777, 4294923276, 4294962463, 4294966817};

// Where two sequences of hashes begin that must have nothing to do with each other; any two numbers
// far apart would do.
constexpr std::uint64_t kGroupKey = 0x626f6f7473747261ULL;
constexpr std::uint64_t kWeightKey = 0x706f6973736f6e31ULL;

std::size_t group_of(std::int64_t customer) {
  const std::uint64_t hash = base::mix64(kGroupKey + static_cast<std::uint64_t>(customer));
  return static_cast<std::size_t>(hash % Bootstrap::kGroups);
}

using Draws = std::vector<std::uint16_t>;
static_assert(Bootstrap::kGroups <= 1 << 16);

// Of each replicate its groups, each as often as it counts: most count once or not at all.
std::vector<Draws> drawn_replicates() {
  std::vector<Draws> replicates(Bootstrap::kReplicates);
  std::uint64_t counter = kWeightKey;
  for (Draws& replicate : replicates) {
    replicate.reserve(Bootstrap::kGroups + Bootstrap::kGroups / 8);
    for (std::size_t group = 0; group < Bootstrap::kGroups; ++group) {
      const auto uniform = static_cast<std::uint32_t>(base::mix64(counter++) >> 32);
      for (int weight = poisson1_weight(uniform); weight > 0; --weight)
        replicate.push_back(static_cast<std::uint16_t>(group));
    }
  }
  return replicates;
}

double in_double(const detail::WideInteger<2>& sum) {
  const detail::WideInteger<2> size = sum.negative() ? sum.negated() : sum;
  const double value =
      std::ldexp(static_cast<double>(size.words[1]), 64) + static_cast<double>(size.words[0]);
  return sum.negative() ? -value : value;
}

// A group, or a replicate's sum of groups: all customers, the compared ones and their revenue by
// arm.
using Sums = std::array<double, 6>;  // The last is there for pairs to be added at once.

// In two halves, as an addition waits for the one before.
Sums sum_of(const std::vector<Sums>& groups, const Draws& draws) {
  Sums even{}, odd{};
  std::size_t k = 0;
  for (; k + 1 < draws.size(); k += 2) {
    const Sums& first = groups[draws[k]];
    const Sums& second = groups[draws[k + 1]];
    for (std::size_t i = 0; i < even.size(); ++i) {
      even[i] += first[i];
      odd[i] += second[i];
    }
  }
  if (k < draws.size()) {
    for (std::size_t i = 0; i < even.size(); ++i) even[i] += groups[draws[k]][i];
  }
  for (std::size_t i = 0; i < even.size(); ++i) even[i] += odd[i];
  return even;
}

double estimate(const Sums& sums) {
  const auto& [customers, base_n, candidate_n, base, candidate, unused] = sums;
  const double share = (base_n + candidate_n) / customers;
  return share * (candidate / candidate_n - base / base_n) / 100;
}

// The k-th smallest for k = p·(values + 1), between two of them in proportion.
double quantile(const std::vector<double>& sorted, double p) {
  const double place = p * static_cast<double>(sorted.size() + 1) - 1;
  const double below = std::clamp(std::floor(place), 0.0, static_cast<double>(sorted.size() - 2));
  const auto i = static_cast<std::size_t>(below);
  return sorted[i] + (place - below) * (sorted[i + 1] - sorted[i]);
}

}  // namespace

int poisson1_weight(std::uint32_t uniform) {
  int weight = 0;
  for (const std::uint32_t threshold : kThresholds) weight += threshold <= uniform ? 1 : 0;
  return weight;
}

void Bootstrap::add(std::int64_t customer, Arm assigned, bool compared, base::Cents revenue) {
  Group& group = groups_[group_of(customer)];
  ++group.customers;
  if (!compared) return;
  const auto arm = static_cast<std::size_t>(assigned);
  ++group.compared.at(arm);
  const detail::WideInteger<1> size{{detail::magnitude(revenue.value())}};
  detail::accumulate(&group.revenue.at(arm), size, revenue.value() < 0);
}

void Bootstrap::remove(std::int64_t customer, Arm assigned, bool compared, base::Cents revenue) {
  Group& group = groups_[group_of(customer)];
  --group.customers;
  if (!compared) return;
  const auto arm = static_cast<std::size_t>(assigned);
  --group.compared.at(arm);
  const detail::WideInteger<1> size{{detail::magnitude(revenue.value())}};
  detail::accumulate(&group.revenue.at(arm), size, revenue.value() >= 0);
}

void Bootstrap::merge(const Bootstrap& other) {
  for (std::size_t i = 0; i < kGroups; ++i) {
    groups_[i].customers += other.groups_[i].customers;
    for (std::size_t arm = 0; arm < 2; ++arm) {
      groups_[i].compared[arm] += other.groups_[i].compared[arm];
      groups_[i].revenue[arm] += other.groups_[i].revenue[arm];
    }
  }
}

std::optional<Interval> Bootstrap::interval(double one_sided_alpha) const {
  CHECK(one_sided_alpha >= 0.01 && one_sided_alpha < 0.5);
  static const std::vector<Draws> replicates = drawn_replicates();
  std::vector<Sums> groups;
  groups.reserve(kGroups);
  for (const Group& group : groups_) {
    groups.push_back({static_cast<double>(group.customers), static_cast<double>(group.compared[0]),
                      static_cast<double>(group.compared[1]), in_double(group.revenue[0]),
                      in_double(group.revenue[1]), 0});
  }
  std::vector<double> estimates;
  estimates.reserve(kReplicates);
  for (const Draws& replicate : replicates) {
    const Sums sums = sum_of(groups, replicate);
    if (sums[1] == 0 || sums[2] == 0) return std::nullopt;
    estimates.push_back(estimate(sums));
  }
  std::sort(estimates.begin(), estimates.end());
  return Interval{quantile(estimates, one_sided_alpha), quantile(estimates, 1 - one_sided_alpha)};
}

bool IntervalAgreement::good() const {
  return std::fabs(width) <= kMostApart && std::fabs(position) <= kMostApart;
}

IntervalAgreement agreement_of(const Interval& interval, const Interval& with) {
  const double width = with.high - with.low;
  CHECK(width > 0 && std::isfinite(width));
  return {(interval.high - interval.low) / width - 1,
          (interval.low + interval.high - with.low - with.high) / 2 / width};
}

}  // namespace experiment
