// SPDX-License-Identifier: Apache-2.0
#include "profit/economics.h"

#include <cmath>

#include "base/check.h"
#include "base/number.h"

namespace profit {
namespace {

double count(std::int64_t n) { return static_cast<double>(n); }

}  // namespace

base::Result<Economics> economics_from_money(double income, double cost) {
  if (!std::isfinite(income) || !std::isfinite(cost) || cost <= 0) {
    return base::input_error("the cost of an offer is " + base::format_double(cost) +
                             " and its income " + base::format_double(income) +
                             ": both must be finite and the cost above 0");
  }
  if (income <= cost || !std::isfinite(income / cost)) {
    return base::input_error(
        "an accepted offer earns " + base::format_double(income) + " and costs " +
        base::format_double(cost) +
        " to show: the income must be above the cost, or no offer is worth showing");
  }
  return Economics{.income = income, .cost = cost};
}

base::Result<Economics> economics_from_q(double q) {
  if (!std::isfinite(q) || q <= 1) {
    return base::input_error(
        "q is " + base::format_double(q) +
        ": the ratio of income to cost must be above 1, or no offer is worth showing");
  }
  return Economics{.income = q, .cost = 1};
}

base::Result<Economics> economics_from_hypothesis(double old_precision, double roi) {
  TRY_ASSIGN(const double q, q_from_roi(roi, old_precision));
  if (q <= 1) {
    return base::input_error("an old precision of " + base::format_double(old_precision) +
                             " with a return of " + base::format_double(roi) +
                             " gives q = " + base::format_double(q) +
                             ": q must be above 1; suppose a higher return or a lower precision");
  }
  return economics_from_q(q);
}

base::Result<double> q_from_roi(double roi, double old_precision) {
  if (!(old_precision > 0 && old_precision <= 1)) {
    return base::input_error("the old precision is " + base::format_double(old_precision) +
                             ": it must be above 0 and at most 1 (2.79 % is 0.0279)");
  }
  if (!std::isfinite(roi) || roi <= -1) {
    return base::input_error("the old return on investment is " + base::format_double(roi) +
                             ": it must be above −1 (−0.15 is a loss of 15 %)");
  }
  return (1 + roi) / old_precision;
}

std::optional<double> roi(const metric::Confusion& c, double q) {
  const std::optional<double> precision = metric::precision(c);
  if (!precision) return std::nullopt;
  return roi_from_precision(*precision, q);
}

double roi_from_precision(double precision, double q) { return precision * q - 1; }

double profit(const metric::Confusion& c, const Economics& e) {
  return count(c.tp) * e.income - count(c.offered()) * e.cost;
}

std::optional<double> profit_per_customer(const metric::Confusion& c, const Economics& e) {
  if (c.total() == 0) return std::nullopt;
  return profit(c, e) / count(c.total());
}

std::optional<double> profit_per_offer(const metric::Confusion& c, const Economics& e) {
  if (c.offered() == 0) return std::nullopt;
  return profit(c, e) / count(c.offered());
}

double theoretically_achievable_profit(const metric::Confusion& c, const Economics& e) {
  return count(c.positives()) * (e.income - e.cost);
}

std::optional<double> relative_achieved_profit(const metric::Confusion& c, double q) {
  CHECK(q > 1);
  if (c.positives() == 0) return std::nullopt;
  return (count(c.tp) * q - count(c.offered())) / (count(c.positives()) * (q - 1));
}

std::optional<double> precision_for_rap(double rap, double recall, double q) {
  CHECK(q > 1);
  // RAP (q − 1) = recall · (q − 1/precision).
  if (!(recall > 0 && recall <= 1)) return std::nullopt;
  const double offers_per_acceptance = q - rap * (q - 1) / recall;
  if (!(offers_per_acceptance >= 1) || !std::isfinite(offers_per_acceptance)) return std::nullopt;
  return 1 / offers_per_acceptance;
}

double break_even_threshold(const Economics& e) { return e.cost / e.income; }

double expected_profit(double probability, const Economics& e) {
  return probability * e.income - e.cost;
}

}  // namespace profit
