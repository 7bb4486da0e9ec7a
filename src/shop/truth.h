// SPDX-License-Identifier: Apache-2.0
// The shop's money, and what any decider is truly worth in it. All parameters live here;
// docs/shop.md derives them.
//
// A customer brings a basket B of traditional purchases: empty with a fixed chance, else lognormal.
// Showing the offer takes the place of traditional products: with chance `loss` the basket is lost;
// a customer who accepts pays `price` on top. So in expectation a shown offer costs c = loss·E[B],
// an accepted one earns i = price, q = i/c, and a customer is worth showing exactly when p > 1/q.
// Both potential revenues of a customer (shown or not) share one basket.
#pragma once
#include <cstdint>
#include <functional>

#include "base/money.h"
#include "base/result.h"
#include "shop/law.h"

namespace shop {

struct Money {
  double price = 15.00;        // Dollars that an accepted offer brings: i.
  double loss = 0.60;          // Chance that showing the offer loses the traditional basket.
  double basket_mean = 16.00;  // Dollars a customer spends on average when nothing is shown.
  double basket_empty = 0.25;  // Share of customers who buy nothing traditional.
  double basket_log_deviation = 0.61;  // Deviation of the logarithm of a basket that is not empty.
  // Scales what the offer does, price and loss together, so q and everybody's best decision stay
  // what they are while every difference between two systems is multiplied. 0: the offer changes
  // nothing (A/A). See with_effect.
  double scale = 1.0;
};

// Refuses what is not a shop: amounts not positive, shares outside [0, 1), scale·loss beyond 1.
base::Result<void> validate(const Money& money);

double cost_of_showing(const Money& money);   // c, dollars.
double profitability(const Money& money);     // q = i/c.
double basket_deviation(const Money& money);  // Dollars.

struct Outcome {
  base::Cents
      revenue;  // Never negative; fractions of cents are rounded by the customer's own chance.
  bool accepted = false;  // The offer was shown and accepted.
};

// The outcome of customers' sessions under given money; a pure function, so a repeat is identical.
// Thread-safe.
class Till {
 public:
  explicit Till(const Money& money);  // CHECKs validate(money).
  [[nodiscard]] Outcome settle(const Customer& customer, bool shown) const;

 private:
  double loss_;
  double price_;  // Cents.
  double empty_;
  double log_mean_;  // Of a basket that is not empty, in cents.
  double log_deviation_;
};

// What a system does to the population, all that its expected money depends on.
struct Reach {
  double shown = 0;      // Share of customers who are shown the offer: E[D].
  double accepting = 0;  // Share who are shown it and accept: E[p·D].
};

// What a system is worth per customer: expectation and standard deviation of one customer's
// revenue, in dollars.
struct Worth {
  double mean = 0;
  double deviation = 0;
};

Worth worth(const Money& money, const Reach& reach);

// True gain of the candidate over the base, dollars per customer: Δ.
double gain(const Money& money, const Reach& base, const Reach& candidate);

// Reach of a decider that looks at age, sex and the true probability only, by numerical convolution
// of the law's 110 flags (grid 0.001 on the logit): no sampling error; gains agree with finer grids
// to about 1e-5 dollars.
Reach reach(const std::function<bool(int age, bool man, double probability)>& shows);
Reach reach_of_ideal(const Money& money);  // p > 1/q.

// The base as deployed, a logistic regression on age and sex with threshold 0.5: under this law it
// shows the offer to every man (p from 0.517 at 15 to 0.687 at 54) and to no woman (0.257 to
// 0.415).
bool base_shows(int age, bool man);
Reach reach_of_base();

// Reach of any two deciders over the same n > 1 customers, and what the error of their difference
// needs.
using Decider = std::function<bool(const Customer&)>;
struct SampledReach {
  Reach base;
  Reach candidate;
  double disagreeing = 0;            // Share on whom they differ: E[D],
  double disagreeing_accepting = 0;  // E[p·D] and E[p²·D].
  double disagreeing_accepting_squared = 0;
  std::int64_t customers = 0;
};
SampledReach sampled_reach(const Population& population, std::int64_t first_uuid, std::int64_t n,
                           const Decider& base, const Decider& candidate);

// Standard error of gain(money, s.base, s.candidate), dollars.
double gain_error(const Money& money, const SampledReach& s);

// The same money with the scale at which the candidate's true gain over the base is `effect`
// dollars per customer. Refuses an effect out of reach: more than all traditional sales can lose,
// or two systems without a difference.
base::Result<Money> with_effect(Money money, const Reach& base, const Reach& candidate,
                                double effect);

// The same money with the basket's log deviation at which the root mean square of the two systems'
// deviations is `deviation` dollars (closed form: both variances are linear in the basket's).
// Refuses an unreachable one.
base::Result<Money> with_deviation(Money money, const Reach& base, const Reach& candidate,
                                   double deviation);

}  // namespace shop
