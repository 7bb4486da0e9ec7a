// SPDX-License-Identifier: Apache-2.0
#include "profit/amount_models.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "metric/normal.h"

namespace profit {
namespace {

double earned(const AmountRows& rows, std::size_t i) {
  return (rows.labels[i] != 0 ? rows.incomes[i] : 0) - rows.costs[i];
}

double sum_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

// Σ values, as n times a mean of rows drawn at random.
metric::Interval total(const std::vector<double>& values, double confidence) {
  const auto n = static_cast<double>(values.size());
  const double mean = sum_of(values) / n;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return metric::normal_interval(n * mean, std::sqrt(n * squares / (n - 1)), confidence);
}

metric::Interval scaled(const metric::Interval& interval, double factor) {
  return {interval.estimate * factor, interval.standard_error * factor, interval.low * factor,
          interval.high * factor};
}

metric::Interval ratio(const std::vector<double>& above, const std::vector<double>& below,
                       double confidence) {
  const double all = sum_of(below), share = sum_of(above) / all;
  double squares = 0;
  for (std::size_t i = 0; i < above.size(); ++i) {
    const double off = above[i] - share * below[i];
    squares += off * off;
  }
  const auto n = static_cast<double>(above.size());
  return metric::normal_interval(share, std::sqrt(squares * n / (n - 1)) / all, confidence);
}

}  // namespace

base::Result<double> best_amount_threshold(const AmountRows& rows, std::span<const double> keys) {
  TRY_ASSIGN(const std::vector<AmountPoint> curve, amount_curve(rows, keys));
  const AmountPoint best = *std::max_element(
      curve.begin(), curve.end(),
      [](const AmountPoint& a, const AmountPoint& b) { return a.profit < b.profit; });
  const auto offers = static_cast<std::size_t>(best.offers);
  if (offers == 0) return kToNobody;
  if (offers == keys.size()) return kToEverybody;
  std::vector<double> sorted(keys.begin(), keys.end());
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  const double middle = std::midpoint(sorted[offers - 1], sorted[offers]);
  // Neighbouring doubles have nothing between them: rounded up, the cut would take the upper one
  // too.
  return middle < sorted[offers - 1] ? middle : sorted[offers];
}

base::Result<MoneyIntervals> amount_intervals(const AmountRows& rows,
                                              std::span<const std::uint8_t> decisions,
                                              double confidence) {
  TRY_ASSIGN(const AmountOutcome outcome, outcome_of(rows, decisions, confidence));
  if (!outcome.rap)
    return base::input_error("no row is worth an offer: nobody accepts who brings its cost");
  const std::size_t n = decisions.size();
  std::vector<double> profits(n), achievable(n), incomes(n), costs(n);
  for (std::size_t i = 0; i < n; ++i) {
    achievable[i] = std::max(0.0, earned(rows, i));
    if (decisions[i] == 0) continue;
    profits[i] = earned(rows, i);
    costs[i] = rows.costs[i];
    incomes[i] = profits[i] + costs[i];
  }
  MoneyIntervals money;
  money.rap = ratio(profits, achievable, confidence);
  money.profit = total(profits, confidence);
  money.tap = total(achievable, confidence);
  money.profit_per_customer = outcome.profit_per_customer;
  if (outcome.offers > 0) {
    money.roi = ratio(incomes, costs, confidence);
    for (double* end : {&money.roi->estimate, &money.roi->low, &money.roi->high}) *end -= 1;
  }
  return money;
}

base::Result<PairedDifference> amount_lead(const AmountRows& rows,
                                           std::span<const std::uint8_t> first,
                                           std::span<const std::uint8_t> second,
                                           double confidence) {
  TRY_ASSIGN(const AmountOutcome one, outcome_of(rows, first, confidence));
  TRY(outcome_of(rows, second, confidence));
  if (!one.rap)
    return base::input_error("no row is worth an offer: nobody accepts who brings its cost");
  PairedDifference lead;
  std::vector<double> differences(first.size()), achievable(first.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    achievable[i] = std::max(0.0, earned(rows, i));
    if ((first[i] != 0) == (second[i] != 0)) continue;
    ++lead.discordant;
    differences[i] = first[i] != 0 ? earned(rows, i) : -earned(rows, i);
  }
  const metric::Interval sum = total(differences, confidence);
  lead.profit_per_customer = scaled(sum, 1 / static_cast<double>(first.size()));
  lead.rap = ratio(differences, achievable, confidence);
  if (sum.standard_error > 0) {
    lead.z = sum.estimate / sum.standard_error;
    lead.p = metric::two_sided_p(lead.z);
  }
  return lead;
}

}  // namespace profit
