// SPDX-License-Identifier: Apache-2.0
// The report of analyses made by hand: what is said, that it is well formed whatever the data hold.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <map>
#include <regex>
#include <set>

#include "base/number.h"
#include "base/random.h"
#include "profit/sensitivity.h"
#include "report/detail/wording.h"
#include "report/html.h"
#include "report/plot.h"
#include "report/tables.h"

namespace report {
namespace {

using study::Analysis;
using study::Ranked;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
// The seed article's: 1 / 0.027856.
constexpr double kOldPrecision = 0.027856;

metric::Interval around(double estimate, double half) {
  return {estimate, half / 2, estimate - half, estimate + half};
}

Ranked ranked(const std::string& name, const std::string& generation, metric::Confusion test,
              const profit::Economics& economics) {
  Ranked one;
  one.model.recipe.name = name;
  one.model.recipe.generation = generation;
  if (generation != study::kNullGeneration)
    one.model.recipe.settings = {{"learner", std::string(study::kLogisticRegression)}, {"c", 0.5}};
  one.model.test = one.model.validation = test;
  const double rap = *profit::relative_achieved_profit(test, economics.q());
  one.money.rap = around(rap, 0.04);
  one.money.profit_per_customer = around(*profit::profit_per_customer(test, economics), 0.05);
  if (test.offered() > 0) one.money.roi = around(*profit::roi(test, economics.q()), 0.1);
  one.model.seconds = 1.5;
  one.model.bytes = 2048;
  one.model.nanoseconds_a_row = 120;
  return one;
}

// As `study::analyse` leaves it: sorted, with the winners of every hypothesis.
void finish(Analysis& a) {
  std::stable_sort(a.ranking.begin(), a.ranking.end(), [](const Ranked& x, const Ranked& y) {
    return x.money.rap.estimate > y.money.rap.estimate;
  });
  std::vector<metric::Confusion> counts;
  for (const Ranked& one : a.ranking) counts.push_back(one.model.test);
  auto found = profit::sensitivity(counts);
  ASSERT_TRUE(found) << found.error().message;
  a.sensitivity = *found;
  for (std::size_t i = 0; i < a.ranking.size(); ++i)
    if (a.sensitivity.won[i]) a.ranking[i].wins = a.sensitivity.segments[*a.sensitivity.won[i]].q;
}

// 1,000 acceptances in 36,000 rows; A finds 600 with 10,000 false alarms, B 300 with 2,000.
Analysis plain() {
  Analysis a;
  a.economics = *profit::economics_from_hypothesis(kOldPrecision, 0);
  a.options.hypothesis.old_precision = kOldPrecision;
  a.options.hypothesis.roi = 0;
  a.target = "accepted";
  a.positive = "yes";
  a.train_rows = 100'000;
  a.test_rows = 36'000;
  a.test_positives = 1000;
  const profit::Economics& e = a.economics;
  a.ranking = {ranked("A", "1", {600, 10'000, 25'000, 400}, e),
               ranked("B", "3", {300, 2000, 33'000, 700}, e),
               ranked("always", study::kNullGeneration, metric::always(1000, 35'000), e),
               ranked("never", study::kNullGeneration, metric::never(1000, 35'000), e)};
  finish(a);
  a.advice = "Offer with A.";
  return a;
}

study::Leader leader_of(const std::string& name) {
  study::Leader leader;
  leader.name = name;
  leader.file = "models/" + name + ".pmml";
  leader.contacted = 0.3;
  leader.profit_curve = {{0, 0}, {0.3, 0.25}, {1, -0.03}};
  leader.roc = {{0, 0}, {0.3, 0.6}, {1, 1}};
  leader.precision_recall = {{0.1, 0.1}, {1, 0.028}};
  leader.gains = {{0.05, 0.2, 4}, {0.1, 0.35, 3.5}, {1, 1, 1}};
  leader.calibration = {{0.01, around(0.012, 0.004), 500}, {0.05, around(0.04, 0.01), 500}};
  study::Fairness fairness;
  fairness.column = "sex";
  fairness.groups = {{"woman", 20'000, 500, 0.41, 0.6, 0.3, 0.05, 0.03, 0.025},
                     {"man", 16'000, 500, 0.37, 0.6, 0.3, 0.05, 0.03, 0.025}};
  fairness.parity_gap = 0.04;
  leader.fairness = {fairness};
  return leader;
}

Analysis whole() {
  Analysis a = plain();
  a.leaders = {leader_of("A"), leader_of("B")};
  a.warnings = {"'duration' alone predicts the target"};
  a.failed = {{"svm", "one class only"}};
  a.excluded = {{"forest", "kilobytes is 300: not < 20"}};
  a.corrected = study::Corrected{around(0.31, 0.05), 0.012, 0.305};
  a.under_doubt = {{"A", 0.9, 0.3, 0.001, 0.02}};
  a.options.hypothesis.belief_in_words = "the old return lies between 10 % and 20 %";
  a.ranking[0].model.importance = {{"age", 0.7}, {"balance", 0.3}};
  a.ranking[0].model.auc = 0.71;
  a.ranking[1].behind = profit::PairedDifference{.rap = around(0.07, 0.05), .p = 0.2};
  a.ranking[1].p_holm = 0.2;
  a.seconds = 100;
  return a;
}

std::vector<std::string> pictures_of(const std::string& page) {
  std::vector<std::string> out;
  for (std::size_t at = page.find("<svg"); at != page.npos; at = page.find("<svg", at + 1))
    out.push_back(page.substr(at, page.find("</svg>", at) + 6 - at));
  return out;
}

// The page without what is between < and >, its style and its script.
std::string words_of(const std::string& page) {
  std::string out;
  std::string body = page.substr(page.find("<body"));
  body.resize(body.find("<script>"));
  bool is_markup = false;
  for (const char c : body) {
    if (c == '<') is_markup = true;
    if (!is_markup) out += c;
    if (c == '>') is_markup = false;
  }
  return out;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != text.npos;
}

void expect_sound(const std::string& page) {
  for (const std::string& picture : pictures_of(page)) {
    pugi::xml_document document;
    const auto parsed = document.load_string(picture.c_str());
    ASSERT_TRUE(parsed) << parsed.description() << " in " << picture.substr(0, 400);
    const pugi::xml_node svg = document.child("svg");
    EXPECT_STREQ(svg.attribute("role").value(), "img");
    EXPECT_NE(std::string(svg.child("title").text().get()), "");
    EXPECT_NE(std::string(svg.child("desc").text().get()), "");
    EXPECT_TRUE(svg.attribute("viewBox"));
    // In coordinates, where no word may stand.
    for (const auto& found : document.select_nodes("//*"))
      for (const char* name : {"x", "y", "x1", "x2", "y1", "y2", "width", "height", "d"})
        if (const auto attribute = found.node().attribute(name)) {
          EXPECT_FALSE(contains(attribute.value(), "nan")) << attribute.value();
          EXPECT_FALSE(contains(attribute.value(), "inf")) << attribute.value();
        }
  }
  const std::string words = words_of(page);
  EXPECT_FALSE(std::regex_search(words, std::regex("\\b([Nn]a[Nn]|inf)\\b")));
  // Everything in the page is in the page.
  EXPECT_FALSE(contains(page, "http:/") && !contains(page, "http://www.w3.org/2000/svg"));
  EXPECT_FALSE(std::regex_search(page, std::regex("(src|href)=\"(?!#)")));
}

TEST(html, says_what_to_do_first_then_figures_with_units) {
  const std::string page = html(whole());
  expect_sound(page);
  const std::string words = words_of(page);
  EXPECT_LT(words.find("Offer with A."), words.find("Ranking by profit"));
  EXPECT_TRUE(contains(words, "35.9"));  // q = 1 / 0.027856 = 35.899.
  // RAP of A: (600·35.899 − 10,600) / (1,000·34.899) = 0.31346.
  EXPECT_TRUE(contains(words, "31.3\u00A0%"));
  EXPECT_TRUE(contains(words, "'duration' alone predicts the target") ||
              contains(words, "&#39;duration&#39; alone predicts the target"));
  EXPECT_TRUE(contains(words, "one class only"));
  EXPECT_TRUE(contains(words, "These rows do not tell the leader from B"));
  EXPECT_TRUE(contains(words, "the old return lies between 10 % and 20 %"));
  EXPECT_TRUE(contains(words, "models/A.pmml"));
  EXPECT_TRUE(contains(words, "2.05\u00A0kB"));
  EXPECT_EQ(page.substr(0, 15), "<!DOCTYPE html>");
  EXPECT_TRUE(contains(page, "<html lang=\"en\">"));
}

TEST(html, tells_the_break_points_in_words) {
  // B → A where RAPs meet: 1 + ΔFP/ΔTP = 1 + 8,000/300 = 27.667, ROI −22.9 %.
  // A → always: 1 + 25,000/400 = 63.5, ROI +76.9 %.
  const std::string words = words_of(html(plain()));
  EXPECT_TRUE(contains(
      words, "A earns the most if the old system’s ROI was from −23\u00A0% to +77\u00A0%"));
  EXPECT_TRUE(contains(words, "Below that, B earns more. Above, always."));
}

TEST(html, speaks_of_q_where_no_old_precision_is_known) {
  Analysis a = plain();
  a.options.hypothesis = {};
  a.options.currency = "€";
  a.economics = *profit::economics_from_money(54, 1.5);
  const std::string page = html(a);
  expect_sound(page);
  EXPECT_TRUE(contains(words_of(page), "A earns the most for q from 27.7 to 63.5"));
  EXPECT_TRUE(contains(page, "54.00\u00A0€ for an accepted offer"));
  EXPECT_FALSE(contains(words_of(page), "ROI of the old system"));
}

Analysis by_row() {
  Analysis a = whole();
  a.by_row = true;
  a.sensitivity = {};
  a.corrected = {};
  a.under_doubt = {};
  a.options.hypothesis = {};
  for (Ranked& one : a.ranking) one.wins = {};
  a.leaders[0].orders = study::Orders{.by_probability = {{0, 0}, {0.5, -0.2}, {1, 0.013}},
                                      .by_expected_profit = {{0, 0}, {0.5, 0.227}, {1, 0.013}},
                                      .everyone = around(0.013, 0.1),
                                      .where_it_pays = around(0.227, 0.1),
                                      .above_mean_share = around(-0.032, 0.1)};
  return a;
}

TEST(html, shows_what_p_alone_costs_where_rows_have_amounts) {
  Analysis a = by_row();
  const std::string page = html(a);
  expect_sound(page);
  const std::string words = words_of(page);
  EXPECT_TRUE(contains(page, "id=\"orders\""));
  EXPECT_TRUE(contains(words, "By p alone less is earned than by offering to everybody"));
  EXPECT_TRUE(contains(words, "brings 227 (127 to 327)"));
  for (const char* id : {"hypotheses", "trade-off", "contacts"})
    EXPECT_FALSE(contains(page, "id=\"" + std::string(id) + "\"")) << id;
  a.leaders[0].orders->above_mean_share = around(0.1, 0.1);
  EXPECT_FALSE(contains(html(a), "By p alone less is earned"));
  const std::string text = markdown(a);
  EXPECT_TRUE(contains(text, "| those with p·i > c | 227 | 127 | 327 |"));
  const auto out = nlohmann::json::parse(json(a));
  EXPECT_EQ(out["leaders"][0]["orders"]["by_probability"][1][1].get<double>(), -0.2);
  EXPECT_TRUE(out["leaders"][1]["orders"].is_null());
}

TEST(html, tells_the_lift) {
  const Analysis a = whole();
  const std::string words = words_of(html(a));
  EXPECT_TRUE(
      contains(words,
               "The first 10\u00A0% of the customers by A hold 35.0\u00A0% of the acceptances: a "
               "lift of 3.50."));
  EXPECT_TRUE(contains(markdown(a), "| 10\u00A0% | 35.0\u00A0% | 3.50 |\n| 100"));
  EXPECT_EQ(nlohmann::json::parse(json(a))["leaders"][0]["gains"][0]["lift"].get<double>(), 4);
}

TEST(html, has_headings_in_order_and_ids_once) {
  const std::string page = html(whole());
  int last = 0;
  const std::regex heading("<h([1-6])");
  for (auto at = std::sregex_iterator(page.begin(), page.end(), heading);
       at != std::sregex_iterator(); ++at) {
    const int level = std::stoi((*at)[1]);
    EXPECT_LE(level, last + 1);
    last = level;
  }
  std::set<std::string> seen;
  const std::regex id(" id=\"([^\"]*)\"");
  for (auto at = std::sregex_iterator(page.begin(), page.end(), id); at != std::sregex_iterator();
       ++at)
    EXPECT_TRUE(seen.insert((*at)[1]).second) << (*at)[1];
}

TEST(html, leaves_out_what_is_not_there) {
  const std::string page = html(plain());
  for (const char* id : {"contacts", "orders", "discrimination", "lift", "calibration",
                         "importance", "fairness", "cards", "exclusions", "failures", "warnings-h"})
    EXPECT_FALSE(contains(page, "id=\"" + std::string(id) + "\"")) << id;
  EXPECT_FALSE(contains(page, "<ul>\n</ul>"));
  const std::string empty = html(Analysis{});
  expect_sound(empty);
  EXPECT_FALSE(contains(empty, "id=\"ranking\""));
}

TEST(html, is_sound_with_one_model) {
  Analysis a = plain();
  a.ranking.resize(1);
  finish(a);
  const std::string page = html(a);
  expect_sound(page);
  EXPECT_TRUE(contains(words_of(page), "earns the most under every hypothesis"));
}

TEST(html, is_sound_where_nothing_is_offered) {
  Analysis a = plain();
  a.ranking = {ranked("shy", "1", metric::never(1000, 35'000), a.economics)};
  finish(a);
  a.leaders = {study::Leader{.name = "shy", .file = ""}};
  expect_sound(html(a));
}

TEST(html, escapes_hostile_names) {
  const std::string evil = "<script>alert('1')</script>\"&]]>\x01\xFF";
  Analysis a = whole();
  a.target = a.advice = a.positive = evil;
  a.ranking[0].model.recipe.name = evil;
  a.ranking[0].model.recipe.generation = evil;
  a.ranking[0].model.recipe.settings[evil] = evil;
  a.ranking[0].model.importance = {{evil, 1}};
  a.ranking[0].model.notes = {evil};
  a.leaders[0] = leader_of(evil);
  a.leaders[0].fairness[0].column = evil;
  a.leaders[0].fairness[0].groups[0].group = evil;
  a.warnings = a.attributes = {evil};
  a.failed = {{evil, evil}};
  a.under_doubt[0].name = evil;
  a.options.hypothesis.belief_in_words = evil;
  a.options.currency = evil;
  const std::string page = html(a);
  expect_sound(page);
  EXPECT_FALSE(contains(page, "alert('1')"));
  EXPECT_FALSE(contains(page, "\x01"));
  EXPECT_FALSE(contains(page, "\xFF"));
  EXPECT_EQ(page.find("<script>"), page.rfind("<script>"));  // Its own.
  EXPECT_FALSE(contains(markdown(a), "<script>"));
  EXPECT_TRUE(nlohmann::json::accept(json(a)));
}

TEST(html, never_prints_what_is_no_number) {
  Analysis a = whole();
  for (const double odd : {kNan, kInfinity, -kInfinity}) {
    Ranked& one = a.ranking[1];
    one.money.rap = {odd, odd, odd, odd};
    one.money.profit_per_customer = {odd, odd, odd, odd};
    one.model.auc = one.model.seconds = one.model.nanoseconds_a_row = odd;
    one.behind->rap.estimate = odd;
    one.p_holm = odd;
    a.corrected->rap = {odd, odd, odd, odd};
    a.leaders[0].profit_curve[1] = {odd, odd};
    a.leaders[0].calibration[0].predicted = odd;
    a.leaders[0].fairness[0].parity_gap = odd;
    a.under_doubt[0].expected_regret = odd;
    expect_sound(html(a));
    EXPECT_FALSE(std::regex_search(csv(a), std::regex("\\b(nan|inf)\\b")));
    EXPECT_TRUE(nlohmann::json::accept(json(a)));
    EXPECT_FALSE(std::regex_search(markdown(a), std::regex("\\b(nan|inf)\\b")));
  }
}

TEST(html, of_thousands_of_models_stays_small) {
  Analysis a = plain();
  base::Random random(7);
  for (int i = 0; i < 2300; ++i) {
    const auto tp = static_cast<std::int64_t>(random.uniform() * 1000);
    const auto fp = static_cast<std::int64_t>(random.uniform() * 35'000);
    a.ranking.push_back(ranked("network-" + std::to_string(i), "search",
                               {tp, fp, 35'000 - fp, 1000 - tp}, a.economics));
  }
  finish(a);
  const std::string page = html(a);
  expect_sound(page);
  EXPECT_LT(page.size(), 3'000'000U);
  EXPECT_TRUE(contains(page, "network-2299"));
  EXPECT_TRUE(contains(page, "<details><summary>2,29"));
}

TEST(plot, thins_what_cannot_be_seen_and_keeps_peaks) {
  Plot plot{.title = "t", .description = "d"};
  Line line;
  for (int i = 0; i <= 100'000; ++i) line.points.push_back({i / 1e5, i == 77'777 ? 1.0 : 0.5});
  plot.lines = {line};
  Spots spots;
  for (int i = 0; i < 50'000; ++i)
    spots.spots.push_back({.at = {i / 5e4, (i * 7919 % 1000) / 1e3}});
  plot.spots = {spots};
  const std::string picture = svg(plot, {.width = 700, .height = 400, .id = "p"});
  EXPECT_LT(picture.size(), 200'000U);
  // The peak reaches the top, where the frame's clip begins.
  const std::size_t clip = picture.find("<rect x=");
  const std::string top = picture.substr(picture.find("y=", clip) + 3, 4);
  EXPECT_TRUE(contains(picture, " " + top.substr(0, top.find('"')) + "L"));
}

TEST(plot, labels_do_not_cover_each_other) {
  Plot plot{.title = "t", .description = "d"};
  for (int i = 0; i < 40; ++i)
    plot.markers.push_back({0.4 + i / 200.0, "+" + std::to_string(i) + " %", i == 20});
  const std::string picture = svg(plot, {.width = 700, .height = 400, .id = "p"});
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(picture.c_str()));
  std::map<double, std::vector<std::pair<double, double>>> lanes;
  for (const auto& found : document.select_nodes("//text")) {
    const std::string words = found.node().text().get();
    if (words[0] != '+') continue;
    const double left = found.node().attribute("x").as_double();
    lanes[found.node().attribute("y").as_double()].push_back(
        {left, left + 7.0 * static_cast<double>(words.size())});
  }
  EXPECT_EQ(lanes.size(), 3U);
  bool has_strong = false;
  for (auto& [y, boxes] : lanes) {
    std::sort(boxes.begin(), boxes.end());
    for (std::size_t i = 1; i < boxes.size(); ++i) EXPECT_LE(boxes[i - 1].second, boxes[i].first);
  }
  has_strong = contains(picture, ">+20 %<");
  EXPECT_TRUE(has_strong);
}

TEST(plot, axes_end_at_round_values) {
  const Axis axis = axis_over("x", {0.013, 0.287, kNan}, Ticks::kPercent);
  EXPECT_DOUBLE_EQ(axis.low, 0);
  EXPECT_DOUBLE_EQ(axis.high, 0.3);
  EXPECT_DOUBLE_EQ(axis_over("x", {0, 1, 1e308, -1e308}, Ticks::kPlain).high, 1);
  EXPECT_LT(axis_over("x", {5, 5}, Ticks::kPlain).low, 5);
  EXPECT_DOUBLE_EQ(axis_over("x", {}, Ticks::kPlain).high, 1);
  EXPECT_GT(axis_over("x", {0, 10}, Ticks::kPlain, true).low, 0);
}

TEST(wording, rounds_as_people_do) {
  using namespace detail;
  EXPECT_EQ(number(1234.6), "1,235");
  EXPECT_EQ(number(-0.012345), "−0.0123");
  EXPECT_EQ(number(kNan), "–");
  EXPECT_EQ(fixed(-1234567.891, 2), "−1,234,567.89");
  EXPECT_EQ(percent(0.3071), "30.7\u00A0%");
  EXPECT_EQ(signed_percent(0.5), "+50\u00A0%");
  EXPECT_EQ(signed_percent(0.001), "0\u00A0%");
  EXPECT_EQ(duration(250), "4\u00A0min 10\u00A0s");
  EXPECT_EQ(p_value(1e-9), "p\u00A0<\u00A00.001");
  EXPECT_EQ(listed({"a", "b", "c"}), "a, b and c");
  EXPECT_EQ(shorten("ñandú-largo", 6), "ñandú…");
  // An overlong "/" and a surrogate are no UTF-8 (RFC 3629).
  EXPECT_EQ(escape("\xC0\xAF\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
}

TEST(csv, has_a_row_for_each_model_and_reads_back_exactly) {
  Analysis a = whole();
  a.ranking[1].model.recipe.name = "B, \"second\"\nline";
  const std::string text = csv(a);
  EXPECT_TRUE(text.starts_with("rank,name,generation,learner,row_share,rap,rap_standard_error,"));
  EXPECT_TRUE(contains(text, "\r\n2,\"B, \"\"second\"\"\nline\",3,logistic-regression,1,"));
  EXPECT_TRUE(contains(text, "," + base::format_double(a.ranking[0].money.rap.estimate) + ","));
  EXPECT_TRUE(contains(text, ",one class only\r\n"));
  EXPECT_TRUE(text.ends_with(",kilobytes is 300: not < 20\r\n"));
  // As many commas in every row: the header's, and those of the last row.
  const auto commas = [](const std::string& line) {
    return std::count(line.begin(), line.end(), ',');
  };
  EXPECT_EQ(commas(text.substr(0, text.find("\r\n"))),
            commas(text.substr(text.rfind("\r\n", text.size() - 3) + 2)));
}

TEST(json, holds_everything_exactly) {
  const Analysis a = whole();
  const auto out = nlohmann::json::parse(json(a));
  EXPECT_EQ(out["ranking"].size(), 4U);
  EXPECT_EQ(out["ranking"][0]["rap"]["estimate"].get<double>(), a.ranking[0].money.rap.estimate);
  EXPECT_EQ(out["economics"]["q"].get<double>(), a.economics.q());
  EXPECT_EQ(out["leaders"][0]["fairness"][0]["groups"][1]["group"], "man");
  EXPECT_EQ(out["leaders"][0]["roc"][1][1].get<double>(), 0.6);
  EXPECT_TRUE(out["sensitivity"].back()["q_to"].is_null());  // Without end.
  EXPECT_EQ(out["sensitivity"].back()["model"], "always");
  EXPECT_EQ(out["failed"][0]["reason"], "one class only");
}

TEST(markdown, says_what_to_do_with_the_ranking) {
  Analysis a = whole();
  a.ranking[0].model.recipe.name = "A|*b*";
  const std::string text = markdown(a);
  EXPECT_TRUE(contains(text, "**What to do:** Offer with A."));
  EXPECT_TRUE(contains(text, "| 1 | A\\|\\*b\\* | 31.3 |"));
  EXPECT_TRUE(contains(text, "| A\\|\\*b\\* (supposed) | from −23\u00A0% to +77\u00A0% |"));
  EXPECT_TRUE(contains(text, "- svm: one class only"));
}

}  // namespace
}  // namespace report
