// SPDX-License-Identifier: Apache-2.0
#include "study/detail/resampled.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "base/check.h"
#include "experiment/distribution.h"
#include "profit/ranking.h"

namespace study::detail {
namespace {

double test_to_train(const Ground& ground) {
  const Ground& round = ground.rounds().front();
  const auto rows = [](const Rows& part) { return static_cast<double>(part.labels.values.size()); };
  return rows(round.test()) / (rows(round.train()) + rows(round.validation()));
}

using Figure = std::function<std::optional<double>(const RoundFigures&)>;

const Figure kRap = [](const RoundFigures& round) { return round.rap; };
const Figure kRoi = [](const RoundFigures& round) { return round.roi; };
const Figure kEach = [](const RoundFigures& round) {
  return std::optional<double>(round.profit_per_customer);
};

// Of the rounds in which it is defined.
std::vector<double> values_of(const Model& model, const Figure& figure) {
  std::vector<double> values;
  for (const RoundFigures& round : model.rounds) {
    if (const auto value = figure(round)) values.push_back(*value);
  }
  return values;
}

// The leader's less the model's.
std::vector<double> leads(const Model& leader, const Model& model, const Figure& figure) {
  std::vector<double> values;
  for (std::size_t i = 0; i < model.rounds.size(); ++i) {
    const auto first = figure(leader.rounds[i]), second = figure(model.rounds[i]);
    if (first && second) values.push_back(*first - *second);
  }
  return values;
}

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

metric::Interval around(double estimate, const Resampled& spread) {
  return {estimate, spread.standard_error, estimate - spread.half_width,
          estimate + spread.half_width};
}

metric::Interval scaled(const metric::Interval& interval, double factor) {
  return {interval.estimate * factor, interval.standard_error * factor, interval.low * factor,
          interval.high * factor};
}

// The same estimate from rows of which each was counted `times` times over.
metric::Interval widened(const metric::Interval& interval, int times) {
  const double factor = std::sqrt(times);
  return {interval.estimate, interval.standard_error * factor,
          interval.estimate - (interval.estimate - interval.low) * factor,
          interval.estimate + (interval.high - interval.estimate) * factor};
}

}  // namespace

Resampled corrected_resampled(std::span<const double> values, double test_to_train,
                              double confidence) {
  CHECK(values.size() >= 2 && test_to_train > 0);
  const auto rounds = static_cast<double>(values.size());
  const double mean = mean_of(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double variance = squares / (rounds - 1);
  Resampled spread;
  spread.standard_error = std::sqrt((1 / rounds + test_to_train) * variance);
  spread.half_width =
      spread.standard_error * experiment::student_quantile((1 + confidence) / 2, rounds - 1);
  if (spread.standard_error > 0) {
    spread.t = mean / spread.standard_error;
    spread.p = 2 * experiment::student_sf(std::abs(spread.t), rounds - 1);
  } else {
    spread.p = mean == 0 ? 1 : 0;
  }
  return spread;
}

void spread_over_rounds(const Ground& ground, Analysis& analysis) {
  const double ratio = test_to_train(ground), confidence = analysis.options.confidence;
  const int repeats = ground.options().evaluation.repeats;
  const auto put = [&](const Model& model, const Figure& figure, metric::Interval& interval) {
    const std::vector<double> values = values_of(model, figure);
    if (values.size() < 2) return;
    const double estimate = analysis.by_row ? mean_of(values) : interval.estimate;
    interval = around(estimate, corrected_resampled(values, ratio, confidence));
  };
  for (Ranked& ranked : analysis.ranking) {
    profit::MoneyIntervals& money = ranked.money;
    const Model& model = ranked.model;
    put(model, kRap, money.rap);
    put(model, kEach, money.profit_per_customer);
    if (money.roi) put(model, kRoi, *money.roi);
    money.profit = scaled(money.profit_per_customer, static_cast<double>(model.test.total()));
    if (!analysis.by_row) money.tap = widened(money.tap, repeats);
  }
  std::ranges::stable_sort(analysis.ranking, [](const Ranked& a, const Ranked& b) {
    return a.money.rap.estimate > b.money.rap.estimate;
  });
}

void compare_over_rounds(const Ground& ground, Analysis& analysis) {
  const double ratio = test_to_train(ground), confidence = analysis.options.confidence;
  const Ranked& leader = analysis.ranking.front();
  std::vector<Ranked*> compared;
  std::vector<double> p;
  for (Ranked& ranked : analysis.ranking) {
    if (!ranked.behind) continue;
    profit::PairedDifference& behind = *ranked.behind;
    const std::vector<double> rap = leads(leader.model, ranked.model, kRap);
    const std::vector<double> each = leads(leader.model, ranked.model, kEach);
    if (rap.size() >= 2) {
      behind.rap = around(leader.money.rap.estimate - ranked.money.rap.estimate,
                          corrected_resampled(rap, ratio, confidence));
    }
    const Resampled spread = corrected_resampled(each, ratio, confidence);
    behind.profit_per_customer = around(
        leader.money.profit_per_customer.estimate - ranked.money.profit_per_customer.estimate,
        spread);
    behind.z = spread.t;
    behind.p = spread.p;
    compared.push_back(&ranked);
    p.push_back(behind.p);
  }
  const std::vector<double> adjusted = profit::holm(p);
  for (std::size_t i = 0; i < compared.size(); ++i) compared[i]->p_holm = adjusted[i];
}

}  // namespace study::detail
