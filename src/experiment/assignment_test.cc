// SPDX-License-Identifier: Apache-2.0
#include "experiment/assignment.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <thread>
#include <vector>

namespace experiment {
namespace {

TEST(Assignment, gives_the_configured_shares) {
  const Assignment assignment = Assignment::make("shares", 0.3, 2).value();
  constexpr int kCustomers = 100000;
  int sampled = 0;
  int candidate = 0;
  for (std::int64_t i = 0; i < kCustomers; ++i) {
    const auto arm = assignment.assign(i);
    sampled += arm.has_value();
    candidate += arm == Arm::kCandidate;
  }
  // A fixed computation; the margins are four standard errors of a binomial share.
  EXPECT_NEAR(sampled, 0.3 * kCustomers, 4 * std::sqrt(kCustomers * 0.21));
  EXPECT_NEAR(candidate, sampled * 2.0 / 3, 4 * std::sqrt(sampled * 2.0 / 9));
}

// Customers 0 to 59, from SHA-256 and exact fractions in another language.
TEST(Assignment, gives_several_candidates_their_parts_in_order) {
  const auto arms_of = [](double ratio, int candidates) {
    const Assignment assignment = Assignment::make("several", 1, ratio, candidates).value();
    std::string arms;
    for (std::int64_t i = 0; i < 60; ++i)
      arms += static_cast<char>('0' + static_cast<int>(*assignment.assign(i)));
    return arms;
  };
  EXPECT_EQ(arms_of(0.5, 3), "100032003013131100212010132303030203101000103022030120031013");
  EXPECT_EQ(arms_of(1, 7), "312065026137363421546242475626362527324022417155172353174046");
}

TEST(Assignment, gives_each_candidate_the_ratio_to_base) {
  const Assignment assignment = Assignment::make("each", 1, 0.5, 3).value();
  constexpr int kCustomers = 100000;
  std::vector<int> counts(4);
  for (std::int64_t i = 0; i < kCustomers; ++i)
    ++counts[static_cast<std::size_t>(*assignment.assign(i))];
  // A fixed computation; the margins are four standard errors of a binomial share.
  EXPECT_NEAR(counts[0], 0.4 * kCustomers, 4 * std::sqrt(kCustomers * 0.24));
  for (std::size_t k = 1; k < 4; ++k)
    EXPECT_NEAR(counts[k], 0.2 * kCustomers, 4 * std::sqrt(kCustomers * 0.16)) << k;
}

TEST(Arm, of_a_candidate_has_its_number) {
  EXPECT_EQ(candidate_arm(0), Arm::kCandidate);
  EXPECT_EQ(candidate_of(Arm::kBase), std::nullopt);
  for (std::size_t k = 0; k < kMostCandidates; ++k) EXPECT_EQ(candidate_of(candidate_arm(k)), k);
}

TEST(Assignment, raising_the_sampled_share_moves_nobody) {
  const Assignment few = Assignment::make("ramp", 0.1).value();
  const Assignment more = Assignment::make("ramp", 0.6).value();
  int seen = 0;
  for (std::int64_t i = 0; i < 20000; ++i) {
    if (const auto arm = few.assign(i)) {
      EXPECT_EQ(more.assign(i), arm);
      ++seen;
    }
  }
  EXPECT_GT(seen, 1500);
}

TEST(Assignment, a_number_and_its_text_are_one_customer) {
  const Assignment assignment = Assignment::make("text").value();
  for (const std::int64_t id :
       {std::int64_t{0}, std::int64_t{404180}, std::numeric_limits<std::int64_t>::min()}) {
    EXPECT_EQ(assignment.assign(id), assignment.assign(std::to_string(id)));
    EXPECT_EQ(assignment.assign(id), assignment.assign(" \t" + std::to_string(id) + "\r\n"));
  }
}

TEST(Assignment, nobody_is_never_sampled) {
  const Assignment assignment = Assignment::make("nobody").value();
  EXPECT_FALSE(assignment.assign(""));
  EXPECT_FALSE(assignment.assign(" \t\n"));
  EXPECT_FALSE(assignment.sampled(" "));
}

TEST(Assignment, shares_of_nothing_and_of_all_are_exact) {
  const Assignment none = Assignment::make("edge", 0).value();
  const Assignment all = Assignment::make("edge", 1).value();
  for (std::int64_t i = 0; i < 1000; ++i) {
    EXPECT_FALSE(none.assign(i));
    EXPECT_TRUE(all.assign(i));
  }
  EXPECT_TRUE(Share(1).owns(~std::uint64_t{0}));
  EXPECT_FALSE(Share(0).owns(0));
  EXPECT_EQ(Share(0.5).threshold(), std::uint64_t{1} << 63);
  EXPECT_FALSE(Share(0.5).owns(std::uint64_t{1} << 63));
  EXPECT_TRUE(Share(0.5).owns((std::uint64_t{1} << 63) - 1));
}

TEST(Assignment, refuses_what_it_cannot_hash_or_split) {
  EXPECT_FALSE(Assignment::make(""));
  EXPECT_FALSE(
      Assignment::make("a\x1f"
                       "b"));
  EXPECT_FALSE(Assignment::make("a", -0.1));
  EXPECT_FALSE(Assignment::make("a", 1.1));
  EXPECT_FALSE(Assignment::make("a", std::numeric_limits<double>::quiet_NaN()));
  EXPECT_FALSE(Assignment::make("a", 1, 0));
  EXPECT_FALSE(Assignment::make("a", 1, std::numeric_limits<double>::infinity()));
  EXPECT_FALSE(Assignment::make("a", 1, 1, 0));
  EXPECT_FALSE(Assignment::make("a", 1, 1, kMostCandidates + 1));
  EXPECT_FALSE(Assignment::make("a", 1, std::numeric_limits<double>::max(), 2));
}

TEST(Assignment, is_the_same_from_every_thread) {
  const Assignment assignment = Assignment::make("threads").value();
  std::vector<std::optional<Arm>> expected;
  for (std::int64_t i = 0; i < 2000; ++i) expected.push_back(assignment.assign(i));
  std::vector<int> differences(4);
  {
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < differences.size(); ++t) {
      threads.emplace_back([&, t] {
        for (std::int64_t i = 0; i < 2000; ++i)
          differences[t] += assignment.assign(i) != expected[static_cast<std::size_t>(i)];
      });
    }
  }
  for (const int count : differences) EXPECT_EQ(count, 0);
}

}  // namespace
}  // namespace experiment
