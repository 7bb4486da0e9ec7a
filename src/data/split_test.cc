// SPDX-License-Identifier: Apache-2.0
#include "data/split.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace data {
namespace {

TEST(Split, shares_every_row_out_once_and_each_class_evenly) {
  std::vector<std::uint8_t> classes(1000);
  for (std::size_t i = 0; i < classes.size(); ++i) classes[i] = i % 10 == 0 ? 1 : 0;
  const Split split = *stratified_split(classes, {.validation = 0.2, .test = 0.3}, 5);
  EXPECT_EQ(split.train.size(), 500U);
  EXPECT_EQ(split.validation.size(), 200U);
  EXPECT_EQ(split.test.size(), 300U);
  const auto positives = [&](const std::vector<std::uint32_t>& rows) {
    return std::count_if(rows.begin(), rows.end(),
                         [&](std::uint32_t row) { return classes[row] == 1; });
  };
  EXPECT_EQ(positives(split.test), 30);
  EXPECT_EQ(positives(split.validation), 20);
  std::vector<std::uint32_t> all;
  for (const auto* share : {&split.train, &split.validation, &split.test}) {
    EXPECT_TRUE(std::is_sorted(share->begin(), share->end()));
    all.insert(all.end(), share->begin(), share->end());
  }
  std::sort(all.begin(), all.end());
  for (std::uint32_t row = 0; row < all.size(); ++row) EXPECT_EQ(all[row], row);
}

TEST(Split, is_the_same_for_a_seed_on_every_machine_and_another_for_another) {
  const Split split = *random_split(12, {.test = 0.5}, 42);
  EXPECT_EQ(split.test, (std::vector<std::uint32_t>{2, 4, 8, 9, 10, 11}));
  EXPECT_NE(random_split(12, {.test = 0.5}, 43)->test, split.test);
}

TEST(Split, refuses_shares_that_leave_nothing_to_train_on) {
  EXPECT_FALSE(random_split(10, {.validation = 0.5, .test = 0.5}, 1));
  EXPECT_FALSE(random_split(10, {.test = -0.1}, 1));
  EXPECT_EQ(random_split(10, {.validation = 0, .test = 1}, 1).error().message,
            "shares of 0 for validation and 1 for testing: each must be at least 0, and together "
            "they must stay below 1");
}

using Rows = std::vector<std::uint32_t>;

TEST(Split, in_order_holds_the_last_rows_out) {
  const Split split = *ordered_split(10, {.validation = 0.2, .test = 0.3});
  EXPECT_EQ(split.train, (Rows{0, 1, 2, 3, 4}));
  EXPECT_EQ(split.validation, (Rows{5, 6}));
  EXPECT_EQ(split.test, (Rows{7, 8, 9}));
  EXPECT_EQ(ordered_split(1, {.test = 0.5}).error().message,
            "no row is left for training: 1 rows with shares of 0 for validation and 0.5 for "
            "testing, where rows of equal values stay together");
  EXPECT_FALSE(ordered_split(10, {.test = 1}));
}

TEST(Split, by_a_column_keeps_rows_of_one_value_together) {
  // By value: 1 (rows 4, 5), 2 (0, 2, 6, 7), 3 (1, 3). Half of 8 rows would cut the run of twos in
  // its middle; the later end is taken.
  const Column month = Column::of_numbers("month", {2, 3, 2, 3, 1, 1, 2, 2});
  EXPECT_EQ(*rows_in_order_of(month), (Rows{4, 5, 0, 2, 6, 7, 1, 3}));
  EXPECT_EQ(ordered_split(month, {.test = 0.5})->test, (Rows{1, 3}));
  // 5 of 8 rows begin at the second row of the run: its beginning is nearer.
  EXPECT_EQ(ordered_split(month, {.test = 0.625})->test, (Rows{0, 1, 2, 3, 6, 7}));
  EXPECT_EQ(ordered_split(month, {.test = 0.625})->train, (Rows{4, 5}));
}

TEST(Split, by_a_text_column_orders_by_bytes) {
  const std::vector<std::string> days = {"2024-01-10", "2023-12-31", "2024-01-09"};
  EXPECT_EQ(ordered_split(Column::of_strings("day", days), {.test = 0.3})->test, (Rows{0}));
}

TEST(Split, by_a_column_refuses_missing_values_and_one_value) {
  EXPECT_EQ(ordered_split(Column::of_numbers("t", {1, kMissingNumber, 2}), {}).error().message,
            "column 't' is missing in row 2: rows can be ordered by a column that is there in all "
            "of them");
  EXPECT_FALSE(ordered_split(Column::of_numbers("t", {1, 1, 1, 1}), {.test = 0.5}));
}

TEST(Folds, hold_every_row_once_and_each_class_evenly) {
  std::vector<std::uint8_t> classes(103);
  for (std::size_t i = 0; i < classes.size(); ++i) classes[i] = i % 9 == 0 ? 1 : 0;  // 12 ones.
  const auto folds = *stratified_folds(classes, 5, 3);
  std::vector<int> rows(5), ones(5);
  for (std::size_t row = 0; row < folds.size(); ++row) {
    ASSERT_LT(folds[row], 5);
    ++rows[folds[row]];
    ones[folds[row]] += classes[row];
  }
  const auto [fewest, most] = std::minmax_element(rows.begin(), rows.end());
  EXPECT_EQ(*fewest, 20);
  EXPECT_EQ(*most, 21);
  const auto [fewest_ones, most_ones] = std::minmax_element(ones.begin(), ones.end());
  EXPECT_EQ(*fewest_ones, 2);
  EXPECT_EQ(*most_ones, 3);
  const Fold fold = take_fold(folds, 2);
  EXPECT_EQ(fold.train.size() + fold.test.size(), classes.size());
  for (const std::uint32_t row : fold.test) EXPECT_EQ(folds[row], 2);
  EXPECT_TRUE(std::is_sorted(fold.train.begin(), fold.train.end()));
}

TEST(Folds, are_the_same_for_a_seed_on_every_machine_and_new_for_each_repeat) {
  const std::vector<std::uint8_t> classes = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1};
  const auto deals = *repeated_folds(classes, 2, 3, 42);  // Written down as they came.
  ASSERT_EQ(deals.size(), 3U);
  EXPECT_EQ(deals[0], *stratified_folds(classes, 2, 42));
  EXPECT_EQ(deals[0], (std::vector<std::uint16_t>{1, 1, 0, 0, 1, 0, 0, 1, 0, 1}));
  EXPECT_NE(deals[1], deals[0]);
  EXPECT_NE(deals[2], deals[1]);
}

TEST(Folds, in_the_order_of_time_train_on_the_blocks_before) {
  const std::vector<Fold> folds = *forward_folds(11, 3);  // Blocks of 2, 3, 3 and 3 rows.
  ASSERT_EQ(folds.size(), 3U);
  EXPECT_EQ(folds[0].train, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(folds[0].test, (std::vector<std::uint32_t>{2, 3, 4}));
  EXPECT_EQ(folds[2].train, (std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(folds[2].test, (std::vector<std::uint32_t>{8, 9, 10}));
  EXPECT_EQ(forward_folds(3, 3).error().message,
            "3 rows are too few for 3 folds in the order of time, which need 4 blocks of rows");
  EXPECT_FALSE(forward_folds(100, 1));
}

TEST(Folds, refuse_what_cannot_be_dealt) {
  const std::vector<std::uint8_t> classes = {0, 0, 0, 1, 1};
  EXPECT_EQ(stratified_folds(classes, 3, 1).error().message,
            "a class has 2 rows, too few for 3 folds that each hold one of them");
  EXPECT_EQ(stratified_folds(classes, 1, 1).error().message,
            "1 folds: there must be at least 2 and at most 65535");
  EXPECT_FALSE(stratified_folds(std::vector<std::uint8_t>{}, 2, 1));
  EXPECT_FALSE(repeated_folds(classes, 2, 0, 1));
}

}  // namespace
}  // namespace data
