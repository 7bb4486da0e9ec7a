// SPDX-License-Identifier: Apache-2.0
#include "experiment/guardrails.h"

#include "base/check.h"

namespace experiment {
namespace {

struct Words {
  std::string_view name, title;
};
constexpr std::array<Words, kSecondaryMetrics.size()> kWords{
    {{"buyers", "customers who buy"},
     {"revenue_per_buyer", "revenue per buyer"},
     {"offers", "customers shown the offer"},
     {"acceptance", "offers accepted"}}};

}  // namespace

std::string_view name(SecondaryMetric metric) {
  return kWords[static_cast<std::size_t>(metric)].name;
}

std::string_view title(SecondaryMetric metric) {
  return kWords[static_cast<std::size_t>(metric)].title;
}

std::optional<SecondaryMetric> secondary_metric(std::string_view text) {
  for (const SecondaryMetric metric : kSecondaryMetrics) {
    if (name(metric) == text) return metric;
  }
  return std::nullopt;
}

bool in_percent(SecondaryMetric metric) { return metric != SecondaryMetric::kRevenuePerBuyer; }

bool is_share(SecondaryMetric metric) {
  return metric == SecondaryMetric::kBuyers || metric == SecondaryMetric::kOffers;
}

bool more_is_better(SecondaryMetric metric) { return metric != SecondaryMetric::kOffers; }

double planned_deviation(const Guardrail& guardrail) {
  constexpr double kMostOfShare = 0.5;
  return guardrail.deviation.value_or(is_share(guardrail.metric) ? kMostOfShare : 0);
}

double power_of_each(double power, int guardrails) {
  CHECK(guardrails >= 0);
  return 1 - (1 - power) / (guardrails + 1);
}

double power_of_all(double each, int guardrails) {
  CHECK(guardrails >= 0);
  return 1 - (1 - each) * (guardrails + 1);
}

Design guardrail_design(const Design& primary, int guardrails, double worst_loss,
                        double deviation) {
  return {.alpha = one_sided_alpha(primary),
          .power = power_of_each(primary.power, guardrails),
          .effect_per_customer = 0,
          .margin = -worst_loss,
          .deviation = deviation,
          .ratio = primary.ratio,
          .sides = Sides::kOne};
}

}  // namespace experiment
