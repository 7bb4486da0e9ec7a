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

}  // namespace
}  // namespace data
