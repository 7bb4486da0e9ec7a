// SPDX-License-Identifier: Apache-2.0
#include "metric/fairness.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/check.h"
#include "base/number.h"
#include "metric/uplift.h"

namespace metric {
namespace {

constexpr std::uint32_t kMostGroups = 1'000'000;

base::Error at_row(std::size_t row, const std::string& what) {
  return base::input_error("row " + std::to_string(row) + ": " + what);
}

base::Result<void> check(const GroupedRows& rows, const FairnessOptions& options) {
  TRY(check_confidence(options.confidence));
  if (options.least_rows < 1)
    return base::input_error("the least number of rows of a group must be 1 or more");
  const std::size_t n = rows.groups.size();
  if (n == 0) return base::input_error("there is no row to judge fairness on");
  if (rows.labels.size() != n || rows.decisions.size() != n ||
      (!rows.probabilities.empty() && rows.probabilities.size() != n)) {
    return base::input_error("groups, labels, decisions and probabilities must be of one length");
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (rows.labels[i] > 1)
      return at_row(i, "the label is " + std::to_string(rows.labels[i]) + ", not 0 or 1");
    if (rows.groups[i] > kMostGroups)
      return at_row(i, "the group is " + std::to_string(rows.groups[i]) + ", above 1000000");
    if (!rows.probabilities.empty() && !(rows.probabilities[i] >= 0 && rows.probabilities[i] <= 1))
      return at_row(i, "the probability is " + base::format_double(rows.probabilities[i]) +
                           ", not between 0 and 1");
  }
  return {};
}

struct Sums {
  Confusion counts;
  double surplus = 0, squares = 0;  // Of p − y.
};

std::vector<Sums> sums_of(const GroupedRows& rows) {
  std::vector<Sums> sums(*std::max_element(rows.groups.begin(), rows.groups.end()) +
                         std::size_t{1});
  for (std::size_t i = 0; i < rows.groups.size(); ++i) {
    Sums& s = sums[rows.groups[i]];
    const bool offered = rows.decisions[i] != 0, accepts = rows.labels[i] != 0;
    ++(accepts ? (offered ? s.counts.tp : s.counts.fn) : (offered ? s.counts.fp : s.counts.tn));
    if (rows.probabilities.empty()) continue;
    const double off = rows.probabilities[i] - rows.labels[i];
    s.surplus += off;
    s.squares += off * off;
  }
  return sums;
}

std::optional<Interval> calibration_of(const Sums& s, double confidence) {
  const auto n = static_cast<double>(s.counts.total());
  if (n < 2) return std::nullopt;
  const double mean = s.surplus / n;
  const double variance = std::max(0.0, s.squares - s.surplus * mean) / (n - 1);
  return normal_interval(mean, std::sqrt(variance / n), confidence);
}

GroupRates rates_of(std::uint32_t group, const Sums& s, bool has_probabilities, double confidence) {
  const Confusion& c = s.counts;
  GroupRates rates{.group = group,
                   .counts = c,
                   .offered = wilson(c.offered(), c.total(), confidence),
                   .opportunity = wilson(c.tp, c.positives(), confidence),
                   .false_alarm = wilson(c.fp, c.negatives(), confidence),
                   .precision = wilson(c.tp, c.offered(), confidence)};
  if (has_probabilities) rates.calibration = calibration_of(s, confidence);
  return rates;
}

// `rate` and the number of rows it rests on, of one group.
template <class Rate, class Rows>
std::optional<Gap> gap(const std::vector<GroupRates>& groups, std::int64_t least_rows, Rate rate,
                       Rows rows) {
  const GroupRates *low = nullptr, *high = nullptr;
  int counted = 0;
  for (const GroupRates& g : groups) {
    if (rows(g.counts) < least_rows) continue;
    ++counted;
    if (low == nullptr || rate(g)->estimate < rate(*low)->estimate) low = &g;
    if (high == nullptr || rate(g)->estimate > rate(*high)->estimate) high = &g;
  }
  if (counted < 2) return std::nullopt;
  Gap result{.difference = share_difference(*rate(*high), *rate(*low)),
             .high = high->group,
             .low = low->group};
  if (rate(*high)->estimate > 0) result.ratio = rate(*low)->estimate / rate(*high)->estimate;
  return result;
}

}  // namespace

base::Result<Fairness> fairness(const GroupedRows& rows, const FairnessOptions& options) {
  TRY(check(rows, options));
  Fairness result;
  const std::vector<Sums> sums = sums_of(rows);
  std::vector<double> benefits;
  for (std::uint32_t group = 0; group < sums.size(); ++group) {
    const std::int64_t n = sums[group].counts.total();
    if (n == 0) continue;
    result.groups.push_back(
        rates_of(group, sums[group], !rows.probabilities.empty(), options.confidence));
    const GroupRates& rates = result.groups.back();
    if (n < options.least_rows) {
      result.too_small.push_back(group);
      continue;
    }
    benefits.push_back(rates.offered->estimate);
    if (rates.calibration) {
      result.calibration =
          std::max(result.calibration.value_or(0), std::fabs(rates.calibration->estimate));
    }
  }
  const auto between = [&](auto rate, auto denominator) {
    return gap(result.groups, options.least_rows, rate, denominator);
  };
  result.demographic_parity = between([](const GroupRates& g) { return g.offered; },
                                      [](const Confusion& c) { return c.total(); });
  result.equal_opportunity = between([](const GroupRates& g) { return g.opportunity; },
                                     [](const Confusion& c) { return c.positives(); });
  result.false_alarms = between([](const GroupRates& g) { return g.false_alarm; },
                                [](const Confusion& c) { return c.negatives(); });
  result.predictive_parity = between([](const GroupRates& g) { return g.precision; },
                                     [](const Confusion& c) { return c.offered(); });
  if (result.equal_opportunity && result.false_alarms) {
    result.equalised_odds = std::max(result.equal_opportunity->difference.estimate,
                                     result.false_alarms->difference.estimate);
  }
  result.jain = jain_index(benefits);
  return result;
}

std::optional<double> jain_index(std::span<const double> benefits) {
  double sum = 0, squares = 0;
  for (const double x : benefits) {
    CHECK(x >= 0);
    sum += x;
    squares += x * x;
  }
  if (squares == 0) return std::nullopt;
  return sum * sum / (static_cast<double>(benefits.size()) * squares);
}

}  // namespace metric
