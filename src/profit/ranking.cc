// SPDX-License-Identifier: Apache-2.0
#include "profit/ranking.h"

#include <algorithm>
#include <numeric>

#include "profit/detail/same_rows.h"

namespace profit {
namespace {

std::vector<std::size_t> numbered(std::size_t n) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  return order;
}

}  // namespace

base::Result<std::vector<Standing>> rank(std::span<const metric::Confusion> models,
                                         const Economics& e, double confidence, Sampling sampling) {
  TRY(detail::check_same_rows(models));
  std::vector<Standing> standings;
  standings.reserve(models.size());
  for (std::size_t i = 0; i < models.size(); ++i) {
    TRY_ASSIGN(const MoneyIntervals money, money_intervals(models[i], e, confidence, sampling));
    standings.push_back({i, money});
  }
  std::sort(standings.begin(), standings.end(), [&](const Standing& a, const Standing& b) {
    if (a.money.rap.estimate != b.money.rap.estimate)
      return a.money.rap.estimate > b.money.rap.estimate;
    const std::int64_t offers_a = models[a.model].offered(), offers_b = models[b.model].offered();
    return offers_a != offers_b ? offers_a < offers_b : a.model < b.model;
  });
  return standings;
}

base::Result<std::vector<Comparison>> compare_with_leader(const Decisions& decisions,
                                                          std::size_t leader,
                                                          std::span<const std::size_t> rivals,
                                                          const Economics& e, double alpha) {
  std::vector<Comparison> comparisons;
  std::vector<double> p;
  TRY(metric::check_confidence(1 - alpha));
  for (const std::size_t rival : rivals) {
    TRY_ASSIGN(const PairedDifference lead,
               paired_difference(disagreement(decisions, leader, rival), e, 1 - alpha));
    comparisons.push_back({.model = rival, .lead = lead});
    p.push_back(lead.p);
  }
  const std::vector<double> adjusted = holm(p);
  for (std::size_t i = 0; i < comparisons.size(); ++i) {
    comparisons[i].p_holm = adjusted[i];
    comparisons[i].is_noise = adjusted[i] > alpha;
  }
  return comparisons;
}

std::vector<double> holm(std::span<const double> p) {
  std::vector<std::size_t> order = numbered(p.size());
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return p[a] != p[b] ? p[a] < p[b] : a < b; });
  std::vector<double> adjusted(p.size());
  double so_far = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const double mine = std::min(1.0, static_cast<double>(p.size() - i) * p[order[i]]);
    so_far = std::max(so_far, mine);
    adjusted[order[i]] = so_far;
  }
  return adjusted;
}

}  // namespace profit
