// SPDX-License-Identifier: Apache-2.0
#include "stream/join.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/random.h"
#include "stream/detail/cell_pool.h"

namespace stream {
namespace {

constexpr base::Duration kWindow = std::chrono::seconds(60);
base::Timestamp at(std::int64_t seconds) {
  return base::Timestamp(1'700'000'000'000'000 + seconds * 1'000'000);
}

event::Demographics person(std::int64_t id, int age = 41) {
  return {event::CustomerId(id), age, true, false};
}
event::History bought(std::int64_t id, std::size_t slot = 0) {
  event::History history(100);
  history.customer = event::CustomerId(id);
  history.set(slot, true);
  history.set(99, false);
  return history;
}

class Join : public testing::Test {
 protected:
  JoinOutcome d(std::int64_t id, std::int64_t offset, std::int64_t second, int age = 41) {
    return join.add(person(id, age), {offset, at(second)}, at(second), pair);
  }
  JoinOutcome h(std::int64_t id, std::int64_t offset, std::int64_t second, std::size_t slot = 0) {
    history = bought(id, slot);
    return join.add(history, {offset, at(second)}, at(second), pair);
  }
  event::History history;  // The pair may borrow from it.
  JoinTable join{2, {.window = kWindow, .max_waiting = 100, .max_remembered = 1'000}};
  Pair pair;
};

TEST_F(Join, pairs_the_halves_in_either_order) {
  EXPECT_EQ(d(7, 0, 1, 33), JoinOutcome::kWaiting);
  EXPECT_EQ(h(7, 0, 2, 5), JoinOutcome::kJoined);
  EXPECT_EQ(pair.demographics, person(7, 33));
  EXPECT_EQ(pair.bought[0], 1U << 5);
  EXPECT_EQ(h(8, 1, 3, 70), JoinOutcome::kWaiting);
  EXPECT_EQ(d(8, 1, 4, 20), JoinOutcome::kJoined);
  EXPECT_EQ(pair.demographics, person(8, 20));
  EXPECT_EQ(pair.bought[1], 1U << 6);
  EXPECT_EQ(pair.known[1], (std::uint64_t{1} << 6) | (std::uint64_t{1} << 35));
  EXPECT_EQ(join.waiting(Side::kDemographic) + join.waiting(Side::kHistoric), 0U);
  EXPECT_EQ(join.remembered(), 2U);
}

TEST_F(Join, suppresses_what_is_read_again_and_what_was_written_again) {
  d(7, 10, 1);
  EXPECT_EQ(d(7, 10, 5), JoinOutcome::kRepeat);  // Read again while it waits.
  h(7, 20, 2);
  EXPECT_EQ(h(7, 20, 3), JoinOutcome::kRepeat);  // Read again after the pair.
  EXPECT_EQ(d(7, 10, 3), JoinOutcome::kRepeat);
  EXPECT_EQ(d(7, 8, 3), JoinOutcome::kRepeat);
  EXPECT_EQ(d(7, 11, 1), JoinOutcome::kRepeat);  // Written again: later offset, same timestamp.
  EXPECT_EQ(h(7, 21, 2), JoinOutcome::kRepeat);
  EXPECT_EQ(join.waiting(Side::kDemographic) + join.waiting(Side::kHistoric), 0U);
}

TEST_F(Join, joins_a_customer_who_comes_back_anew) {
  d(7, 0, 1);
  EXPECT_EQ(h(7, 0, 1), JoinOutcome::kJoined);
  EXPECT_EQ(h(7, 5, 20, 9), JoinOutcome::kWaiting);
  EXPECT_EQ(d(7, 6, 20, 42), JoinOutcome::kJoined);
  EXPECT_EQ(pair.demographics.age, 42);
  EXPECT_EQ(pair.bought[0], 1U << 9);
}

TEST_F(Join, takes_a_return_without_timestamps_for_a_return) {
  const auto none = base::Timestamp(0);
  join.add(person(7), {0, none}, at(1), pair);
  EXPECT_EQ(join.add(bought(7), {0, none}, at(1), pair), JoinOutcome::kJoined);
  EXPECT_EQ(join.add(person(7), {1, none}, at(2), pair), JoinOutcome::kWaiting);
  EXPECT_EQ(join.add(bought(7), {1, none}, at(2), pair), JoinOutcome::kJoined);
}

TEST_F(Join, keeps_the_newest_of_a_side_that_waits) {
  d(7, 0, 1, 20);
  EXPECT_EQ(d(7, 3, 2, 30), JoinOutcome::kReplaced);
  EXPECT_EQ(join.oldest_offset(Side::kDemographic), 3);
  EXPECT_EQ(join.waiting(Side::kDemographic), 1U);
  h(7, 0, 2);
  EXPECT_EQ(pair.demographics.age, 30);
  h(8, 1, 3, 1);
  h(8, 2, 4, 2);
  d(8, 4, 5);
  EXPECT_EQ(pair.bought[0], 1U << 2);
}

TEST_F(Join, expires_a_half_when_the_other_topic_has_passed_it_by_the_window) {
  d(1, 0, 0);
  d(2, 1, 30);
  for (std::int64_t i = 0; i < 60; ++i) h(100 + i, i, i);
  EXPECT_EQ(join.expire(at(60)).window[0], 0);  // The historic topic stands at 59 s.
  h(200, 60, 61);
  const auto expired = join.expire(at(61));
  EXPECT_EQ(expired.window[0], 1);
  EXPECT_EQ(expired.window[1], 0);
  EXPECT_EQ(join.oldest_offset(Side::kDemographic), 1);
  EXPECT_EQ(h(1, 61, 62), JoinOutcome::kWaiting);  // Too late: its partner is gone.
}

TEST_F(Join, waits_for_a_topic_that_lags_but_still_speaks) {
  d(1, 0, 0);
  for (std::int64_t second = 0; second < 600; second += 10) {
    // A backlog: the records are an hour old.
    join.add(bought(1'000 + second), {second, at(second - 3'600)}, at(second), pair);
    EXPECT_EQ(join.expire(at(second)).window[0], 0);
  }
  EXPECT_EQ(join.add(bought(1), {1'000, at(-3'600)}, at(601), pair), JoinOutcome::kJoined);
}

TEST_F(Join, expires_by_the_wall_clock_when_the_other_topic_is_silent) {
  d(1, 0, 0);
  EXPECT_EQ(join.expire(at(59)).window[0], 0);
  EXPECT_EQ(join.expire(at(60)).window[0], 1);
  EXPECT_EQ(join.waiting(Side::kDemographic), 0U);
  h(2, 0, 100);
  EXPECT_EQ(join.expire(at(160)).window[1], 1);
}

TEST_F(Join, draws_no_conclusion_from_the_silence_of_a_paused_topic) {
  h(1, 0, 0);
  join.silence_means_nothing(Side::kDemographic, at(50));
  EXPECT_EQ(join.expire(at(100)).window[1], 0);
  EXPECT_EQ(join.expire(at(110)).window[1], 1);
}

TEST_F(Join, is_not_misled_by_a_record_from_the_future) {
  d(1, 0, 0);
  join.add(bought(2), {0, at(1'000'000'000)}, at(1), pair);
  const auto expired = join.expire(at(2));
  EXPECT_EQ(expired.window[0] + expired.window[1], 0);
  EXPECT_EQ(h(1, 1, 2), JoinOutcome::kJoined);
}

TEST_F(Join, forgets_pairs_after_the_window) {
  d(1, 0, 0);
  h(1, 0, 0);
  join.expire(at(59));
  EXPECT_EQ(join.remembered(), 1U);
  join.expire(at(60));
  EXPECT_EQ(join.remembered(), 0U);
}

TEST_F(Join, says_when_a_side_is_full_and_when_there_is_room_again) {
  for (std::int64_t i = 0; i < 100; ++i) d(i, i, 0);
  EXPECT_TRUE(join.full(Side::kDemographic));
  EXPECT_FALSE(join.full(Side::kHistoric));
  EXPECT_EQ(join.expire(at(0)).overflow[0], 0);  // The other side moves on: nothing is given up.
  for (std::int64_t i = 0; i < 12; ++i) h(i, i, 0);
  EXPECT_FALSE(join.full(Side::kDemographic));
  EXPECT_FALSE(join.roomy(Side::kDemographic));
  h(12, 12, 0);
  h(13, 13, 0);
  EXPECT_TRUE(join.roomy(Side::kDemographic));
}

TEST_F(Join, gives_up_the_oldest_when_both_sides_are_full_and_counts_them) {
  for (std::int64_t i = 0; i < 100; ++i) d(i, i, 1);
  for (std::int64_t i = 0; i < 100; ++i) h(1'000 + i, i, 2);
  const auto expired = join.expire(at(2));
  EXPECT_EQ(expired.overflow[0], 13);
  EXPECT_EQ(expired.overflow[1], 0);
  EXPECT_TRUE(join.roomy(Side::kDemographic));
  EXPECT_EQ(join.oldest_offset(Side::kDemographic), 13);
}

TEST(JoinTable, remembers_no_more_pairs_than_it_may) {
  JoinTable join(1, {.window = kWindow, .max_waiting = 10, .max_remembered = 5});
  Pair pair;
  event::History history(3);
  for (std::int64_t i = 0; i < 50; ++i) {
    join.add(person(i), {i, at(0)}, at(0), pair);
    history.customer = event::CustomerId(i);
    ASSERT_EQ(join.add(history, {i, at(0)}, at(0), pair), JoinOutcome::kJoined);
    ASSERT_LE(join.remembered(), 5U);
  }
}

// Against a model that is obvious: both halves of N customers in any order, some twice, some once.
class JoinOfManyCustomers : public testing::TestWithParam<int> {};

TEST_P(JoinOfManyCustomers, pairs_each_exactly_once_whatever_the_order) {
  base::Random random(5, static_cast<std::uint64_t>(GetParam()));
  constexpr std::int64_t kCustomers = 5'000;
  std::vector<std::int64_t> demographic;
  std::vector<std::int64_t> historic;
  std::set<std::int64_t> expected;
  for (std::int64_t i = 0; i < kCustomers; ++i) {
    const bool both = !random.bernoulli(0.1);
    const bool first = random.bernoulli(0.5);
    if (both || first) demographic.push_back(i * 7'919);
    if (both || !first) historic.push_back(i * 7'919);
    if (both) expected.insert(i * 7'919);
  }
  for (auto* order : {&demographic, &historic}) {
    for (std::size_t i = order->size(); i > 1; --i)
      std::swap((*order)[i - 1], (*order)[random.below(i)]);
  }
  JoinTable join(2, {.window = kWindow, .max_waiting = 100'000, .max_remembered = 100'000});
  Pair pair;
  std::set<std::int64_t> joined;
  std::size_t next_d = 0;
  std::size_t next_h = 0;
  std::int64_t second = 0;
  const auto check = [&](JoinOutcome outcome, std::int64_t id) {
    if (outcome != JoinOutcome::kJoined) return;
    ASSERT_TRUE(joined.insert(id).second);
    ASSERT_EQ(pair.demographics, person(id, static_cast<int>(id % 150)));
    ASSERT_EQ(pair.bought[0], std::uint64_t{1} << (id % 60));
  };
  while (next_d < demographic.size() || next_h < historic.size()) {
    const bool take_d =
        next_h == historic.size() || (next_d < demographic.size() && random.bernoulli(0.5));
    // Now and then the reader is set back by up to twenty records, as after a rebalance.
    std::size_t& next = take_d ? next_d : next_h;
    if (random.bernoulli(0.01)) next -= std::min<std::size_t>(next, random.below(20));
    const std::int64_t id = (take_d ? demographic : historic)[next];
    const Place place{static_cast<std::int64_t>(next), at(second)};
    const event::History history = bought(id, static_cast<std::size_t>(id % 60));
    check(take_d ? join.add(person(id, static_cast<int>(id % 150)), place, at(second), pair)
                 : join.add(history, place, at(second), pair),
          id);
    ++next;
    // What may be committed never passes a half that waits.
    if (random.bernoulli(0.05)) {
      const auto oldest =
          join.oldest_offset(Side::kDemographic).value_or(static_cast<std::int64_t>(next_d));
      for (std::int64_t o = 0; o < oldest; ++o) {
        const std::int64_t done = demographic[static_cast<std::size_t>(o)];
        ASSERT_TRUE(joined.contains(done)) << "offset " << o << " would be lost";
      }
    }
  }
  EXPECT_EQ(joined, expected);
  const auto expired = join.expire(at(10'000));
  EXPECT_EQ(expired.window[0] + expired.window[1],
            kCustomers - static_cast<std::int64_t>(expected.size()));
  EXPECT_EQ(join.remembered(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Orders, JoinOfManyCustomers, testing::Range(0, 8));

TEST(CustomerMap, agrees_with_a_map_under_random_use) {
  base::Random random(77);
  detail::CellPool cells;
  detail::CustomerMap map(cells);
  std::map<std::int64_t, std::uint32_t> model;
  for (int step = 0; step < 200'000; ++step) {
    const auto id = static_cast<std::int64_t>(random.below(3'000)) * 1'000'003;
    const auto found = model.find(id);
    ASSERT_EQ(map.find(id), found == model.end() ? detail::kNone : found->second);
    if (found == model.end() && random.bernoulli(0.6)) {
      const std::uint32_t cell = cells.take();
      cells[cell].customer = id;
      map.insert(id, cell);
      model.emplace(id, cell);
    } else if (found != model.end() && random.bernoulli(0.5)) {
      map.erase(id);
      cells.give_back(found->second);
      model.erase(found);
    }
    ASSERT_EQ(map.size(), model.size());
  }
}

}  // namespace
}  // namespace stream
