// SPDX-License-Identifier: Apache-2.0
#include "profit/intervals.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "base/random.h"
#include "metric/bootstrap.h"
#include "profit/detail/binomial.h"
#include "profit/detail/same_rows.h"

namespace profit {
namespace {

using metric::Confusion;
using metric::normal_interval;

double square(double x) { return x * x; }

// The counts as doubles, and the binomial variances of TP and FP given the numbers of each class.
struct Counts {
  explicit Counts(const Confusion& c)
      : tp(static_cast<double>(c.tp)),
        fp(static_cast<double>(c.fp)),
        tn(static_cast<double>(c.tn)),
        fn(static_cast<double>(c.fn)) {}
  [[nodiscard]] double positives() const { return tp + fn; }
  [[nodiscard]] double negatives() const { return tn + fp; }
  [[nodiscard]] double rows() const { return positives() + negatives(); }
  [[nodiscard]] double tp_variance() const { return tp * fn / positives(); }
  [[nodiscard]] double fp_variance() const { return negatives() == 0 ? 0 : fp * tn / negatives(); }
  double tp, fp, tn, fn;
};

double rap_variance(const Counts& n, double rap, double x, Sampling sampling) {
  const double sum = sampling == Sampling::kRows
                         ? n.tp * square(1 - rap) + n.fp * square(x) + n.fn * square(rap)
                         : n.tp_variance() + square(x) * n.fp_variance();
  return sum / square(n.positives());
}

double profit_variance(const Counts& n, double profit, const Economics& e, Sampling sampling) {
  const double gain = square(e.income - e.cost), loss = square(e.cost);
  if (sampling == Sampling::kClasses) return gain * n.tp_variance() + loss * n.fp_variance();
  return std::max(0.0, n.tp * gain + n.fp * loss - square(profit) / n.rows());
}

double tap_variance(const Counts& n, const Economics& e, Sampling sampling) {
  if (sampling == Sampling::kClasses) return 0;
  return square(e.income - e.cost) * n.positives() * n.negatives() / n.rows();
}

double roi_variance(const Counts& n, double q, Sampling sampling) {
  const double offers = n.tp + n.fp;
  if (sampling == Sampling::kRows) return square(q) * n.tp * n.fp / (offers * offers * offers);
  return square(q) * (square(n.fp) * n.tp_variance() + square(n.tp) * n.fp_variance()) /
         square(square(offers));
}

base::Result<void> check(const Confusion& c, double confidence) {
  TRY(metric::check_confidence(confidence));
  return detail::check_same_rows({&c, 1});
}

}  // namespace

base::Result<MoneyIntervals> money_intervals(const Confusion& c, const Economics& e,
                                             double confidence, Sampling sampling) {
  TRY(check(c, confidence));
  const Counts n(c);
  const double rap = *relative_achieved_profit(c, e.q()), money = profit(c, e);
  const double deviation = std::sqrt(profit_variance(n, money, e, sampling));
  MoneyIntervals result{
      .rap = normal_interval(rap, std::sqrt(rap_variance(n, rap, 1 / (e.q() - 1), sampling)),
                             confidence),
      .profit = normal_interval(money, deviation, confidence),
      .tap = normal_interval(theoretically_achievable_profit(c, e),
                             std::sqrt(tap_variance(n, e, sampling)), confidence),
      .profit_per_customer = normal_interval(money / n.rows(), deviation / n.rows(), confidence)};
  if (const std::optional<double> on_investment = roi(c, e.q())) {
    result.roi =
        normal_interval(*on_investment, std::sqrt(roi_variance(n, e.q(), sampling)), confidence);
  }
  return result;
}

namespace {

Confusion draw(const Confusion& c, Sampling sampling, base::Random& random) {
  const auto share = [](std::int64_t part, std::int64_t whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
  };
  const std::int64_t positives =
      sampling == Sampling::kClasses
          ? c.positives()
          : detail::draw_binomial(random, c.total(), share(c.positives(), c.total()));
  const std::int64_t negatives = c.total() - positives;
  const std::int64_t tp = detail::draw_binomial(random, positives, share(c.tp, c.positives()));
  const std::int64_t fp = detail::draw_binomial(random, negatives, share(c.fp, c.negatives()));
  return {.tp = tp, .fp = fp, .tn = negatives - fp, .fn = positives - tp};
}

}  // namespace

base::Result<MoneyIntervals> bootstrap_intervals(const Confusion& c, const Economics& e,
                                                 const BootstrapOptions& options) {
  TRY(check(c, options.confidence));
  if (options.resamples < 100) {
    return base::input_error("a bootstrap of " + std::to_string(options.resamples) +
                             " resamples is too small: at least 100");
  }
  base::Random random(options.seed);
  std::array<std::vector<double>, 5> values;
  for (int b = 0; b < options.resamples; ++b) {
    const Confusion drawn = draw(c, options.sampling, random);
    if (const auto rap = relative_achieved_profit(drawn, e.q())) values[0].push_back(*rap);
    values[1].push_back(profit(drawn, e));
    values[2].push_back(theoretically_achievable_profit(drawn, e));
    values[3].push_back(*profit_per_customer(drawn, e));
    if (const auto on_investment = roi(drawn, e.q())) values[4].push_back(*on_investment);
  }
  const auto interval = [&](double estimate, std::size_t which) {
    return metric::percentile_interval(estimate, std::move(values[which]), options.confidence);
  };
  MoneyIntervals result{.rap = interval(*relative_achieved_profit(c, e.q()), 0),
                        .profit = interval(profit(c, e), 1),
                        .tap = interval(theoretically_achievable_profit(c, e), 2),
                        .profit_per_customer = interval(*profit_per_customer(c, e), 3)};
  if (const auto on_investment = roi(c, e.q())) result.roi = interval(*on_investment, 4);
  return result;
}

}  // namespace profit
