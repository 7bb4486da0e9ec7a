// SPDX-License-Identifier: Apache-2.0
#include "profit/amounts.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "base/number.h"

namespace profit {
namespace {

using Doubles = std::span<const double>;

base::Error bad_value(const char* what, std::size_t row, double value, const char* right) {
  return base::input_error(std::string("the ") + what + " of row " + std::to_string(row) + " is " +
                           base::format_double(value) + ": " + right);
}

base::Result<void> check_size(std::size_t given, std::size_t rows, const char* what) {
  if (given == rows) return {};
  return base::input_error("there are " + std::to_string(given) + " " + what + " for " +
                           std::to_string(rows) + " rows");
}

base::Result<void> check_costs(Doubles costs) {
  for (std::size_t i = 0; i < costs.size(); ++i)
    if (!(costs[i] > 0) || std::isinf(costs[i]))
      return bad_value("cost", i, costs[i], "it must be finite and above 0");
  return {};
}

base::Result<void> check_incomes(Doubles incomes) {
  for (std::size_t i = 0; i < incomes.size(); ++i)
    if (!(incomes[i] >= 0) || std::isinf(incomes[i]))
      return bad_value("income", i, incomes[i], "it must be finite and 0 or more");
  return {};
}

base::Result<void> check(const AmountRows& rows) {
  const std::size_t n = rows.labels.size();
  if (n < 2) return base::input_error("amounts by row need at least two rows");
  TRY(check_size(rows.incomes.size(), n, "incomes"));
  TRY(check_size(rows.costs.size(), n, "costs"));
  TRY(check_costs(rows.costs));
  for (std::size_t i = 0; i < n; ++i) {
    if (rows.labels[i] > 1) return bad_value("label", i, rows.labels[i], "labels are 0 or 1");
    if (rows.labels[i] == 1 && (!(rows.incomes[i] >= 0) || std::isinf(rows.incomes[i])))
      return bad_value("income", i, rows.incomes[i], "it must be finite and 0 or more");
  }
  return {};
}

// What an offer to the row brought.
double brought(const AmountRows& rows, std::size_t i) {
  return (rows.labels[i] != 0 ? rows.incomes[i] : 0) - rows.costs[i];
}

template <class IsOffered>
AmountOutcome outcome(const AmountRows& rows, double confidence, IsOffered is_offered) {
  AmountOutcome o;
  const std::size_t n = rows.labels.size();
  for (std::size_t i = 0; i < n; ++i) {
    o.tap += std::max(0.0, brought(rows, i));
    if (!is_offered(i)) continue;
    ++o.offers;
    o.accepted += rows.labels[i];
    o.income += rows.labels[i] != 0 ? rows.incomes[i] : 0;
    o.cost += rows.costs[i];
  }
  o.profit = o.income - o.cost;
  if (o.tap > 0) o.rap = o.profit / o.tap;
  if (o.offers > 0) o.roi = o.income / o.cost - 1;
  const double mean = o.profit / static_cast<double>(n);
  double squares = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const double off = (is_offered(i) ? brought(rows, i) : 0) - mean;
    squares += off * off;
  }
  const double error = std::sqrt(squares / static_cast<double>(n - 1) / static_cast<double>(n));
  o.profit_per_customer = metric::normal_interval(mean, error, confidence);
  return o;
}

AmountPoint best_point(const std::vector<AmountPoint>& curve) {
  return *std::max_element(
      curve.begin(), curve.end(),
      [](const AmountPoint& a, const AmountPoint& b) { return a.profit < b.profit; });
}

double profit_at(const std::vector<AmountPoint>& curve, double offers) {
  const auto at = std::partition_point(curve.begin(), curve.end(), [&](const AmountPoint& p) {
    return static_cast<double>(p.offers) < offers;
  });
  return at == curve.end() ? curve.back().profit : at->profit;
}

}  // namespace

base::Result<AmountOutcome> outcome_of(const AmountRows& rows,
                                       std::span<const std::uint8_t> decisions, double confidence) {
  TRY(metric::check_confidence(confidence));
  TRY(check(rows));
  TRY(check_size(decisions.size(), rows.labels.size(), "decisions"));
  return outcome(rows, confidence, [&](std::size_t i) { return decisions[i] != 0; });
}

base::Result<std::vector<double>> expected_profits(Doubles probabilities, Doubles incomes,
                                                   Doubles costs) {
  TRY(check_size(incomes.size(), probabilities.size(), "incomes"));
  TRY(check_size(costs.size(), probabilities.size(), "costs"));
  TRY(check_incomes(incomes));
  TRY(check_costs(costs));
  std::vector<double> expected(probabilities.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (!(probabilities[i] >= 0 && probabilities[i] <= 1))
      return bad_value("probability", i, probabilities[i], "it must lie between 0 and 1");
    expected[i] = probabilities[i] * incomes[i] - costs[i];
  }
  return expected;
}

base::Result<std::vector<AmountPoint>> amount_curve(const AmountRows& rows, Doubles keys) {
  TRY(check(rows));
  TRY(check_size(keys.size(), rows.labels.size(), "keys"));
  std::vector<std::size_t> order(keys.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t i = 0; i < keys.size(); ++i)
    if (std::isnan(keys[i])) return bad_value("key", i, keys[i], "it must be a number");
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return keys[a] != keys[b] ? keys[a] > keys[b] : a < b;
  });
  std::vector<AmountPoint> curve{{}};
  double profit = 0;
  for (std::size_t i = 0; i < order.size();) {
    const double key = keys[order[i]];
    for (; i < order.size() && keys[order[i]] == key; ++i) profit += brought(rows, order[i]);
    curve.push_back({static_cast<std::int64_t>(i), profit});
  }
  return curve;
}

base::Result<OrderComparison> compare_orders(const AmountRows& rows, Doubles probabilities,
                                             Doubles expected_incomes, double confidence) {
  TRY(metric::check_confidence(confidence));
  TRY(check(rows));
  TRY(check_size(probabilities.size(), rows.labels.size(), "probabilities"));
  TRY_ASSIGN(const std::vector<double> expected,
             expected_profits(probabilities, expected_incomes, rows.costs));
  TRY_ASSIGN(const auto by_probability, amount_curve(rows, probabilities));
  TRY_ASSIGN(const auto by_profit, amount_curve(rows, expected));
  const double income = std::accumulate(expected_incomes.begin(), expected_incomes.end(), 0.0);
  const double cost = std::accumulate(rows.costs.begin(), rows.costs.end(), 0.0);
  OrderComparison result{
      .everyone = outcome(rows, confidence, [](std::size_t) { return true; }),
      .where_it_pays = outcome(rows, confidence, [&](std::size_t i) { return expected[i] > 0; }),
      .above_mean_share = outcome(rows, confidence,
                                  [&](std::size_t i) { return probabilities[i] * income > cost; }),
      .best_by_probability = best_point(by_probability),
      .best_by_expected_profit = best_point(by_profit)};
  for (int tenth = 1; tenth <= 10; ++tenth) {
    const double offers = std::floor(static_cast<double>(rows.labels.size()) * tenth / 10);
    result.steps.push_back(
        {tenth / 10.0, profit_at(by_probability, offers), profit_at(by_profit, offers)});
  }
  return result;
}

}  // namespace profit
