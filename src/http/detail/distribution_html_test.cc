// SPDX-License-Identifier: Apache-2.0
#include "http/detail/distribution_html.h"

#include <gtest/gtest.h>

#include <regex>

namespace http {
namespace {

using experiment::MoneyHistogram;

// Four customers an arm: base's spend 0, 10, 15.99 and 16 $, the candidate's 0, 0, 0 and 40 $.
trial::Progress of_eight_customers() {
  trial::Progress progress;
  for (const std::vector<std::int64_t>& amounts :
       {std::vector<std::int64_t>{0, 1000, 1599, 1600}, {0, 4000, 0, 0}}) {
    MoneyHistogram arm(base::Cents(10'000));
    for (const std::int64_t cents : amounts) arm.add(base::Cents(cents));
    progress.distribution.push_back(arm);
  }
  return progress;
}

// What the pattern's groups have matched, all occurrences.
std::vector<std::vector<std::string>> found(const std::string& text, const std::string& pattern) {
  std::vector<std::vector<std::string>> all;
  const std::regex wanted(pattern);
  for (std::sregex_iterator at(text.begin(), text.end(), wanted), end; at != end; ++at)
    all.emplace_back(std::next(at->begin()), at->end());
  return all;
}

TEST(DistributionHtml, says_of_each_arm_what_share_is_in_which_bin) {
  const std::string html = distribution_html(of_eight_customers(), {"age", "history"});
  EXPECT_EQ(found(html, "</span>([^<]*)</th>"),
            (std::vector<std::vector<std::string>>{{"age"}, {"history"}}));
  EXPECT_EQ(
      found(html, "<tr><td>([^<]*)</td><td class=\"n\">([^<]*)</td><td class=\"n\">([^<]*)</td>"),
      (std::vector<std::vector<std::string>>{{"nothing", "25.00 %", "75.00 %"},
                                             {"10.00 to 16.00", "50.00 %", "0.00 %"},
                                             {"16.00 to 25.00", "25.00 %", "0.00 %"},
                                             {"25.00 to 40.00", "0.00 %", "0.00 %"},
                                             {"40.00 to 63.00", "0.00 %", "25.00 %"}}));
}

// 154 high where half of an arm is, the most; a bin is 165 wide.
TEST(DistributionHtml, draws_each_arm_in_its_colour_and_place) {
  const std::string html = distribution_html(of_eight_customers(), {"age", "history"});
  const std::string bar = "<rect class=\"arm(.)\" x=\"([^\"]*)\"[^>]*height=\"([^\"]*)\"";
  std::vector<std::string> heights[2];
  std::vector<double> places[2];
  for (const auto& one : found(html, bar)) {
    const std::size_t arm = one[0] == "0" ? 0 : 1;
    places[arm].push_back(std::stod(one[1]));
    heights[arm].push_back(one[2]);
  }
  EXPECT_EQ(heights[0], (std::vector<std::string>{"154.0", "77.0", "0.0", "0.0"}));
  EXPECT_EQ(heights[1], (std::vector<std::string>{"0.0", "0.0", "0.0", "77.0"}));
  for (std::size_t bin = 0; bin < 4; ++bin) {
    const double begin = 50 + 165 * static_cast<double>(bin);
    EXPECT_GT(places[0][bin], begin);
    EXPECT_GT(places[1][bin], places[0][bin]);
    EXPECT_LT(places[1][bin], begin + 165);
  }
}

TEST(DistributionHtml, draws_the_cap_where_it_is) {
  trial::Progress progress = of_eight_customers();
  const auto cap_of = [&](std::int64_t cents) {
    progress.experiment.plan.cap = base::Cents(cents);
    const auto lines = found(distribution_html(progress, {"age", "history"}),
                             "<line class=\"cap\" x1=\"([^\"]*)\"");
    return lines.empty() ? "" : lines.front().front();
  };
  EXPECT_EQ(cap_of(2000), "297.5");  // √(16 · 25): half way through the second bin.
  EXPECT_EQ(cap_of(1600), "215.0");
  EXPECT_EQ(cap_of(1000), "50.0");
  EXPECT_EQ(cap_of(999), "") << "nobody is drawn there";
  EXPECT_EQ(cap_of(6300), "");
}

TEST(DistributionHtml, says_that_nobody_has_spent_anything) {
  trial::Progress progress = of_eight_customers();
  progress.distribution.assign(2, MoneyHistogram(base::Cents(10'000)));
  EXPECT_EQ(distribution_html(progress, {"age", "history"}).find("<svg"), std::string::npos);
}

}  // namespace
}  // namespace http
