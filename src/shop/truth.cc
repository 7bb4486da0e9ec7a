// SPDX-License-Identifier: Apache-2.0
#include "shop/truth.h"

#include <cmath>

#include "base/check.h"
#include "base/number.h"
#include "base/random.h"

namespace shop {
namespace {

base::Error wrong(const char* what, double value, const char* right) {
  return base::input_error(std::string("the shop's ") + what + " must be " + right + ", not " +
                           base::format_double(value));
}

bool between(double value, double low, double high) {
  return value >= low && value <= high;
}  // False for NaN.

double price(const Money& m) { return m.price * m.scale; }
double loss(const Money& m) { return m.loss * m.scale; }

// E[B²] of a basket that is empty with chance z, else lognormal: (E[B]²/(1−z))·exp(s²).
double basket_second_moment(const Money& m) {
  return m.basket_mean * m.basket_mean / (1 - m.basket_empty) *
         std::exp(m.basket_log_deviation * m.basket_log_deviation);
}

// E[Y] and the parts of E[Y²] = basket·E[B²] + rest for a system's revenue Y. Given that the offer
// is shown, Y = (1 − L)·B + i·A with L, A, B independent for one customer, so E[Y²] is linear in
// that customer's p.
struct Moments {
  double mean;
  double basket;
  double rest;
};

Moments moments(const Money& m, const Reach& r) {
  const double i = price(m);
  const double l = loss(m);
  return {.mean = m.basket_mean * (1 - l * r.shown) + i * r.accepting,
          .basket = 1 - l * r.shown,
          .rest = (2 * (1 - l) * m.basket_mean * i + i * i) * r.accepting};
}

}  // namespace

base::Result<void> validate(const Money& m) {
  if (!between(m.price, 0.01, 1e6))
    return wrong("price", m.price, "from 0.01 to 1,000,000 dollars");
  if (!between(m.basket_mean, 0.01, 1e6))
    return wrong("mean basket", m.basket_mean, "from 0.01 to 1,000,000 dollars");
  if (!between(m.loss, 0, 1)) return wrong("chance of losing a basket", m.loss, "from 0 to 1");
  if (!between(m.basket_empty, 0, 0.999))
    return wrong("share of empty baskets", m.basket_empty, "from 0 to 0.999");
  if (!between(m.basket_log_deviation, 0, 3)) {
    return wrong("log deviation of baskets", m.basket_log_deviation, "from 0 to 3");
  }
  if (!between(m.scale, 0, 1e3)) return wrong("scale", m.scale, "from 0 to 1000");
  if (!between(loss(m), 0, 1)) {
    return wrong(
        "scale", m.scale,
        "small enough that no more than every basket is lost (scale times loss at most 1)");
  }
  return {};
}

double cost_of_showing(const Money& m) { return loss(m) * m.basket_mean; }
double profitability(const Money& m) { return m.price / (m.loss * m.basket_mean); }
double basket_deviation(const Money& m) {
  return std::sqrt(basket_second_moment(m) - m.basket_mean * m.basket_mean);
}

Till::Till(const Money& m)
    : loss_(loss(m)),
      price_(price(m) * 100),
      empty_(m.basket_empty),
      log_mean_(std::log(m.basket_mean * 100 / (1 - m.basket_empty)) -
                m.basket_log_deviation * m.basket_log_deviation / 2),
      log_deviation_(m.basket_log_deviation) {
  CHECK(validate(m).has_value());
}

Outcome Till::settle(const Customer& customer, bool shown) const {
  Outcome outcome;
  double cents = 0;
  const bool lost = shown && draw(customer, Draw::kSaleLost) < loss_;
  if (!lost && draw(customer, Draw::kBasketEmpty) >= empty_) {
    const double u = draw(customer, Draw::kBasketSize) + 0x1.0p-54;  // In (0, 1).
    cents = std::exp(log_mean_ + log_deviation_ * base::normal_quantile_for_simulation(u));
  }
  if (shown && customer.would_accept) {
    outcome.accepted = true;
    cents += price_;
  }
  // Rounded up or down by chance, so that cents cost the expectation nothing; whole amounts stay as
  // they are.
  outcome.revenue = base::Cents(static_cast<std::int64_t>(cents + draw(customer, Draw::kCents)));
  return outcome;
}

Worth worth(const Money& money, const Reach& reach) {
  const Moments m = moments(money, reach);
  return {
      .mean = m.mean,
      .deviation = std::sqrt(m.basket * basket_second_moment(money) + m.rest - m.mean * m.mean)};
}

double gain(const Money& money, const Reach& base, const Reach& candidate) {
  return worth(money, candidate).mean - worth(money, base).mean;
}

base::Result<Money> with_effect(Money money, const Reach& base, const Reach& candidate,
                                double effect) {
  TRY(validate(money));
  money.scale = 1;
  const double whole = gain(money, base, candidate);
  const double most = money.loss > 0 ? 1 / money.loss : 1e3;
  const double scale = effect == 0 ? 0 : effect / whole;
  if (!between(scale, 0, most)) {
    return base::input_error(
        "a true effect of " + base::format_double(effect) +
        " dollars per customer is out of reach: with these systems it can be from 0 to " +
        base::format_fixed(whole * most, 4));
  }
  money.scale = scale;
  return money;
}

base::Result<Money> with_deviation(Money money, const Reach& base, const Reach& candidate,
                                   double deviation) {
  TRY(validate(money));
  const Moments b = moments(money, base);
  const Moments c = moments(money, candidate);
  const double second =
      (2 * deviation * deviation + b.mean * b.mean + c.mean * c.mean - b.rest - c.rest) /
      (b.basket + c.basket);
  const double log_variance =
      std::log(second * (1 - money.basket_empty) / (money.basket_mean * money.basket_mean));
  if (!between(log_variance, 0, 9)) {
    return base::input_error("a deviation of " + base::format_double(deviation) +
                             " dollars per customer is out of reach of a mean basket of " +
                             base::format_double(money.basket_mean) + " dollars, of which " +
                             base::format_double(money.basket_empty * 100) + " % are empty");
  }
  money.basket_log_deviation = std::sqrt(log_variance);
  return money;
}

}  // namespace shop
