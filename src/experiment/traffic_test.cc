// SPDX-License-Identifier: Apache-2.0
#include "experiment/traffic.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>

#include "base/random.h"
#include "experiment/assignment.h"
#include "experiment/distribution.h"

namespace experiment {
namespace {

constexpr std::uint64_t kLast = ~std::uint64_t{0};
constexpr std::uint64_t kHalf = std::uint64_t{1} << 63;

TEST(Slots, own_both_ends_of_their_ranges) {
  const Slots slots = Slots::of({{100, 199}, {10, 10}, {kLast, kLast}});
  for (const std::uint64_t inside :
       {std::uint64_t{10}, std::uint64_t{100}, std::uint64_t{199}, kLast})
    EXPECT_TRUE(slots.owns(inside)) << inside;
  for (const std::uint64_t outside : {std::uint64_t{0}, std::uint64_t{9}, std::uint64_t{11},
                                      std::uint64_t{99}, std::uint64_t{200}, kLast - 1})
    EXPECT_FALSE(slots.owns(outside)) << outside;
  EXPECT_FALSE(Slots().owns(0));
  EXPECT_TRUE(Slots::all().owns(0));
  EXPECT_TRUE(Slots::all().owns(kLast));
}

TEST(Slots, join_what_overlaps_or_touches) {
  EXPECT_EQ(Slots::of({{5, 9}, {0, 4}, {8, 20}}), Slots::of({{0, 20}}));
  EXPECT_EQ(Slots::of({{0, kLast}, {7, 9}}), Slots::all());
  EXPECT_EQ(merge(Slots::of({{0, kHalf - 1}}), Slots::of({{kHalf, kLast}})), Slots::all());
  EXPECT_EQ(Slots::all().share(), 1);
  EXPECT_EQ(Slots::of({{0, kHalf - 1}}).share(), 0.5);
  EXPECT_EQ(Slots().share(), 0);
}

TEST(Slots, are_read_as_they_are_written) {
  for (const Slots& slots :
       {Slots(), Slots::all(), Slots::of({{0, 0}, {255, 4096}, {kLast, kLast}})})
    EXPECT_EQ(Slots::parse(slots.text()).value(), slots) << slots.text();
  EXPECT_EQ(Slots::of({{0, 16383}, {32768, kLast}}).text(), "0-3fff,8000-ffffffffffffffff");
  EXPECT_EQ(Slots::parse("00-0F,10-1f").value(), Slots::of({{0, 31}}));
}

TEST(Slots, refuse_any_other_text) {
  for (const char* text :
       {"-", "0", "0-", "-1", "0-1,", ",0-1", "0-1,,2-3", "2-1", "0-g", " 0-1", "0-1 ", "0x0-1",
        "0-10000000000000000", "0-5,5-9", "6-9,0-1", "0-1-2", "+0-1", "0-1\n", "0-1;2-3"})
    EXPECT_FALSE(Slots::parse(text)) << text;
  EXPECT_FALSE(Slots::parse(std::string("0-1\0", 4)));
  const auto refused = Slots::parse("0-1,7" + std::string(100000, 'f'));
  ASSERT_FALSE(refused);
  EXPECT_LT(refused.error().message.size(), 200u);
  EXPECT_NE(refused.error().message.find("character 5"), std::string::npos);
}

TEST(Allocation, goes_round_from_the_given_place) {
  EXPECT_EQ(allocate({}, 0.5, 0)->text(), "0-7fffffffffffffff");
  EXPECT_EQ(allocate({}, 0.5, kHalf)->text(), "8000000000000000-ffffffffffffffff");
  EXPECT_EQ(allocate({}, 0.25, kLast)->text(),
            "0-3ffffffffffffffe,ffffffffffffffff-ffffffffffffffff");
  EXPECT_EQ(allocate({}, 1, 12345), Slots::all());
  EXPECT_EQ(allocate({}, 0, 12345), Slots());
  const std::array taken{Slots::of({{kHalf, kHalf + 9}})};
  EXPECT_EQ(allocate(taken, 0x1p-60, kHalf - 2)->ranges(),
            (std::vector<SlotRange>{{kHalf - 2, kHalf - 1}, {kHalf + 10, kHalf + 23}}));
}

// As often as the share goes into 1, it fits, whatever binary makes of it.
TEST(Allocation, fits_equal_shares) {
  for (int parts = 1; parts <= 100; ++parts) {
    std::vector<Slots> taken;
    for (int i = 0; i < parts; ++i) {
      const auto slots = allocate(taken, 1.0 / parts, 0x123456789abcdef0);
      ASSERT_TRUE(slots) << i << " of " << parts;
      EXPECT_NEAR(slots->share(), 1.0 / parts, 1e-14);
      taken.push_back(*slots);
    }
    EXPECT_FALSE(allocate(taken, 1e-9, 0)) << parts;
    EXPECT_LT(free_share(taken), 1e-14);
  }
}

TEST(Allocation, refuses_more_than_is_free) {
  const std::array taken{*allocate({}, 0.75, 99)};
  EXPECT_EQ(free_share(taken), 0.25);
  EXPECT_FALSE(allocate(taken, 0.2500001, 0));
  EXPECT_EQ(allocate(taken, 0.25, 0)->share(), 0.25);
  EXPECT_FALSE(allocate(std::array{Slots::all()}, 1e-12, 0));
  EXPECT_EQ(allocate(std::array{Slots::all()}, 0, 0), Slots());
}

// Places at the ends of all ranges: where a mistake would show.
std::vector<std::uint64_t> edges_of(const std::vector<Slots>& all) {
  std::vector<std::uint64_t> edges{0, kLast};
  for (const Slots& slots : all) {
    for (const SlotRange& range : slots.ranges()) {
      for (const std::uint64_t place : {range.first - 1, range.first, range.last, range.last + 1})
        edges.push_back(place);
    }
  }
  return edges;
}

// Seeds 1 to 300: forty allocations and releases each.
TEST(Allocation, keeps_experiments_apart_whatever_comes_and_goes) {
  int refused = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    base::Random random(seed);
    std::vector<Slots> running;
    for (int step = 0; step < 40; ++step) {
      if (!running.empty() && random.bernoulli(0.4)) {
        running.erase(running.begin() + static_cast<std::ptrdiff_t>(random.below(running.size())));
        continue;
      }
      const double share = random.uniform() * 0.5;
      const double free = free_share(running);
      const auto slots = allocate(running, share, random.bits());
      ASSERT_EQ(slots.has_value(), share <= free) << seed;
      refused += slots ? 0 : 1;
      if (!slots) continue;
      EXPECT_EQ(slots->share(), std::floor(share * 0x1p64) * 0x1p-64);
      running.push_back(*slots);
      EXPECT_NEAR(free_share(running), free - slots->share(), 1e-15);
    }
    for (const std::uint64_t place : edges_of(running)) {
      int owners = 0;
      for (const Slots& slots : running) owners += slots.owns(place) ? 1 : 0;
      ASSERT_LE(owners, 1) << seed;
      Slots all;
      for (const Slots& slots : running) all = merge(all, slots);
      EXPECT_EQ(all.owns(place), owners == 1);
    }
  }
  EXPECT_GT(refused, 100);
}

// The draw is for ever: from SHA-256 in another language.
TEST(LayerDraw, is_of_the_normalized_unit) {
  EXPECT_EQ(layer_draw("404180"), 0xff73bd73dc000de1ULL);
  EXPECT_EQ(layer_draw(" 404180\n"), layer_draw("404180"));
}

// Customers 0 to 199,999, the layer's and an experiment's arm draw in 20 × 20 cells: χ² of 399
// degrees of freedom (361 of the independence alone; the margins' 38 are known). A fixed
// computation: p between 0.001 and 0.999.
TEST(LayerDraw, is_independent_of_the_arm) {
  constexpr int kCustomers = 200000;
  std::array<int, 400> cells{};
  for (int i = 0; i < kCustomers; ++i) {
    const std::string unit = std::to_string(i);
    const double place = std::ldexp(static_cast<double>(layer_draw(unit)), -64);
    const double arm = std::ldexp(static_cast<double>(draw("an experiment", "arm", unit)), -64);
    const auto row = static_cast<std::size_t>(std::min(place * 20, 19.0));
    ++cells[row * 20 + static_cast<std::size_t>(std::min(arm * 20, 19.0))];
  }
  const double expected = kCustomers / 400.0;
  double chi_squared = 0;
  for (const int count : cells) chi_squared += (count - expected) * (count - expected) / expected;
  const double p = chi_squared_sf(chi_squared, 399);
  EXPECT_GT(p, 0.001);
  EXPECT_LT(p, 0.999);
}

// Among the customers of a tenth of the places the arms are as among all: 20,000 of customers 0 to
// 199,999, the margins four standard errors.
TEST(LayerDraw, leaves_the_arms_of_an_experiment_their_ratio) {
  const Slots slots = *allocate({}, 0.1, kHalf);
  const Assignment assignment = Assignment::make("another").value();
  int owned = 0;
  int candidate = 0;
  for (std::int64_t i = 0; i < 200000; ++i) {
    if (!slots.owns(layer_draw(std::to_string(i)))) continue;
    ++owned;
    candidate += assignment.assign(i) == Arm::kCandidate ? 1 : 0;
  }
  EXPECT_NEAR(owned, 20000, 4 * std::sqrt(200000 * 0.09));
  EXPECT_NEAR(candidate, owned / 2.0, 4 * std::sqrt(owned / 4.0));
}

}  // namespace
}  // namespace experiment
