// SPDX-License-Identifier: Apache-2.0
#include "profit/limits.h"

#include <gtest/gtest.h>

namespace profit {
namespace {

using metric::Confusion;

TEST(Limits, are_read_as_people_write_them) {
  const Limit l = *parse_limit(" parity_gap<= 5 %");
  EXPECT_EQ(l.measure, "parity_gap");
  EXPECT_EQ(l.kind, Limit::Kind::kAtMost);
  EXPECT_EQ(l.bound, 0.05);
  EXPECT_EQ(to_text(*parse_limit("p99_ns < 1000")), "p99_ns < 1000");
  EXPECT_EQ(to_text(*parse_limit("auc>=0.7")), "auc >= 0.7");
  EXPECT_EQ(to_text(*parse_limit("rap > -0.5")), "rap > -0.5");
  for (const char* text : {"", "auc", "auc =", "< 5", "auc < ", "auc < five", "auc <= <= 5", "%"})
    EXPECT_FALSE(parse_limit(text)) << text;
}

// q = 5, so RAP is (4·TP − FP)/400: 0.1, 0.4, 0.25.
const std::vector<Confusion> kModels = {{.tp = 20, .fp = 40, .tn = 860, .fn = 80},
                                        {.tp = 60, .fp = 80, .tn = 820, .fn = 40},
                                        {.tp = 45, .fp = 80, .tn = 820, .fn = 55}};

TEST(Limits, keep_the_best_model_that_is_allowed) {
  const auto standings = *rank(kModels, *economics_from_q(5));
  const std::vector<Measure> measures = {{"p99_ns", {200, 1000, 999}},
                                         {"parity_gap", {0.01, 0.01, std::nullopt}}};
  const auto keep = [&](std::initializer_list<const char*> texts) {
    std::vector<Limit> limits;
    for (const char* text : texts) limits.push_back(*parse_limit(text));
    return keep_within(standings, measures, limits);
  };
  EXPECT_EQ(keep({})->kept, (std::vector<std::size_t>{1, 2, 0}));
  EXPECT_EQ(keep({"p99_ns <= 1000"})->kept, (std::vector<std::size_t>{1, 2, 0}));
  EXPECT_EQ(keep({"p99_ns < 1000"})->kept, (std::vector<std::size_t>{2, 0}));
  const Selection both = *keep({"p99_ns < 1000", "parity_gap < 5%"});
  EXPECT_EQ(both.kept, std::vector<std::size_t>{0});
  ASSERT_EQ(both.excluded.size(), 2u);
  EXPECT_EQ(both.excluded[0].why, "p99_ns is 1000, not < 1000");
  EXPECT_EQ(both.excluded[1].why, "parity_gap is not known, so not < 0.05");
  EXPECT_TRUE(keep({"p99_ns > 5000"})->kept.empty());
  EXPECT_EQ(
      keep({"bytes < 5"}).error().message,
      "the limit 'bytes < 5' names a measure that is not known: there are p99_ns, parity_gap");
  const std::vector<Measure> short_one = {{"p99_ns", {200}}};
  EXPECT_FALSE(keep_within(standings, short_one, std::vector<Limit>{*parse_limit("p99_ns < 5")}));
}

}  // namespace
}  // namespace profit
