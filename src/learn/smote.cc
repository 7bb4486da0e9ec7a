// SPDX-License-Identifier: Apache-2.0
#include "learn/smote.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/number.h"
#include "base/random.h"
#include "learn/detail/nearest.h"
#include "learn/detail/parallel.h"

namespace learn {
namespace {

using data::Column;

constexpr double kMostComparisons = 0x1p34;
constexpr std::size_t kFewestCandidates = 1024;
// Streams of the seed that are no made-up row's.
constexpr std::uint64_t kSampleStream = ~std::uint64_t{0};
constexpr std::uint64_t kRemainderStream = kSampleStream - 1;
std::uint64_t text_stream(std::size_t column) { return kRemainderStream - 1 - column; }

// One made-up row; positions among the rows of the rarer class.
struct Made {
  std::uint32_t from = 0;
  std::uint32_t towards = 0;
  double share = 0;  // Of the way, in [0, 1).
};

// What is made up, and from which rows.
struct Plan {
  std::vector<std::uint32_t> rows;  // Of the rarer class, in the space's order.
  std::vector<std::uint32_t> beginnings;
  std::vector<std::uint32_t> neighbours;  // k for each beginning.
  std::size_t k = 0;
  std::vector<std::uint32_t> beginning_of;  // For each made-up row its place in `beginnings`.
  std::vector<Made> made;
};

base::Result<void> validate(std::span<const Column* const> columns, const Labels& labels,
                            const SmoteOptions& options) {
  if (options.neighbours < 1) {
    return base::input_error("SMOTE with " + std::to_string(options.neighbours) +
                             " neighbours: there must be at least 1");
  }
  if (!(options.ratio > 0 && options.ratio <= 1)) {
    return base::input_error("SMOTE to a ratio of " + base::format_double(options.ratio) +
                             ": rows of the rarer class for each of the other lie in (0, 1]");
  }
  if (columns.empty()) return base::input_error("SMOTE needs a column");
  for (const Column* column : columns) {
    if (column->size() == labels.values.size()) continue;
    return base::input_error("column '" + column->name() + "' has " +
                             std::to_string(column->size()) + " rows, the target has " +
                             std::to_string(labels.values.size()));
  }
  return {};
}

// How many rows to make up.
base::Result<std::size_t> missing_rows(std::size_t rarer, std::size_t others,
                                       const std::string& value, const SmoteOptions& options) {
  if (rarer < static_cast<std::size_t>(options.neighbours) + 1) {
    return base::input_error("SMOTE with " + std::to_string(options.neighbours) +
                             " neighbours needs " + std::to_string(options.neighbours + 1) +
                             " rows of each class: '" + value + "' has " + std::to_string(rarer));
  }
  const auto wanted = std::llround(options.ratio * static_cast<double>(others));
  if (wanted < static_cast<long long>(rarer)) {
    return base::input_error("SMOTE to a ratio of " + base::format_double(options.ratio) + ": '" +
                             value + "' has " +
                             base::format_count(static_cast<std::int64_t>(rarer)) + " rows for " +
                             base::format_count(static_cast<std::int64_t>(others)) +
                             " of the other class already, it would have to lose some");
  }
  return static_cast<std::size_t>(wanted) - rarer;
}

void shuffle(std::vector<std::uint32_t>& values, base::Random random) {
  for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[random.below(i)]);
}

// Whole rounds of all rows, then the rest by lot.
void choose_beginnings(std::size_t made_up, std::uint64_t seed, Plan& plan) {
  const std::size_t m = plan.rows.size();
  plan.beginnings.resize(m);
  std::iota(plan.beginnings.begin(), plan.beginnings.end(), 0U);
  std::vector<std::uint32_t> drawn = plan.beginnings;
  shuffle(drawn, base::Random(seed, kRemainderStream));
  drawn.resize(made_up % m);
  std::sort(drawn.begin(), drawn.end());
  if (made_up < m) plan.beginnings = drawn;
  for (std::size_t i = 0; i < made_up; ++i) {
    const bool whole = i < made_up / m * m;
    const std::size_t at = whole ? i % m : made_up < m ? i : drawn[i - made_up / m * m];
    plan.beginning_of.push_back(static_cast<std::uint32_t>(at));
  }
}

void find_neighbours(std::span<const Column* const> columns, const SmoteOptions& options,
                     Plan& plan) {
  // Where only a sample is compared, it stands first.
  const double afforded =
      kMostComparisons / (static_cast<double>(plan.beginnings.size()) *
                          static_cast<double>(std::max<std::size_t>(columns.size(), 1)));
  const std::size_t least = std::max(kFewestCandidates, plan.k + 1);
  std::size_t candidates = plan.rows.size();
  if (static_cast<double>(candidates) > afforded && candidates > least) {
    candidates = std::max(static_cast<std::size_t>(afforded), least);
    shuffle(plan.rows, base::Random(options.seed, kSampleStream));
  }
  const detail::NeighbourSpace space(columns, plan.rows, options.distances);
  plan.neighbours = space.nearest(plan.beginnings, candidates, plan.k, options.threads);
}

void draw(std::uint64_t seed, Plan& plan) {
  plan.made.resize(plan.beginning_of.size());
  for (std::size_t i = 0; i < plan.made.size(); ++i) {
    base::Random random(seed, i);
    const std::size_t beginning = plan.beginning_of[i];
    plan.made[i].from = plan.beginnings[beginning];
    plan.made[i].towards = plan.neighbours[beginning * plan.k + random.below(plan.k)];
    plan.made[i].share = random.uniform();
  }
}

double between(double from, double towards, double share) {
  if (std::isnan(from) || std::isnan(towards)) return share < 0.5 ? from : towards;
  return from + share * (towards - from);
}

Column extend_numbers(const Column& column, const Plan& plan) {
  std::vector<double> values = column.numbers();
  const std::size_t rows = values.size();
  values.reserve(rows + plan.made.size());
  bool bytes = !column.bytes().empty();
  for (const Made& made : plan.made) {
    const double value =
        between(values[plan.rows[made.from]], values[plan.rows[made.towards]], made.share);
    bytes = bytes && (std::isnan(value) || value == std::trunc(value));
    values.push_back(value);
  }
  if (!bytes) return Column::of_numbers(column.name(), std::move(values));
  std::vector<std::uint8_t> narrow(values.size());
  std::transform(values.begin(), values.end(), narrow.begin(), [](double value) {
    return std::isnan(value) ? data::kMissingByte : static_cast<std::uint8_t>(value);
  });
  return Column::of_bytes(column.name(), std::move(narrow));
}

// The texts of one end or the other, by lots of the given stream.
Column extend_texts(const Column& column, const Plan& plan, base::Random random) {
  data::TextValues values;
  values.categories.assign(column.categories().begin(), column.categories().end());
  values.codes.assign(column.codes().begin(), column.codes().end());
  values.codes.reserve(values.codes.size() + plan.made.size());
  for (const Made& made : plan.made) {
    const std::uint32_t end = random.bernoulli(made.share) ? made.towards : made.from;
    values.codes.push_back(column.codes()[plan.rows[end]]);
  }
  return Column::of_text(column.name(), std::move(values));
}

// A number for which from + (to − from) might leave the doubles.
base::Result<void> check_ranges(std::span<const Column* const> columns) {
  for (const Column* column : columns) {
    for (const double value : column->doubles()) {
      if (!(std::abs(value) > std::numeric_limits<double>::max() / 4)) continue;
      return base::input_error("column '" + column->name() + "' holds " +
                               base::format_double(value) +
                               ", too large a number for SMOTE to stand between it and others");
    }
  }
  return {};
}

}  // namespace

base::Result<Resampled> smote(std::span<const Column* const> columns, const Labels& labels,
                              const SmoteOptions& options) {
  TRY(validate(columns, labels, options));
  const auto positives = static_cast<std::size_t>(labels.positives);
  const std::size_t negatives = labels.values.size() - positives;
  const std::uint8_t rarer = positives <= negatives ? 1 : 0;
  Plan plan;
  TRY_ASSIGN(const std::size_t made_up,
             missing_rows(std::min(positives, negatives), std::max(positives, negatives),
                          rarer == 1 ? labels.positive : labels.negative, options));
  if (labels.values.size() + made_up >= std::numeric_limits<std::uint32_t>::max())
    return base::input_error("SMOTE would make more than 4,294,967,294 rows");
  TRY(check_ranges(columns));
  plan.k = static_cast<std::size_t>(options.neighbours);
  for (std::size_t row = 0; row < labels.values.size(); ++row) {
    if (labels.values[row] == rarer) plan.rows.push_back(static_cast<std::uint32_t>(row));
  }
  choose_beginnings(made_up, options.seed, plan);
  if (made_up > 0) find_neighbours(columns, options, plan);
  draw(options.seed, plan);

  std::vector<std::optional<Column>> extended(columns.size());
  detail::for_each_piece(columns.size(), options.threads, [&](std::size_t c) {
    extended[c] = columns[c]->numeric()
                      ? extend_numbers(*columns[c], plan)
                      : extend_texts(*columns[c], plan, base::Random(options.seed, text_stream(c)));
  });
  std::vector<Column> all;
  for (std::optional<Column>& column : extended) all.push_back(*std::move(column));
  Resampled result;
  TRY_ASSIGN(result.table, data::Table::of(std::move(all)));
  result.labels = labels;
  result.labels.values.insert(result.labels.values.end(), made_up, rarer);
  result.labels.positives += rarer == 1 ? static_cast<std::int64_t>(made_up) : 0;
  result.made_up = made_up;
  return result;
}

}  // namespace learn
