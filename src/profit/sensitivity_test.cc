// SPDX-License-Identifier: Apache-2.0
#include "profit/sensitivity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "profit/economics.h"

namespace profit {
namespace {

using metric::Confusion;
using Models = std::vector<Confusion>;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// RAP times positives times (q − 1) at q = a/b, times b: a whole number.
std::int64_t worth(const Confusion& c, std::int64_t a, std::int64_t b) {
  return c.tp * (a - b) - c.fp * b;
}

std::int64_t most(const Models& models, std::int64_t a, std::int64_t b) {
  std::int64_t best = worth(models[0], a, b);
  for (const Confusion& c : models) best = std::max(best, worth(c, a, b));
  return best;
}

Models any_models(base::Random& random, std::int64_t positives, std::int64_t negatives) {
  Models models(1 + random.below(25));
  for (Confusion& c : models) {
    c.tp = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(positives) + 1));
    c.fp = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(negatives) + 1));
    c.fn = positives - c.tp;
    c.tn = negatives - c.fp;
  }
  return models;
}

// Small counts, so that ties, duplicates, parallel lines and three lines through a point abound.
TEST(Sensitivity, equals_brute_force_on_random_lines) {
  base::Random random(1);
  for (int round = 0; round < 400; ++round) {
    const Models models = any_models(random, 6, 9);
    const Sensitivity s = *sensitivity(models);
    EXPECT_EQ(s.segments.front().q.from, 1);
    EXPECT_EQ(s.segments.back().q.to, kInfinity);
    for (std::size_t i = 1; i < s.segments.size(); ++i) {
      EXPECT_EQ(s.segments[i].q.from, s.segments[i - 1].q.to);
      EXPECT_LT(s.segments[i - 1].q.from, s.segments[i - 1].q.to);
    }
    for (std::int64_t b = 1; b <= 12; ++b) {
      for (std::int64_t a = b + 1; a <= 140; ++a) {
        const double q = static_cast<double>(a) / static_cast<double>(b);
        const Segment& winner = winner_at(s, q);
        EXPECT_EQ(worth(models[winner.model], a, b), most(models, a, b)) << q;
      }
    }
  }
}

TEST(Sensitivity, says_of_each_model_where_it_wins) {
  base::Random random(2);
  for (int round = 0; round < 200; ++round) {
    const Models models = any_models(random, 6, 9);
    const Sensitivity s = *sensitivity(models);
    for (std::size_t m = 0; m < models.size(); ++m) {
      // Strictly inside a segment, at a rational q between break-points of small counts.
      bool wins = false;
      for (const Segment& segment : s.segments) {
        const double to = std::isinf(segment.q.to) ? segment.q.from + 2 : segment.q.to;
        const auto a = static_cast<std::int64_t>(std::llround((segment.q.from + to) / 2 * 1000000));
        if (worth(models[m], a, 1000000) == most(models, a, 1000000)) wins = true;
      }
      EXPECT_EQ(s.won[m].has_value(), wins) << m;
      if (s.won[m]) {
        const Confusion& named = models[s.segments[*s.won[m]].model];
        EXPECT_EQ(named, models[m]);
        EXPECT_LE(s.segments[*s.won[m]].model, m);
      }
    }
  }
}

// By hand: positives 100, negatives 900. never → A at q = 1 + 100/40 = 3.5; A → B at
// 1 + 200/30 = 7.6667; B → always at 1 + 600/30 = 21.
Models four() {
  return {{.tp = 40, .fp = 100, .tn = 800, .fn = 60},
          metric::always(100, 900),
          {.tp = 70, .fp = 300, .tn = 600, .fn = 30},
          metric::never(100, 900),
          {.tp = 50, .fp = 300, .tn = 600, .fn = 50}};
}

TEST(Sensitivity, takes_the_null_models_as_lines) {
  const Sensitivity s = *sensitivity(four());
  ASSERT_EQ(s.segments.size(), 4u);
  const std::size_t order[] = {3, 0, 2, 1};
  const double breaks[] = {1, 3.5, 1 + 200.0 / 30, 21, kInfinity};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(s.segments[i].model, order[i]);
    EXPECT_DOUBLE_EQ(s.segments[i].q.from, breaks[i]);
    EXPECT_DOUBLE_EQ(s.segments[i].q.to, breaks[i + 1]);
    EXPECT_EQ(s.won[order[i]], i);
  }
  EXPECT_FALSE(s.won[4]);
}

TEST(Sensitivity, tells_the_safe_range_of_the_winner_in_the_old_systems_return) {
  // Old precision 0.1 and a return between −50 % and +150 %: q from 5 to 25.
  const QRange q = *q_range({-0.5, 1.5}, 0.1);
  EXPECT_DOUBLE_EQ(q.from, 5);
  EXPECT_DOUBLE_EQ(q.to, 25);
  const Sensitivity s = *sensitivity(four(), q);
  ASSERT_EQ(s.segments.size(), 3u);
  const Segment& winner = winner_at(s, *q_from_roi(0, 0.1));
  EXPECT_EQ(winner.model, 2u);
  const RoiRange safe = roi_range(winner.q, 0.1);
  EXPECT_NEAR(safe.from, 0.1 * (1 + 200.0 / 30) - 1, 1e-12);
  EXPECT_NEAR(safe.to, 1.1, 1e-12);
  EXPECT_DOUBLE_EQ(s.segments.back().q.to, 25);
  EXPECT_FALSE(s.won[3]);  // "never" wins below q = 3.5 only.
}

TEST(Sensitivity, answers_for_a_single_q) {
  const Sensitivity everywhere = *sensitivity(four());
  for (const double q : {1.0, 2.0, 3.5, 7.0, 21.0, 1e9}) {
    const Sensitivity s = *sensitivity(four(), {q, q});
    ASSERT_EQ(s.segments.size(), 1u) << q;
    EXPECT_EQ(s.segments[0].model, winner_at(everywhere, q).model) << q;
  }
}

TEST(Sensitivity, refuses_what_cannot_be_compared) {
  EXPECT_EQ(sensitivity({}).error().message, "there is no model to compare");
  EXPECT_EQ(sensitivity(Models{{.tp = 1, .tn = 2}, {.tp = 2, .tn = 2}}).error().message,
            "model 1 was tested on 2 positives and 2 negatives, model 0 on 1 positives and 2 "
            "negatives: compare models on the same rows");
  EXPECT_FALSE(sensitivity(Models{{.tp = 0, .tn = 2}}));
  EXPECT_FALSE(sensitivity(Models{{.tp = 1, .fp = -1, .tn = 2}}));
  EXPECT_FALSE(sensitivity(four(), {0.5, 3}));
  EXPECT_FALSE(sensitivity(four(), {3, 2}));
  EXPECT_FALSE(sensitivity(four(), {std::nan(""), 2}));
  EXPECT_FALSE(sensitivity(four(), {kInfinity, kInfinity}));
  EXPECT_FALSE(q_range({-0.6, 0}, 0.5));  // q = 0.8.
  EXPECT_FALSE(q_range({0.2, 0.1}, 0.5));
  EXPECT_FALSE(q_range({0, 0.1}, 0));
}

}  // namespace
}  // namespace profit
