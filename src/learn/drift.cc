// SPDX-License-Identifier: Apache-2.0
#include "learn/drift.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "base/number.h"
#include "learn/detail/tail_probability.h"

namespace learn {
namespace {

using data::Column;

constexpr std::size_t kFewestRows = 20;
constexpr double kFewestExpected = 5;
constexpr std::size_t kStabilityBins = 10;

// How often each of some values stands in the first part and in the last.
struct Counts {
  std::vector<double> first;
  std::vector<double> last;
};

double stability_index(const Counts& counts, double rows) {
  double index = 0;
  for (std::size_t i = 0; i < counts.first.size(); ++i) {
    if (counts.first[i] + counts.last[i] == 0) continue;
    const double p = std::max(counts.first[i], 0.5) / rows;
    const double q = std::max(counts.last[i], 0.5) / rows;
    index += (q - p) * std::log(q / p);
  }
  return index;
}

// Both parts have equally many rows, so half of a value's rows are expected in each.
double chance_of(const Counts& counts) {
  double statistic = 0, rare_first = 0, rare_last = 0;
  int groups = 0;
  const auto add = [&](double a, double b) {
    statistic += (a - b) * (a - b) / (a + b);
    ++groups;
  };
  for (std::size_t i = 0; i < counts.first.size(); ++i) {
    const double a = counts.first[i], b = counts.last[i];
    if ((a + b) / 2 >= kFewestExpected) {
      add(a, b);
    } else {
      rare_first += a;
      rare_last += b;
    }
  }
  if ((rare_first + rare_last) / 2 >= kFewestExpected) add(rare_first, rare_last);
  return groups < 2 ? 1 : detail::chi_squared_tail(statistic, groups - 1);
}

ColumnDrift compare_texts(const Column& column, std::size_t part) {
  const auto codes = column.codes();
  const auto count = [&](std::span<const std::int32_t> rows) {
    std::vector<double> counts(column.categories().size() + 1);
    for (const std::int32_t code : rows) ++counts[static_cast<std::size_t>(code + 1)];
    return counts;
  };
  const Counts counts{count(codes.first(part)), count(codes.last(part))};
  const auto rows = static_cast<double>(part);
  ColumnDrift drift{.column = column.name()};
  for (std::size_t i = 0; i < counts.first.size(); ++i)
    drift.distance += std::abs(counts.first[i] - counts.last[i]) / rows / 2;
  drift.stability_index = stability_index(counts, rows);
  drift.chance = chance_of(counts);
  return drift;
}

// A stretch of a column in rising order, missing values first.
std::vector<double> sorted_part(const Column& column, std::size_t first, std::size_t rows) {
  std::vector<double> values(rows);
  for (std::size_t r = 0; r < rows; ++r) {
    const double value = column.number(first + r);
    values[r] = std::isnan(value) ? -HUGE_VAL : value;
  }
  std::sort(values.begin(), values.end());
  return values;
}

double largest_gap(const std::vector<double>& first, const std::vector<double>& last) {
  std::size_t i = 0, j = 0, gap = 0;
  while (i < first.size() && j < last.size()) {
    const double value = std::min(first[i], last[j]);
    while (i < first.size() && first[i] == value) ++i;
    while (j < last.size() && last[j] == value) ++j;
    gap = std::max(gap, i > j ? i - j : j - i);
  }
  return static_cast<double>(gap) / static_cast<double>(first.size());
}

// In the tenths of the first part; equal values are in one bin.
Counts count_tenths(const std::vector<double>& first, const std::vector<double>& last) {
  std::vector<double> edges;
  for (std::size_t i = 1; i < kStabilityBins; ++i)
    edges.push_back(first[first.size() * i / kStabilityBins]);
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  const auto count = [&](const std::vector<double>& values) {
    std::vector<double> counts(edges.size() + 1);
    for (const double value : values) {
      const auto bin = std::upper_bound(edges.begin(), edges.end(), value) - edges.begin();
      ++counts[static_cast<std::size_t>(bin)];
    }
    return counts;
  };
  return {count(first), count(last)};
}

ColumnDrift compare_numbers(const Column& column, std::size_t part) {
  const std::vector<double> first = sorted_part(column, 0, part);
  const std::vector<double> last = sorted_part(column, column.size() - part, part);
  const auto rows = static_cast<double>(part);
  ColumnDrift drift{.column = column.name()};
  drift.distance = largest_gap(first, last);
  drift.stability_index = stability_index(count_tenths(first, last), rows);
  drift.chance = detail::kolmogorov_tail(std::sqrt(rows / 2) * drift.distance);
  return drift;
}

TargetDrift compare_target(const Labels& labels, std::size_t part) {
  const std::span<const std::uint8_t> values = labels.values;
  const auto positives = [](std::span<const std::uint8_t> rows) {
    return std::accumulate(rows.begin(), rows.end(), 0.0);
  };
  const auto rows = static_cast<double>(part);
  TargetDrift drift;
  drift.first_rate = positives(values.first(part)) / rows;
  drift.last_rate = positives(values.last(part)) / rows;
  const double rate = (drift.first_rate + drift.last_rate) / 2;
  if (rate > 0 && rate < 1)
    drift.z = (drift.last_rate - drift.first_rate) / std::sqrt(rate * (1 - rate) * 2 / rows);
  drift.chance = detail::two_sided_normal_tail(drift.z);
  return drift;
}

// Holm's step-down correction, in place.
void correct(std::vector<double*>& chances) {
  std::stable_sort(chances.begin(), chances.end(),
                   [](const double* a, const double* b) { return *a < *b; });
  double highest = 0;
  for (std::size_t i = 0; i < chances.size(); ++i) {
    highest = std::max(highest, *chances[i] * static_cast<double>(chances.size() - i));
    *chances[i] = std::min(highest, 1.0);
  }
}

base::Result<void> validate(const DriftOptions& options) {
  const auto refuse = [](const std::string& what, double value, const std::string& right) {
    return base::input_error(what + " is " + base::format_double(value) + ": " + right);
  };
  if (!(options.part > 0 && options.part <= 0.5))
    return refuse("the part of the rows to compare", options.part, "it must lie in (0, 0.5]");
  if (!(options.alpha > 0 && options.alpha < 1))
    return refuse("alpha", options.alpha, "it must lie strictly between 0 and 1");
  if (!(options.least_distance >= 0 && options.least_distance < 1))
    return refuse("the least distance", options.least_distance, "it must lie in [0, 1)");
  if (!(options.least_rate_change >= 0 && std::isfinite(options.least_rate_change)))
    return refuse("the least change of the rate", options.least_rate_change,
                  "it must be 0 or more");
  return {};
}

std::string percent(double share) { return base::format_fixed(100 * share, 1) + " %"; }

}  // namespace

bool Drift::warns() const {
  return target.warns ||
         std::any_of(columns.begin(), columns.end(), [](const auto& c) { return c.warns; });
}

base::Result<Drift> find_drift(std::span<const Column* const> columns, const Labels& labels,
                               const DriftOptions& options) {
  TRY(validate(options));
  const std::size_t rows = labels.values.size();
  for (const Column* column : columns) {
    if (column->size() == rows) continue;
    return base::input_error("column '" + column->name() + "' has " +
                             std::to_string(column->size()) + " rows, the target has " +
                             std::to_string(rows));
  }
  Drift drift;
  drift.part_rows = static_cast<std::size_t>(static_cast<double>(rows) * options.part);
  if (drift.part_rows < kFewestRows) {
    return base::input_error(std::to_string(rows) +
                             " rows are too few to look for drift: each of " +
                             "the two parts to compare needs " + std::to_string(kFewestRows));
  }
  std::vector<double*> chances = {&drift.target.chance};
  drift.target = compare_target(labels, drift.part_rows);
  drift.columns.reserve(columns.size());
  for (const Column* column : columns) {
    drift.columns.push_back(column->numeric() ? compare_numbers(*column, drift.part_rows)
                                              : compare_texts(*column, drift.part_rows));
    chances.push_back(&drift.columns.back().chance);
  }
  correct(chances);
  for (ColumnDrift& column : drift.columns)
    column.warns = column.chance <= options.alpha && column.distance >= options.least_distance;
  TargetDrift& target = drift.target;
  const double rate = static_cast<double>(labels.positives) / static_cast<double>(rows);
  target.warns = target.chance <= options.alpha &&
                 std::abs(target.last_rate - target.first_rate) >= options.least_rate_change * rate;
  std::stable_sort(drift.columns.begin(), drift.columns.end(),
                   [](const auto& a, const auto& b) { return a.distance > b.distance; });
  return drift;
}

std::vector<std::string> drift_warnings(const Drift& drift, const Labels& labels) {
  std::vector<std::string> warnings;
  const std::string parts =
      "the first " + base::format_count(static_cast<std::int64_t>(drift.part_rows)) +
      " rows and the last " + base::format_count(static_cast<std::int64_t>(drift.part_rows));
  if (drift.target.warns) {
    warnings.push_back("the target '" + labels.column + "' drifts with the order of the rows: '" +
                       labels.positive + "' in " + percent(drift.target.first_rate) + " and in " +
                       percent(drift.target.last_rate) + " of " + parts);
  }
  for (const ColumnDrift& column : drift.columns) {
    if (!column.warns) continue;
    warnings.push_back("column '" + column.column + "' drifts with the order of the rows: " +
                       parts + " differ by " + percent(column.distance) + " of their distribution");
  }
  return warnings;
}

}  // namespace learn
