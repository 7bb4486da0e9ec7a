// SPDX-License-Identifier: Apache-2.0
#include "shop/directory.h"

#include <gtest/gtest.h>

namespace {

using namespace shop;

TEST(Directory, knows_what_the_law_says_of_a_customer) {
  const Population population(4);
  const Directory directory(population);
  ASSERT_EQ(directory.products().size(), static_cast<std::size_t>(kFlagCount));
  event::Demographics demographics;
  event::History history;
  for (std::int64_t uuid = kFirstLiveUuid; uuid < kFirstLiveUuid + 200; ++uuid) {
    const Customer c = population.customer(uuid);
    const event::CustomerId id(uuid);
    ASSERT_TRUE(directory.demographics(id, demographics));
    EXPECT_EQ(demographics,
              (event::Demographics{.customer = id, .age = c.age, .man = c.man, .woman = !c.man}));
    ASSERT_TRUE(directory.history(id, history));
    EXPECT_EQ(history.customer, id);
    for (std::size_t j = 0; j < kFlagCount; ++j) {
      EXPECT_EQ(directory.products().name(j), flag_name(static_cast<int>(j)));
      EXPECT_TRUE(history.known(j));
      EXPECT_EQ(history.bought(j), c.flags.test(static_cast<int>(j)));
    }
  }
}

TEST(Directory, knows_nobody_outside_its_ranges) {
  const Directory directory(Population(4));
  event::Demographics demographics;
  event::History history;
  for (const std::int64_t uuid :
       {std::int64_t{0}, std::int64_t{-7}, kFirstLiveUuid + kCustomersPerRange, INT64_MAX}) {
    EXPECT_FALSE(directory.demographics(event::CustomerId(uuid), demographics));
    EXPECT_FALSE(directory.history(event::CustomerId(uuid), history));
  }
  EXPECT_TRUE(
      directory.history(event::CustomerId(kFirstLiveUuid + kCustomersPerRange - 1), history));
}

}  // namespace
