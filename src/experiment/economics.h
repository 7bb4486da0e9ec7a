// SPDX-License-Identifier: Apache-2.0
// What an experiment measures of the economics with which its candidate was chosen: the income i of
// an accepted offer, the cost c of a shown one, and q = i/c.
//
// Among customers on whom the systems differ, chance decided who was shown the offer. With h the
// mean revenue of those it was hidden from, r of those who were shown it and refused, a of those
// who accepted,
//   c = h − r,  i = a − r,  q = i/c.
// That the hidden would have refused or accepted in the same shares is given by the assignment.
// That those who refuse and those who accept would spend alike if nothing were shown is assumed;
// where it fails, i and c are off by the same amount in opposite directions, but i·P(accept) − c,
// what showing brings, is right all the same. The interval of q is Fieller's (Journal of the Royal
// Statistical Society B 16, 1954), with normal quantiles. Pure and thread-safe.
#pragma once
#include <cstdint>
#include <optional>

#include "base/money.h"
#include "experiment/moments.h"
#include "experiment/welch.h"

namespace experiment {

// Collects the customers on whom the systems differ; order does not matter.
class OfferMoments {
 public:
  void add(bool shown, bool accepted, base::Cents revenue);
  [[nodiscard]] const MoneyMoments& hidden() const { return hidden_; }
  [[nodiscard]] const MoneyMoments& refused() const { return refused_; }
  [[nodiscard]] const MoneyMoments& accepted() const { return accepted_; }

 private:
  MoneyMoments hidden_;
  MoneyMoments refused_;
  MoneyMoments accepted_;
};

struct MeasuredEconomics {
  SampleSummary hidden{};
  SampleSummary refused{};
  SampleSummary accepted{};
  double acceptance = 0;  // Of the shown: the precision of showing to these customers.
  double income = 0;      // i, per accepted offer.
  double income_error = 0;
  Interval income_interval{};
  double cost = 0;  // c, per shown offer; not above 0 where showing costs nothing that is seen.
  double cost_error = 0;
  Interval cost_interval{};
  double covariance = 0;      // Of i and c: both rest on r.
  std::optional<double> q{};  // Nothing where c is not above 0.
  // Nothing where it is unbounded: c is not told from 0.
  std::optional<Interval> q_interval{};
  double gain_of_showing = 0;  // acceptance·i − c, per shown offer to these customers.
};

// Intervals two-sided at 1 − alpha. Nothing below two customers in any of the three groups.
std::optional<MeasuredEconomics> measure_economics(const OfferMoments& offers,
                                                   double two_sided_alpha);

}  // namespace experiment
