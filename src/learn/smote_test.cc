// SPDX-License-Identifier: Apache-2.0
#include "learn/smote.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <set>

#include "base/random.h"
#include "learn/derived_features.h"
#include "learn/detail/nearest.h"

namespace learn {
namespace {

using data::Column;
using data::kMissingNumber;

std::vector<const Column*> pointers(std::span<const Column> columns) {
  std::vector<const Column*> result;
  for (const Column& column : columns) result.push_back(&column);
  return result;
}

Labels labels_of(std::vector<std::uint8_t> values) {
  Labels labels{.column = "y", .positive = "yes", .negative = "no"};
  labels.values = std::move(values);
  labels.positives = std::accumulate(labels.values.begin(), labels.values.end(), std::int64_t{0});
  return labels;
}

std::vector<std::string> texts_of(const data::Table& table, std::size_t column) {
  std::vector<std::string> texts;
  for (std::size_t row = 0; row < table.rows(); ++row)
    texts.push_back(table.columns()[column].text(row));
  return texts;
}

// Numbers, some of them missing, and texts.
struct Mixed {
  std::vector<Column> columns;
  Labels labels;
};

Mixed mixed(std::size_t rows, double rate, std::uint64_t seed) {
  base::Random random(seed);
  std::vector<double> x(rows), y(rows);
  std::vector<std::uint8_t> flag(rows), target(rows);
  std::vector<std::string> city(rows);
  const char* const cities[] = {"Lima", "Quito", "Cali", ""};
  for (std::size_t r = 0; r < rows; ++r) {
    x[r] = 1000 * random.normal();
    y[r] = random.bernoulli(0.2) ? kMissingNumber : random.uniform();
    flag[r] = random.bernoulli(0.3) ? 1 : 0;
    city[r] = cities[random.below(4)];
    target[r] = random.bernoulli(rate) ? 1 : 0;
  }
  return {{Column::of_numbers("x", x), Column::of_numbers("y", y), Column::of_bytes("flag", flag),
           Column::of_strings("city", city)},
          labels_of(target)};
}

// Three rows on a line, 0, 1 and 10: the nearest of 0 is 1, of 1 it is 0, of 10 it is 1.
TEST(Smote, makes_rows_up_on_the_way_to_a_neighbour) {
  const std::vector<Column> columns = {
      Column::of_numbers("x", {5, 0, 5, 1, 5, 10, 5, 5, 5, 5, 5, 5})};
  const Labels labels = labels_of({0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0});
  const Resampled result = *smote(pointers(columns), labels, {.neighbours = 1, .seed = 3});
  EXPECT_EQ(result.made_up, 6U);  // 9 of the others.
  ASSERT_EQ(result.table.rows(), 18U);
  EXPECT_EQ(result.labels.positives, 9);
  const std::vector<double> x = result.table.columns()[0].numbers();
  for (std::size_t row = 0; row < 12; ++row) {
    EXPECT_EQ(x[row], columns[0].number(row));
    EXPECT_EQ(result.labels.values[row], labels.values[row]);
  }
  std::set<double> different;
  for (std::size_t row = 12; row < 18; ++row) {
    EXPECT_EQ(result.labels.values[row], 1);
    const bool from_ten = row % 3 == 2;  // Each of the three begins twice, in turn.
    EXPECT_GE(x[row], from_ten ? 1 : 0);
    EXPECT_LE(x[row], from_ten ? 10 : 1);
    different.insert(x[row]);
  }
  EXPECT_EQ(different.size(), 6U);
}

TEST(Smote, moves_all_numbers_the_same_share_of_the_way) {
  const std::vector<Column> columns = {Column::of_numbers("x", {0, 4, 9, 9, 9, 9}),
                                       Column::of_numbers("y", {0, 8, 9, 9, 9, 9})};
  const Resampled result =
      *smote(pointers(columns), labels_of({1, 1, 0, 0, 0, 0}), {.neighbours = 1});
  ASSERT_EQ(result.table.rows(), 8U);
  for (std::size_t row = 6; row < 8; ++row) {
    EXPECT_EQ(result.table.columns()[1].number(row), 2 * result.table.columns()[0].number(row));
  }
}

// Between a row at 0 with the texts "a" and "m" and one at 1 with "b" and a missing text.
TEST(Smote, gives_each_text_of_an_end_as_often_as_the_row_is_near_it) {
  const std::size_t n = 6000, rows = n + 4;
  std::vector<double> x(rows, 7);
  std::vector<std::string> first(rows, "z"), second(rows, "z");
  std::vector<std::uint8_t> target(rows, 0);
  x[0] = 0, first[0] = "a", second[0] = "m", target[0] = 1;
  x[1] = 1, first[1] = "b", second[1] = "", target[1] = 1;
  const std::vector<Column> columns = {Column::of_numbers("x", x),
                                       Column::of_strings("first", first),
                                       Column::of_strings("second", second)};
  const Resampled result =
      *smote(pointers(columns), labels_of(target), {.neighbours = 1, .seed = 4});
  ASSERT_EQ(result.made_up, n);
  const Column& made_x = result.table.columns()[0];
  const auto made_first = texts_of(result.table, 1), made_second = texts_of(result.table, 2);
  double rows_in[4] = {0, 0, 0, 0}, of_b[4] = {0, 0, 0, 0}, of_different_ends = 0;
  for (std::size_t row = rows; row < rows + n; ++row) {
    const bool b = made_first[row] == "b", missing = made_second[row].empty();
    ASSERT_TRUE(b || made_first[row] == "a");
    ASSERT_TRUE(missing || made_second[row] == "m");
    const auto quarter = static_cast<std::size_t>(4 * made_x.number(row));
    rows_in[quarter] += 1;
    of_b[quarter] += b ? 1 : 0;
    of_different_ends += b != missing ? 1 : 0;
  }
  // Seed 4. Centres are the quarters' middles, the deviation at most sqrt(0.25 / 1500) = 0.013.
  for (std::size_t quarter = 0; quarter < 4; ++quarter) {
    EXPECT_NEAR(of_b[quarter] / rows_in[quarter], 0.125 + 0.25 * static_cast<double>(quarter),
                0.04);
  }
  // Each column has lots of its own: the mean of 2 x (1 − x); deviation 0.006.
  EXPECT_NEAR(of_different_ends / n, 1.0 / 3, 0.02);
}

TEST(Smote, keeps_missing_numbers_about_as_frequent) {
  // Of 0 and a missing number: 8 made-up rows from either end.
  std::vector<double> x(20, 7);
  x[0] = 0;
  x[1] = kMissingNumber;
  std::vector<std::uint8_t> target(20, 0);
  target[0] = target[1] = 1;
  const std::vector<Column> columns = {Column::of_numbers("x", x)};
  const Resampled result = *smote(pointers(columns), labels_of(target), {.neighbours = 1});
  const Column& made = result.table.columns()[0];
  ASSERT_EQ(made.size(), 36U);
  EXPECT_GT(made.missing(), 3U);
  EXPECT_LT(made.missing(), 15U);
  for (std::size_t row = 20; row < 36; ++row)
    EXPECT_TRUE(made.is_missing(row) || made.number(row) == 0);
}

TEST(Smote, is_the_same_with_any_number_of_threads_and_from_the_same_seed) {
  const Mixed rows = mixed(3000, 0.1, 5);
  const auto with = [&](int threads, std::uint64_t seed) {
    const Resampled result =
        *smote(pointers(rows.columns), rows.labels, {.seed = seed, .threads = threads});
    std::vector<std::string> all;
    for (std::size_t c = 0; c < 4; ++c) {
      for (std::string& text : texts_of(result.table, c)) all.push_back(std::move(text));
    }
    return all;
  };
  const auto one = with(1, 9);
  EXPECT_EQ(with(2, 9), one);
  EXPECT_EQ(with(7, 9), one);
  EXPECT_NE(with(1, 10), one);
}

TEST(Smote, makes_up_only_what_the_ratio_asks_for) {
  const Mixed rows = mixed(2000, 0.05, 6);
  const std::int64_t others = 2000 - rows.labels.positives;
  const Resampled result = *smote(pointers(rows.columns), rows.labels, {.ratio = 0.08});
  EXPECT_EQ(result.labels.positives, std::llround(0.08 * static_cast<double>(others)));
  EXPECT_EQ(result.table.rows(), 2000 + result.made_up);
  EXPECT_EQ(result.table.columns()[0].numbers().size(), result.labels.values.size());
}

TEST(Smote, adds_to_the_negatives_where_they_are_rarer) {
  const std::vector<Column> columns = {Column::of_bytes("x", {1, 2, 3, 4, 5, 6})};
  const Resampled result =
      *smote(pointers(columns), labels_of({1, 0, 1, 0, 1, 1}), {.neighbours = 1});
  EXPECT_EQ(result.labels.positives, 4);
  EXPECT_EQ(result.labels.values.size(), 8U);
}

TEST(Smote, refuses_what_it_cannot_do) {
  const std::vector<Column> columns = {Column::of_bytes("x", {1, 2, 3, 4, 5, 6, 7})};
  const Labels labels = labels_of({1, 0, 1, 0, 0, 0, 0});
  const auto refusal = [&](const SmoteOptions& options) {
    const auto result = smote(pointers(columns), labels, options);
    return result ? "" : result.error().message;
  };
  EXPECT_EQ(refusal({}), "SMOTE with 5 neighbours needs 6 rows of each class: 'yes' has 2");
  EXPECT_EQ(refusal({.neighbours = 1, .ratio = 0.2}),
            "SMOTE to a ratio of 0.2: 'yes' has 2 rows for 5 of the other class already, it would "
            "have to lose some");
  EXPECT_EQ(refusal({.neighbours = 0}), "SMOTE with 0 neighbours: there must be at least 1");
  EXPECT_EQ(refusal({.neighbours = 1, .ratio = 1.5}),
            "SMOTE to a ratio of 1.5: rows of the rarer class for each of the other lie in (0, 1]");
  EXPECT_NE(refusal({.neighbours = 1, .ratio = NAN}), "");
  EXPECT_FALSE(smote({}, labels, {.neighbours = 1}));
  EXPECT_FALSE(smote(pointers(columns), labels_of({1, 1, 0}), {.neighbours = 1}));
  const std::vector<Column> huge = {Column::of_numbers("x", {1e308, -1e308, 1, 2, 3, 4, 5})};
  EXPECT_EQ(smote(pointers(huge), labels, {.neighbours = 1}).error().message,
            "column 'x' holds 1e+308, too large a number for SMOTE to stand between it and others");
}

// Each row's distances to the others: by raw ones the money decides, by scaled ones the visits.
TEST(Smote, finds_neighbours_by_scaled_or_by_raw_distances) {
  const std::vector<Column> columns = {
      Column::of_numbers("money", {1000, 1300, 1900, 2200, 0, 0, 0, 0, 0, 0, 0, 0}),
      Column::of_bytes("visits", {0, 9, 0, 9, 5, 5, 5, 5, 5, 5, 5, 5})};
  const Labels labels = labels_of({1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0});
  const auto visits = [&](SmoteDistances distances) {
    const Resampled result =
        *smote(pointers(columns), labels, {.distances = distances, .neighbours = 1});
    std::vector<double> made = result.table.columns()[1].numbers();
    made.erase(made.begin(), made.begin() + 12);
    return made;
  };
  for (const double one : visits(SmoteDistances::kScaled)) EXPECT_TRUE(one == 0 || one == 9);
  for (const double one : visits(SmoteDistances::kRaw)) EXPECT_TRUE(one > 0 && one < 9) << one;
}

// Plain SMOTE: what stands between the indicators of two texts adds up to one text.
TEST(Smote, makes_shares_of_indicators) {
  const Mixed rows = mixed(400, 0.2, 12);
  const data::Table table = *data::Table::of(rows.columns);
  const DerivedFeatures encoding =
      *DerivedFeatures::fit(table, rows.labels, {.indicators = {"city"}});
  const data::Table indicators = *encoding.training_columns(table, rows.labels);
  std::vector<const Column*> columns = pointers(indicators.columns());
  ASSERT_EQ(columns.size(), 4U);  // Three cities, and none.
  columns.push_back(&rows.columns[0]);
  // By raw distances the nearest are near in x, whatever their city.
  const Resampled result = *smote(columns, rows.labels, {.distances = SmoteDistances::kRaw});
  std::size_t between = 0;
  for (std::size_t row = 400; row < result.table.rows(); ++row) {
    double sum = 0;
    for (std::size_t c = 0; c < 4; ++c) {
      const double share = result.table.columns()[c].number(row);
      sum += share;
      between += share > 0 && share < 1 ? 1 : 0;
    }
    ASSERT_NEAR(sum, 1, 1e-12);
  }
  EXPECT_GT(between, result.made_up);  // Two of each row between different cities.
}

// The distance as nearest.h words it, in double precision, column after column; of raw numbers not
// in units of the texts'.
double squared_distance(const std::vector<Column>& columns, std::span<const std::uint32_t> rows,
                        SmoteDistances distances, std::uint32_t a, std::uint32_t b) {
  const bool raw = distances == SmoteDistances::kRaw;
  std::vector<double> deviations;
  double sum = 0, texts = 0;
  for (const Column& column : columns) {
    if (!column.numeric()) {
      texts += column.text(a) == column.text(b) ? 0 : 1;
      continue;
    }
    double mean = 0, squares = 0, present = 0;
    for (const std::uint32_t row : rows) {
      if (column.is_missing(row)) continue;
      mean += column.number(row);
      ++present;
    }
    mean /= present;
    for (const std::uint32_t row : rows) {
      if (!column.is_missing(row)) squares += std::pow(column.number(row) - mean, 2);
    }
    const double deviation = std::sqrt(squares / present);
    deviations.push_back(deviation);
    const double unit = raw ? 1 : deviation;
    const auto from_mean = [&](std::uint32_t row) {
      return column.is_missing(row) ? 0 : (column.number(row) - mean) / unit;
    };
    sum += std::pow(from_mean(a) - from_mean(b), 2);
    sum += column.is_missing(a) != column.is_missing(b) ? std::pow(deviation / unit, 2) : 0;
  }
  std::sort(deviations.begin(), deviations.end());
  return sum + texts * (raw ? std::pow(deviations[deviations.size() / 2], 2) : 1);
}

// All of 120 rows, and the first 50 of them as candidates: the blocks find what a loop over pairs
// finds, but for pairs whose distances single precision cannot tell apart.
TEST(Nearest, finds_what_comparing_all_pairs_finds) {
  const Mixed mix = mixed(240, 0.5, 8);
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < 240; row += 2) rows.push_back(row);
  std::vector<std::uint32_t> to(rows.size());
  std::iota(to.begin(), to.end(), 0U);
  for (const SmoteDistances distances : {SmoteDistances::kScaled, SmoteDistances::kRaw}) {
    const detail::NeighbourSpace space(pointers(mix.columns), rows, distances);
    EXPECT_EQ(space.rows(), 120U);
    EXPECT_EQ(space.width(), 5U);  // x, y, whether y is missing, flag, city.
    for (const std::size_t candidates : {rows.size(), std::size_t{50}}) {
      const auto found = space.nearest(to, candidates, 4, 2);
      for (const std::uint32_t i : to) {
        const auto to_row = [&](std::uint32_t j) {
          return squared_distance(mix.columns, rows, distances, rows[i], rows[j]);
        };
        std::vector<double> all;
        for (std::uint32_t j = 0; j < candidates; ++j) {
          if (j != i) all.push_back(to_row(j));
        }
        std::sort(all.begin(), all.end());
        for (std::size_t k = 0; k < 4; ++k) {
          const std::uint32_t j = found[i * 4 + k];
          ASSERT_NE(j, i);
          ASSERT_LT(j, candidates);
          EXPECT_NEAR(to_row(j), all[k], 1e-4 * std::max(1.0, all[k]));
        }
      }
    }
  }
}

// A column so small beside another that its raw numbers are no single-precision ones.
TEST(Nearest, of_raw_numbers_of_any_size_are_other_rows) {
  const std::vector<Column> columns = {
      Column::of_numbers("small", {1e-300, 2e-300, 3e-300, 1e-300}),
      Column::of_numbers("large", {1e250, -1e250, 5, 7}),
      Column::of_numbers("x", {1e-300, 0, 2e-300, 0})};
  const std::vector<std::uint32_t> rows = {0, 1, 2, 3};
  const detail::NeighbourSpace space(pointers(columns), rows, SmoteDistances::kRaw);
  const auto found = space.nearest(rows, 4, 3, 1);
  for (const std::uint32_t row : rows) {
    std::set<std::uint32_t> others(found.begin() + 3 * row, found.begin() + 3 * row + 3);
    EXPECT_EQ(others.size(), 3U);
    EXPECT_FALSE(others.contains(row));
  }
}

TEST(Nearest, takes_the_first_of_equally_near_rows) {
  const std::vector<Column> columns = {Column::of_bytes("x", {1, 1, 1, 1, 2})};
  const std::vector<std::uint32_t> rows = {0, 1, 2, 3, 4};
  const detail::NeighbourSpace space(pointers(columns), rows, SmoteDistances::kScaled);
  EXPECT_EQ(space.nearest(rows, 5, 2, 1),
            (std::vector<std::uint32_t>{1, 2, 0, 2, 0, 1, 0, 1, 0, 1}));
}

}  // namespace
}  // namespace learn
