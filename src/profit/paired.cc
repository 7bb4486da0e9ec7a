// SPDX-License-Identifier: Apache-2.0
#include "profit/paired.h"

#include <algorithm>
#include <cmath>

#include "metric/normal.h"
#include "profit/detail/bit_count.h"

namespace profit {
namespace {

double square(double x) { return x * x; }

base::Result<void> check(const Disagreement& t) {
  const std::int64_t least = std::min({t.first_only_positive, t.first_only_negative,
                                       t.second_only_positive, t.second_only_negative});
  const std::int64_t on_positives = t.first_only_positive + t.second_only_positive;
  if (t.rows < 2 || t.positives < 1)
    return base::input_error("a paired comparison needs two rows and one positive at least");
  if (least < 0 || on_positives > t.positives ||
      t.discordant() - on_positives > t.rows - t.positives)
    return base::input_error("the counts of a paired comparison do not fit its rows and positives");
  return {};
}

}  // namespace

Disagreement disagreement(const Decisions& decisions, std::size_t first, std::size_t second) {
  const auto p = decisions.on_positives(first), p2 = decisions.on_positives(second);
  const auto n = decisions.on_negatives(first), n2 = decisions.on_negatives(second);
  return {.first_only_positive = detail::count_first_only(p, p2),
          .first_only_negative = detail::count_first_only(n, n2),
          .second_only_positive = detail::count_first_only(p2, p),
          .second_only_negative = detail::count_first_only(n2, n),
          .rows = static_cast<std::int64_t>(decisions.rows()),
          .positives = static_cast<std::int64_t>(decisions.positives())};
}

base::Result<PairedDifference> paired_difference(const Disagreement& t, const Economics& e,
                                                 double confidence) {
  TRY(metric::check_confidence(confidence));
  TRY(check(t));
  const auto rows = static_cast<double>(t.rows), positives = static_cast<double>(t.positives);
  const auto up = static_cast<double>(t.first_only_positive),
             down = static_cast<double>(t.second_only_positive);
  const auto alarms = static_cast<double>(t.first_only_negative),
             spared = static_cast<double>(t.second_only_negative);
  const double gain = e.income - e.cost, x = e.cost / gain;

  const double total = gain * (up - down) - e.cost * (alarms - spared), mean = total / rows;
  const double squares = square(gain) * (up + down) + square(e.cost) * (alarms + spared);
  const double variance = std::max(0.0, squares - total * mean) / (rows - 1);
  const double error = std::sqrt(variance / rows);

  const double rap = total / (gain * positives);
  const double rap_squares = up * square(1 - rap) + down * square(1 + rap) +
                             (positives - up - down) * square(rap) + (alarms + spared) * square(x);
  PairedDifference result{
      .profit_per_customer = metric::normal_interval(mean, error, confidence),
      .rap = metric::normal_interval(rap, std::sqrt(rap_squares) / positives, confidence),
      .discordant = t.discordant()};
  if (error > 0) {
    result.z = mean / error;
    result.p = metric::two_sided_p(result.z);
  }
  return result;
}

}  // namespace profit
