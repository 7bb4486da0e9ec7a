// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/binned.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "learn/detail/histogram.h"
#include "learn/detail/team.h"

namespace learn::detail {
namespace {

Binned bin(const data::Column& column) {
  const data::Column* const columns[] = {&column};
  return *make_binned(columns, 1000, 1);
}

TEST(Binned, gives_each_of_few_values_a_bin_and_cuts_midway) {
  const Binned binned = bin(data::Column::of_numbers("x", {3, -1.5, data::kMissingNumber, 8, 3}));
  const BinnedColumn& column = binned.columns.at(0);
  EXPECT_EQ(column.bins, 3U);
  EXPECT_TRUE(column.missing);
  EXPECT_EQ(column.edges, (std::vector<double>{0.75, 5.5}));
  EXPECT_EQ(column.cells, (std::vector<std::uint8_t>{1, 0, 3, 2, 1}));
}

TEST(Binned, cuts_between_neighbouring_doubles_and_at_the_ends_of_their_range) {
  const double one = 1, next = std::nextafter(1.0, 2.0), huge = 1.7e308;
  const Binned binned = bin(data::Column::of_numbers("x", {one, next, huge, -huge, 0.0, -0.0}));
  const BinnedColumn& column = binned.columns.at(0);
  EXPECT_EQ(column.edges, (std::vector<double>{-huge / 2, 0.5, one, next / 2 + huge / 2}));
  EXPECT_EQ(column.cells, (std::vector<std::uint8_t>{2, 3, 4, 0, 1, 1}));
}

TEST(Binned, shares_rows_out_evenly_among_bins_of_many_values) {
  base::Random random(5);
  std::vector<double> values(20'000);
  for (double& value : values) value = random.bernoulli(0.3) ? 0.0 : random.normal();
  const Binned binned = bin(data::Column::of_numbers("x", values));
  const BinnedColumn& column = binned.columns.at(0);
  EXPECT_EQ(column.bins, kMostBins);
  std::vector<std::size_t> rows(column.bins);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t b = column.cells[i];
    ++rows[b];
    ASSERT_TRUE(b == 0 || values[i] > column.edges[b - 1]);
    ASSERT_TRUE(b + 1 == column.bins || values[i] <= column.edges[b]);
  }
  // 14,000 rows among 253 bins, and the zeros in one: its neighbours excepted, all are near 55.
  std::size_t near = 0;
  for (const std::size_t n : rows) near += n >= 40 && n <= 70 ? 1U : 0U;
  EXPECT_GE(near, kMostBins - 3);
}

// A column's fine bins, made where it goes on standing.
FineColumn fine_of(const data::Column& column) {
  const data::Column* const columns[] = {&column};
  Binned binned = *make_binned(columns, 1000, 1);
  add_fine(binned, 1);
  const std::shared_ptr<const FineColumn> fine = binned.columns.at(0).fine;
  return fine == nullptr ? FineColumn{} : *fine;
}

TEST(Binned, tells_many_values_apart_by_fine_bins) {
  std::vector<double> values(1001);
  for (std::size_t i = 0; i < 1000; ++i) values[i] = static_cast<double>(i * 7 % 1000);
  values[1000] = data::kMissingNumber;
  const FineColumn fine = fine_of(data::Column::of_numbers("x", values));
  ASSERT_EQ(fine.bins, 1000U);
  EXPECT_EQ(fine.edges.at(41), 41.5);
  for (std::size_t i = 0; i < 1000; ++i) ASSERT_EQ(fine.cells[i], i * 7 % 1000);
  EXPECT_EQ(fine.cells[1000], 1000);
  // As many values as bins need none.
  values.resize(kMostBins);
  EXPECT_EQ(fine_of(data::Column::of_numbers("x", values)).bins, 0U);
  std::vector<double> most(100'000);
  for (std::size_t i = 0; i < most.size(); ++i) most[i] = static_cast<double>(i);
  most.push_back(data::kMissingNumber);
  const FineColumn pooled = fine_of(data::Column::of_numbers("x", most));
  EXPECT_LE(pooled.bins, kMostFineBins);
  EXPECT_GE(pooled.bins, kMostFineBins - kMostBins);
  EXPECT_EQ(pooled.edges.size(), pooled.bins - 1);
  EXPECT_EQ(pooled.cells[99'999], pooled.bins - 1);
  EXPECT_EQ(pooled.cells[100'000], pooled.bins);
  // Every coarse edge is a fine one.
  const Binned coarse = bin(data::Column::of_numbers("x", most));
  for (const double edge : coarse.columns.at(0).edges)
    ASSERT_TRUE(std::binary_search(pooled.edges.begin(), pooled.edges.end(), edge));
}

TEST(Binned, pools_the_rarest_of_very_many_texts) {
  data::TextValues text;
  for (int i = 0; i < 400; ++i) text.categories.push_back("v" + std::to_string(i));
  text.categories.push_back("absent");
  for (std::int32_t i = 0; i < 400; ++i) {
    for (int times = 0; times < (i < 100 ? 1 : 2); ++times) text.codes.push_back(i);
  }
  const Binned binned = bin(data::Column::of_text("x", text));
  const BinnedColumn& column = binned.columns.at(0);
  EXPECT_EQ(column.bins, kMostBins);
  EXPECT_EQ(column.categories.size(), 400U);
  // The 253 first of the 300 frequent ones have a bin of their own.
  EXPECT_EQ(column.category_bin[100], 0);
  EXPECT_EQ(column.category_bin[352], 252);
  EXPECT_EQ(column.category_bin[353], 253);
  EXPECT_EQ(column.category_bin[0], 253);
}

TEST(Binned, says_which_columns_it_leaves_out_and_refuses_what_is_no_table) {
  const data::Column empty =
      data::Column::of_numbers("e", {data::kMissingNumber, data::kMissingNumber});
  const data::Column constant = data::Column::of_bytes("c", {7, 7});
  const data::Column one_or_none = data::Column::of_bytes("o", {7, data::kMissingByte});
  const data::Column* const columns[] = {&empty, &constant, &one_or_none};
  const Binned binned = *make_binned(columns, 1000, 2);
  ASSERT_EQ(binned.columns.size(), 1U);
  EXPECT_EQ(binned.columns[0].position, 2U);
  EXPECT_EQ(binned.notes, (std::vector<std::string>{"column 'e' is left out: it is empty",
                                                    "column 'c' is left out: it holds '7' in "
                                                    "every row"}));
  const data::Column longer = data::Column::of_bytes("l", {1, 2, 3});
  const data::Column* const uneven[] = {&constant, &longer};
  EXPECT_EQ(make_binned(uneven, 1000, 1).error().message, "column 'l' has 3 rows, column 'c' 2");
  const std::vector<std::string> texts = {"a", "b"};
  const data::Column text = data::Column::of_strings("t", texts);
  const data::Column* const wide[] = {&text};
  EXPECT_EQ(make_binned(wide, 1, 1).error().message,
            "column 't' holds 2 different texts, more than 1 are no categories: leave it out with "
            "--exclude");
}

TEST(Binned, keeps_every_cell_in_its_bundle) {
  base::Random random(3);
  std::vector<data::Column> columns;
  for (int c = 0; c < 20; ++c) {
    std::vector<std::uint8_t> values(500);
    const std::uint64_t most = c % 5 == 0 ? 90 : 2 + random.below(4);
    for (std::uint8_t& value : values) value = static_cast<std::uint8_t>(random.below(most));
    columns.push_back(data::Column::of_bytes("c" + std::to_string(c), values));
  }
  std::vector<const data::Column*> given;
  for (const data::Column& column : columns) given.push_back(&column);
  const Binned binned = *make_binned(given, 1000, 2);
  EXPECT_LT(binned.bundles.size(), 12U);
  std::size_t parts = 0;
  for (std::size_t b = 0; b < binned.bundles.size(); ++b) {
    for (const Bundle::Part& part : binned.bundles[b].parts) {
      ++parts;
      const BinnedColumn& column = binned.columns[part.column];
      for (std::size_t row = 0; row < binned.rows; ++row) {
        const std::size_t code = binned.cells[row * binned.bundles.size() + b];
        ASSERT_EQ(code / part.step % column.slots(), column.cells[row]);
      }
    }
  }
  EXPECT_EQ(parts, binned.columns.size());
}

TEST(Histogram, sums_few_rows_and_many_alike) {
  base::Random random(1);
  const Units units = Units::for_rows(1000);
  std::vector<std::uint8_t> cells(1000);
  for (std::uint8_t& cell : cells) cell = static_cast<std::uint8_t>(random.below(256));
  std::vector<Sums> zeros(256, Sums{}), sums(256, Sums{}), pulls;
  std::vector<std::uint8_t> bins(256);
  for (const std::size_t n : {0U, 1U, 150U, 900U}) {
    std::vector<std::uint32_t> rows;
    std::vector<std::int64_t> expected(256), counts(256);
    pulls.clear();
    for (std::uint32_t row = 0; row < n; ++row) {
      rows.push_back(row);
      const Pull pull{static_cast<std::int32_t>(random.below(2001)) - 1000, 3};
      pulls.push_back(units.of(pull));
      expected[cells[row]] += pull.gradient;
      ++counts[cells[row]];
    }
    const std::size_t found =
        sum_column(cells.data(), rows, pulls.data(), zeros.data(), bins.data(), sums.data());
    std::size_t at = 0;
    for (std::size_t bin = 0; bin < 256; ++bin) {
      EXPECT_EQ(zeros[bin][0], 0);
      if (counts[bin] == 0) continue;
      ASSERT_LT(at, found);
      EXPECT_EQ(bins[at], bin);
      EXPECT_EQ(units.gradient_units(sums[at]), expected[bin]);
      EXPECT_EQ(units.rows(sums[at]), counts[bin]);
      EXPECT_EQ(sums[at++][1], 3 * counts[bin]);
    }
    EXPECT_EQ(at, found);
  }
}

TEST(Histogram, has_room_for_the_pulls_of_all_rows) {
  for (const std::size_t rows : {1UL, 2UL, 1000UL, 1UL << 20, 1UL << 24}) {
    const Units units = Units::for_rows(rows);
    const std::int32_t most = std::int32_t{1} << units.pull_bits;
    const Sums one = units.of({-most, most});
    const auto n = static_cast<std::int64_t>(rows);
    const Sums all = one * Sums{n, n};
    EXPECT_EQ(units.rows(all), n);
    EXPECT_EQ(units.gradient_units(all), -most * n);
    EXPECT_EQ(all[1], most * n);
  }
}

TEST(Team, does_each_piece_once_in_every_run) {
  Team team(3);
  for (std::size_t run = 0; run < 200; ++run) {
    std::vector<int> done(run % 7);
    team.run(done.size(), [&](std::size_t piece) { ++done[piece]; });
    EXPECT_EQ(done, std::vector<int>(run % 7, 1));
  }
}

}  // namespace
}  // namespace learn::detail
