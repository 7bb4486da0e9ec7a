// SPDX-License-Identifier: Apache-2.0
#include "experiment/secondary_metrics.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/number.h"
#include "experiment/cuped.h"
#include "experiment/detail/neat_number.h"
#include "experiment/distribution.h"
#include "experiment/proportion.h"
#include "experiment/ratio_metric.h"

namespace experiment {
namespace {

constexpr int kPointDecimals = 2;

CustomerCounts sum(const CustomerCounts& a, const CustomerCounts& b) {
  return {a.customers + b.customers, a.buyers + b.buyers, a.shown + b.shown,
          a.accepted + b.accepted};
}

Proportion share_of(SecondaryMetric metric, const CustomerCounts& counts) {
  return {metric == SecondaryMetric::kBuyers ? counts.buyers : counts.shown, counts.customers};
}

// The customers with x = the denominator's indicator k and y = the numerator, which is 0 where k
// is: Σk² = Σk and Σk·y = Σy.
PairedMoments paired(std::int64_t customers, std::int64_t with_k, double mean_y, double syy) {
  const auto n = static_cast<double>(customers);
  const double mean_k = static_cast<double>(with_k) / n;
  return {customers, mean_k, mean_y, n * mean_k * (1 - mean_k), syy, n * mean_y * (1 - mean_k)};
}

PairedMoments ratio_of(SecondaryMetric metric, const CustomerCounts& counts,
                       const SampleSummary& revenue) {
  const auto n = static_cast<double>(counts.customers);
  if (metric == SecondaryMetric::kRevenuePerBuyer)
    return paired(counts.customers, counts.buyers, revenue.mean, revenue.variance * (n - 1));
  const double mean = static_cast<double>(counts.accepted) / n;
  return paired(counts.customers, counts.shown, mean, n * mean * (1 - mean));
}

std::optional<MetricChange> change_of_shares(const Proportion& base, const Proportion& candidate,
                                             double level) {
  const auto difference = proportion_difference(base, candidate, 2 * level);
  if (!difference) return std::nullopt;
  return MetricChange{difference->difference, difference->newcombe.low, difference->newcombe.high};
}

// Of all customers, from those on whom the systems differ.
MetricChange spread_over_all(const MetricChange& among, std::int64_t differing,
                             std::int64_t customers, double level) {
  const auto n = static_cast<double>(customers);
  const double q = static_cast<double>(differing) / n;
  const double z = -normal_quantile(level);
  const double of_share = z * z * among.difference * among.difference * q * (1 - q) / n;
  const double down = q * (among.difference - among.lower);
  const double up = q * (among.upper - among.difference);
  return {q * among.difference, q * among.difference - std::sqrt(down * down + of_share),
          q * among.difference + std::sqrt(up * up + of_share)};
}

std::optional<MetricChange> change_of(SecondaryMetric metric, const SecondaryRows& rows,
                                      const SampleSummary& base, const SampleSummary& candidate,
                                      double level, bool by_disagreement) {
  const ArmCounts all = rows.everybody();
  if (all.base.customers < 1 || all.candidate.customers < 1) return std::nullopt;
  if (!is_share(metric)) {
    const auto difference = ratio_difference(ratio_of(metric, all.base, base),
                                             ratio_of(metric, all.candidate, candidate));
    if (!difference) return std::nullopt;
    return MetricChange{difference->difference, difference->lower(level), difference->upper(level)};
  }
  const ArmCounts& of = by_disagreement ? rows.differ : all;
  const auto change =
      change_of_shares(share_of(metric, of.base), share_of(metric, of.candidate), level);
  if (!change || !by_disagreement) return change;
  return spread_over_all(*change, of.base.customers + of.candidate.customers,
                         all.base.customers + all.candidate.customers, level);
}

GuardrailStanding standing_of(SecondaryMetric metric, const std::optional<MetricChange>& change,
                              double worst) {
  if (!change) return GuardrailStanding::kOpen;
  const bool more = more_is_better(metric);
  const double at_worst = more ? change->lower : -change->upper;  // Below 0: worse.
  const double at_best = more ? change->upper : -change->lower;
  if (at_worst > -worst) return GuardrailStanding::kHolds;
  return at_best < -worst ? GuardrailStanding::kBroken : GuardrailStanding::kOpen;
}

std::optional<double> value_of(SecondaryMetric metric, const CustomerCounts& counts,
                               const SampleSummary& revenue) {
  const auto value = metric_value(metric, counts, revenue);
  if (!value) return std::nullopt;
  return value->value;
}

std::string say_signed_change(SecondaryMetric metric, double change, const MoneyWords& words) {
  return (change < 0 ? "−" : "+") + say_change(metric, std::fabs(change), words);
}

// Rounded away from the claim, as bounds are.
double rounded_bound(const SecondaryFigures& figures, const MoneyWords& words) {
  const int decimals = in_percent(figures.metric) ? kPointDecimals + 2 : words.decimals;
  return more_is_better(figures.metric) ? detail::round_down(figures.change->lower, decimals)
                                        : detail::round_up(figures.change->upper, decimals);
}

}  // namespace

void SecondaryRows::count(const CountedCustomer& customer, std::int64_t by) {
  ArmCounts& arms = customer.differ ? differ : agree;
  CustomerCounts& counts = customer.arm == Arm::kBase ? arms.base : arms.candidate;
  counts.customers += by;
  if (customer.bought) counts.buyers += by;
  if (customer.shown) counts.shown += by;
  if (customer.shown && customer.accepted) counts.accepted += by;
}

ArmCounts SecondaryRows::everybody() const {
  return {sum(agree.base, differ.base), sum(agree.candidate, differ.candidate)};
}

std::string_view name(GuardrailStanding standing) {
  constexpr std::array<std::string_view, 4> kNames{"none", "holds", "open", "broken"};
  return kNames[static_cast<std::size_t>(standing)];
}

std::optional<MetricValue> metric_value(SecondaryMetric metric, const CustomerCounts& counts,
                                        const SampleSummary& revenue) {
  if (counts.customers < 1) return std::nullopt;
  const auto n = static_cast<double>(counts.customers);
  if (is_share(metric)) {
    const double p = static_cast<double>(share_of(metric, counts).k) / n;
    return MetricValue{p, std::sqrt(p * (1 - p))};
  }
  const PairedMoments moments = ratio_of(metric, counts, revenue);
  if (!(moments.mean_x() > 0)) return std::nullopt;
  const auto ratio = ratio_metric(moments);
  return MetricValue{moments.mean_y() / moments.mean_x(),
                     ratio ? std::sqrt(ratio->variance * n) : 0};
}

std::vector<SecondaryFigures> secondary_figures(const SecondaryRows& rows,
                                                const SampleSummary& base,
                                                const SampleSummary& candidate,
                                                std::span<const Guardrail> guardrails, double level,
                                                bool by_disagreement) {
  const ArmCounts all = rows.everybody();
  std::vector<SecondaryFigures> result;
  for (const SecondaryMetric metric : kSecondaryMetrics) {
    const bool among = by_disagreement && is_share(metric);
    SecondaryFigures figures{.metric = metric,
                             .base = value_of(metric, all.base, base),
                             .candidate = value_of(metric, all.candidate, candidate),
                             .change = change_of(metric, rows, base, candidate, level, among),
                             .by_disagreement = among};
    for (const Guardrail& guardrail : guardrails) {
      if (guardrail.metric != metric) continue;
      figures.worst = guardrail.worst;
      figures.standing = standing_of(metric, figures.change, guardrail.worst);
    }
    result.push_back(figures);
  }
  return result;
}

bool all_hold(std::span<const SecondaryFigures> figures) {
  return std::all_of(figures.begin(), figures.end(), [](const SecondaryFigures& one) {
    return one.standing == GuardrailStanding::kNone || one.standing == GuardrailStanding::kHolds;
  });
}

std::string say_change(SecondaryMetric metric, double change, const MoneyWords& words) {
  if (!in_percent(metric)) return amount(change, words);
  std::string text = base::format_fixed(change * 100, kPointDecimals);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text + (text == "1" ? " point" : " points");
}

std::string sentence(const SecondaryFigures& figures, const MoneyWords& words) {
  const std::string title(experiment::title(figures.metric));
  const double worst = figures.worst.value_or(0);
  if (!figures.change) return title + ": nothing to measure";
  return title + " " + say_signed_change(figures.metric, figures.change->difference, words) +
         ", at worst " + say_signed_change(figures.metric, rounded_bound(figures, words), words) +
         " (" +
         say_signed_change(figures.metric, more_is_better(figures.metric) ? -worst : worst, words) +
         " allowed): " + std::string(name(figures.standing));
}

}  // namespace experiment
