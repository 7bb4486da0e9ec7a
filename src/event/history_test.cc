// SPDX-License-Identifier: Apache-2.0
#include "event/history.h"

#include <gtest/gtest.h>

namespace event {
namespace {

std::vector<std::string> numbered(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back("cat" + std::to_string(i));
  return names;
}

TEST(ProductIndex, finds_every_name_in_its_slot_and_no_other) {
  for (const std::size_t count : {0U, 1U, 64U, 65U, 4096U}) {
    const ProductIndex index = *ProductIndex::make(numbered(count));
    for (std::size_t slot = 0; slot < count; ++slot) EXPECT_EQ(index.slot(index.name(slot)), slot);
    EXPECT_FALSE(index.slot("cat" + std::to_string(count)));
    EXPECT_FALSE(index.slot(""));
  }
}

TEST(ProductIndex, refuses_names_that_cannot_be_told_apart) {
  EXPECT_EQ(ProductIndex::make({"a", "b", "a"}).error().message, "product 'a' is named twice");
  EXPECT_EQ(ProductIndex::make({"a", ""}).error().message, "product 2 has an empty name");
  EXPECT_FALSE(ProductIndex::make(numbered(kMaxProducts + 1)));
}

TEST(History, knows_nothing_until_told_and_forgets_at_reset) {
  History history(70);
  EXPECT_FALSE(history.known(69));
  history.set(69, true);
  history.set(3, false);
  EXPECT_TRUE(history.known(69) && history.bought(69) && history.known(3));
  EXPECT_FALSE(history.bought(3) || history.known(5));
  history.set(69, false);
  EXPECT_FALSE(history.bought(69));
  history.reset(70);
  EXPECT_EQ(history, History(70));
}

}  // namespace
}  // namespace event
