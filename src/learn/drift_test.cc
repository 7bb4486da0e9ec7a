// SPDX-License-Identifier: Apache-2.0
#include "learn/drift.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numeric>

#include "base/random.h"
#include "data/csv.h"
#include "data/table.h"
#include "learn/detail/tail_probability.h"

namespace learn {
namespace {

using data::Column;

std::vector<const Column*> pointers(std::span<const Column> columns) {
  std::vector<const Column*> result;
  for (const Column& column : columns) result.push_back(&column);
  return result;
}

Labels labels_of(std::vector<std::uint8_t> values) {
  Labels labels{.column = "y", .positive = "1", .negative = "0", .numeric = true};
  labels.values = std::move(values);
  labels.positives = std::accumulate(labels.values.begin(), labels.values.end(), std::int64_t{0});
  return labels;
}

std::string unpacked(const std::string& path) {
  std::string text;
  FILE* pipe = popen(("gzip -dc '" + path + "'").c_str(), "r");
  char buffer[65536];
  for (std::size_t n; pipe != nullptr && (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;)
    text.append(buffer, n);
  if (pipe != nullptr) pclose(pipe);
  return text;
}

// R 4.2: pchisq(…, lower.tail = FALSE); 2 * pnorm(-1.96); the Kolmogorov limits of Smirnov's table
// (1948): 5 % at 1.358, 1 % at 1.628.
TEST(TailProbability, is_that_of_the_tables) {
  EXPECT_NEAR(detail::chi_squared_tail(3.841458820694124, 1), 0.05, 1e-12);
  EXPECT_NEAR(detail::chi_squared_tail(18.307038053275146, 10), 0.05, 1e-12);
  EXPECT_NEAR(detail::chi_squared_tail(2, 2), std::exp(-1), 1e-14);  // In closed form.
  EXPECT_NEAR(detail::chi_squared_tail(80, 2) / std::exp(-40), 1, 1e-11);
  EXPECT_EQ(detail::chi_squared_tail(0, 3), 1);
  EXPECT_NEAR(detail::two_sided_normal_tail(-1.959963984540054), 0.05, 1e-14);
  EXPECT_NEAR(detail::kolmogorov_tail(1.3581), 0.05, 1e-4);
  EXPECT_NEAR(detail::kolmogorov_tail(1.6276), 0.01, 1e-4);
  EXPECT_EQ(detail::kolmogorov_tail(0.1), 1);
  EXPECT_NEAR(detail::kolmogorov_tail(0.2), 1, 1e-10);
}

// Forty rows against forty, by hand: a text half of whose rows change, a number all of whose rows
// do, a rate that goes from 1/4 to 1/2.
TEST(Drift, is_what_a_pencil_says) {
  std::vector<std::string> texts(80, "a");
  std::vector<double> numbers(80);
  std::vector<std::uint8_t> target(80, 0);
  for (std::size_t i = 0; i < 80; ++i) {
    if (i >= 40 && i % 2 == 0) texts[i] = "b";
    numbers[i] = i < 40 ? 1 : 2;
    target[i] = i % (i < 40 ? 4 : 2) == 0 ? 1 : 0;
  }
  const std::vector<Column> columns = {Column::of_strings("text", texts),
                                       Column::of_numbers("number", numbers)};
  const Drift drift = *find_drift(pointers(columns), labels_of(target), {.part = 0.5});
  ASSERT_EQ(drift.part_rows, 40U);
  ASSERT_EQ(drift.columns[0].column, "number");
  EXPECT_EQ(drift.columns[0].distance, 1);
  EXPECT_EQ(drift.columns[1].distance, 0.5);
  // a: 40 → 20, b: 0 (half a row) → 20.
  EXPECT_NEAR(drift.columns[1].stability_index,
              -0.5 * std::log(0.5) + (0.5 - 0.5 / 40) * std::log(0.5 / (0.5 / 40)), 1e-12);
  // (40 − 20)² / 60 + (0 − 20)² / 20 = 26.67 with one degree of freedom; the middle of three
  // chances.
  EXPECT_NEAR(drift.columns[1].chance, 2 * detail::chi_squared_tail(400.0 / 60 + 20, 1), 1e-15);
  EXPECT_TRUE(drift.columns[0].warns && drift.columns[1].warns);
  EXPECT_EQ(drift.target.first_rate, 0.25);
  EXPECT_EQ(drift.target.last_rate, 0.5);
  EXPECT_NEAR(drift.target.z, 0.25 / std::sqrt(0.375 * 0.625 / 20), 1e-12);
  EXPECT_FALSE(drift.target.warns);  // A chance of 2 % is above 1 %.
}

TEST(Drift, sees_missing_values_that_come_and_go) {
  std::vector<double> numbers(600, 5);
  for (std::size_t i = 0; i < 200; i += 2) numbers[i] = data::kMissingNumber;
  const std::vector<Column> columns = {Column::of_numbers("x", numbers)};
  const Drift drift = *find_drift(pointers(columns), labels_of(std::vector<std::uint8_t>(600, 1)));
  EXPECT_EQ(drift.columns[0].distance, 0.5);
  EXPECT_TRUE(drift.columns[0].warns);
  EXPECT_FALSE(drift.target.warns);
}

// Rows without any order: 500 tables of 20 columns and 300 rows, seeds 1 to 500, every distance
// counts. Warnings in at most 5 % of them, that is 25, are promised; 41 is the 99.9 % point of the
// binomial (scipy 1.11: binom.ppf(.999, 500, .05)). Uncorrected, 21 comparisons would warn in most.
TEST(Drift, warns_of_rows_in_random_order_as_seldom_as_it_promises) {
  int warned = 0;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    base::Random random(seed);
    std::vector<Column> columns;
    for (int c = 0; c < 20; ++c) {
      std::vector<double> numbers(300);
      std::vector<std::string> texts(300);
      for (std::size_t r = 0; r < 300; ++r) {
        numbers[r] = random.bernoulli(0.05) ? data::kMissingNumber : random.normal();
        texts[r] = std::string(1, static_cast<char>('a' + random.below(6)));
      }
      columns.push_back(c % 2 == 0 ? Column::of_numbers("n" + std::to_string(c), numbers)
                                   : Column::of_strings("t" + std::to_string(c), texts));
    }
    std::vector<std::uint8_t> target(300);
    for (std::uint8_t& y : target) y = random.bernoulli(0.3) ? 1 : 0;
    const Drift drift = *find_drift(pointers(columns), labels_of(target),
                                    {.alpha = 0.05, .least_distance = 0, .least_rate_change = 0});
    warned += drift.warns() ? 1 : 0;
  }
  EXPECT_LE(warned, 41);
  EXPECT_GE(warned, 3);  // A test that never speaks promises nothing.
}

TEST(Drift, refuses_what_it_cannot_compare) {
  const std::vector<Column> columns = {Column::of_numbers("x", std::vector<double>(59, 1))};
  const Labels labels = labels_of(std::vector<std::uint8_t>(59, 1));
  EXPECT_EQ(find_drift(pointers(columns), labels).error().message,
            "59 rows are too few to look for drift: each of the two parts to compare needs 20");
  EXPECT_EQ(find_drift(pointers(columns), labels, {.part = 0.6}).error().message,
            "the part of the rows to compare is 0.6: it must lie in (0, 0.5]");
  EXPECT_FALSE(find_drift(pointers(columns), labels, {.alpha = 0}));
  EXPECT_FALSE(find_drift(pointers(columns), labels, {.least_distance = NAN}));
  EXPECT_EQ(find_drift(pointers(columns), labels_of({1, 0})).error().message,
            "column 'x' has 59 rows, the target has 2");
}

// The bank's calls stand in the order of their dates (Moro et al. 2014, May 2008 to November 2010).
TEST(Drift, sees_that_the_banks_calls_are_in_the_order_of_time) {
  const char* shared = std::getenv("PROVECHO_SHARED");
  if (shared == nullptr) GTEST_SKIP() << "PROVECHO_SHARED is not set";
  const auto table = data::parse_csv(
      unpacked(std::string(shared) + "/data/bank-marketing/bank-full.csv.gz"), "bank-full");
  ASSERT_TRUE(table) << table.error().message;
  const auto check = [](const data::Table& rows) {
    const Labels labels = *read_labels(rows, "y");
    std::vector<const Column*> columns;
    for (const Column& column : rows.columns()) {
      if (column.name() != "y") columns.push_back(&column);
    }
    return std::pair(*find_drift(columns, labels), labels);
  };
  const auto [drift, labels] = check(*table);
  EXPECT_TRUE(drift.target.warns);
  const std::vector<std::string> warnings = drift_warnings(drift, labels);
  ASSERT_GT(warnings.size(), 4U);
  EXPECT_NE(warnings[0].find("the target 'y' drifts with the order of the rows: 'yes' in"),
            std::string::npos)
      << warnings[0];

  std::vector<std::uint32_t> order(table->rows());
  std::iota(order.begin(), order.end(), 0U);
  base::Random random(1);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  const auto [shuffled, same] = check(table->take(order));
  EXPECT_FALSE(shuffled.warns());
  EXPECT_TRUE(drift_warnings(shuffled, same).empty());
}

}  // namespace
}  // namespace learn
