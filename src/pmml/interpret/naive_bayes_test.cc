// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "pmml/compile/check.h"
#include "pmml/interpret/test_row.h"

namespace pmml {
namespace {

std::string counts(const std::string& yes, const std::string& no) {
  std::string text = "<TargetValueCounts>";
  if (!yes.empty()) text += "<TargetValueCount value='yes' count='" + yes + "'/>";
  if (!no.empty()) text += "<TargetValueCount value='no' count='" + no + "'/>";
  return text + "</TargetValueCounts>";
}

std::string model(const std::string& threshold, const std::string& inputs) {
  return "<PMML version='4.4'><Header/><DataDictionary>"
         "<DataField name='color' optype='categorical' dataType='string'/>"
         "<DataField name='age' optype='continuous' dataType='double'/>"
         "<DataField name='y' optype='categorical' dataType='string'/></DataDictionary>"
         "<NaiveBayesModel functionName='classification' threshold='" +
         threshold +
         "'><MiningSchema><MiningField name='color'/><MiningField name='age'/>"
         "<MiningField name='y' usageType='target'/></MiningSchema><BayesInputs>\n" +
         inputs + "</BayesInputs>\n<BayesOutput fieldName='y'>" + counts("60", "40") +
         "</BayesOutput></NaiveBayesModel></PMML>";
}

// red: 30 of 50 yes, 10 of 40 no; blue: 20 yes, 30 no; green: no yes (left out), 0 no.
std::string colors() {
  return "<BayesInput fieldName='color'><PairCounts value='red'>" + counts("30", "10") +
         "</PairCounts><PairCounts value='blue'>" + counts("20", "20") +
         "</PairCounts><PairCounts value='green'>" + counts("", "10") +
         "</PairCounts></BayesInput>";
}

double yes(const Document& document, const std::map<std::string, std::string>& row) {
  const Outcome outcome = interpret_row(document, row).outcome;
  EXPECT_FALSE(outcome.missing);
  EXPECT_NEAR(outcome.probability("yes") + outcome.probability("no"), 1, 1e-15);
  return outcome.probability("yes");
}

// red: 60 · 30/50 = 36 against 40 · 10/40 = 10.
TEST(NaiveBayes, multiplies_priors_with_shares) {
  const Document document = read_right(model("0.01", colors()));
  EXPECT_NEAR(yes(document, {{"color", "red"}}), 36.0 / 46, 1e-15);
  // green: the threshold stands for the count left out: 60 · 0.01 = 0.6 against 40 · 10/40 = 10.
  EXPECT_NEAR(yes(document, {{"color", "green"}}), 0.6 / 10.6, 1e-15);
  EXPECT_EQ(interpret_row(document, {{"color", "green"}}).outcome.category, "no");
}

TEST(NaiveBayes, skips_missing_values_and_those_never_counted) {
  const Document document = read_right(model("0.01", colors()));
  EXPECT_NEAR(yes(document, {}), 0.6, 1e-15);
  EXPECT_NEAR(yes(document, {{"color", "black"}}), 0.6, 1e-15);
}

std::string ages(const std::string& yes_law, const std::string& no_law) {
  return "<BayesInput fieldName='age'><TargetValueStats><TargetValueStat value='yes'>" + yes_law +
         "</TargetValueStat><TargetValueStat value='no'>" + no_law +
         "</TargetValueStat></TargetValueStats></BayesInput>";
}

// age 5: densities e^0 / √(2π 4) = 0.19947 and e^(-9/8) / √(2π 4).
TEST(NaiveBayes, multiplies_gaussian_densities) {
  const std::string inputs = ages("<GaussianDistribution mean='5' variance='4'/>",
                                  "<GaussianDistribution mean='8' variance='4'/>");
  const double odds = 60.0 / 40 * std::exp(9.0 / 8);
  EXPECT_NEAR(yes(read_right(model("0", inputs)), {{"age", "5"}}), odds / (1 + odds), 1e-14);
  // A threshold of 0.15 lifts the second, 0.06476, and leaves the first.
  const double lifted = 60 * std::sqrt(1 / (8 * 3.14159265358979323846)) / (40 * 0.15);
  EXPECT_NEAR(yes(read_right(model("0.15", inputs)), {{"age", "5"}}), lifted / (1 + lifted), 1e-14);
  // Both densities are 0 in double precision; their ratio is not.
  EXPECT_NEAR(yes(read_right(model("0", inputs)), {{"age", "-900"}}), 1, 1e-15);
}

// Two events of means 1 and 3: e^-1 1²/2! and e^-3 3²/2!.
TEST(NaiveBayes, multiplies_poisson_probabilities) {
  const Document document = read_right(
      model("0", ages("<PoissonDistribution mean='1'/>", "<PoissonDistribution mean='3'/>")));
  const double odds = 60 * std::exp(-1) / (40 * std::exp(-3) * 9);
  EXPECT_NEAR(yes(document, {{"age", "2"}}), odds / (1 + odds), 1e-14);
  EXPECT_TRUE(interpret_row(document, {{"age", "2.5"}}).invalid);
}

// 30 lies in the bin "old", 60 · 10/40 against 40 · 30/40; 90 lies in none and says nothing.
TEST(NaiveBayes, counts_the_bins_of_a_discretized_field) {
  const Document document = read_right(model(
      "0.01",
      "<BayesInput fieldName='age'><DerivedField optype='categorical' dataType='string'>"
      "<Discretize field='age'><DiscretizeBin binValue='young'>"
      "<Interval closure='closedOpen' leftMargin='0' rightMargin='30'/></DiscretizeBin>"
      "<DiscretizeBin binValue='old'><Interval closure='closedOpen' leftMargin='30' "
      "rightMargin='80'/></DiscretizeBin></Discretize></DerivedField><PairCounts value='young'>" +
          counts("30", "10") + "</PairCounts><PairCounts value='old'>" + counts("10", "30") +
          "</PairCounts></BayesInput>"));
  EXPECT_NEAR(yes(document, {{"age", "30"}}), 15.0 / 45, 1e-15);
  EXPECT_NEAR(yes(document, {{"age", "90"}}), 0.6, 1e-15);
}

// Without a threshold no category is possible for two impossible values.
TEST(NaiveBayes, has_no_result_where_every_category_is_impossible) {
  const Document document =
      read_right(model("0", "<BayesInput fieldName='color'><PairCounts value='red'>" +
                                counts("1", "0") + "</PairCounts><PairCounts value='blue'>" +
                                counts("0", "0") + "</PairCounts></BayesInput>"));
  EXPECT_TRUE(interpret_row(document, {{"color", "blue"}}).outcome.missing);
  EXPECT_EQ(yes(document, {{"color", "red"}}), 1);
}

// As makers before 4.2 wrote them; left out, age would say nothing.
TEST(NaiveBayes, reads_continuous_inputs_inside_an_extension) {
  const std::string inputs = ages("<GaussianDistribution mean='5' variance='4'/>",
                                  "<GaussianDistribution mean='8' variance='4'/>");
  EXPECT_EQ(read_right(model("0", "<Extension>" + inputs + "</Extension>")),
            read_right(model("0", inputs)));
}

TEST(NaiveBayes, refuses_categories_without_a_law_and_laws_without_a_category) {
  const std::string one =
      "<BayesInput fieldName='age'><TargetValueStats><TargetValueStat value='yes'>"
      "<PoissonDistribution mean='1'/></TargetValueStat></TargetValueStats></BayesInput>";
  EXPECT_NE(refusal_of(model("0", one))
                .find("line 2: <TargetValueStats>: the category 'no' has no distribution"),
            std::string::npos);
  EXPECT_NE(refusal_of(model("0",
                             "<BayesInput fieldName='color'><PairCounts value='red'>"
                             "<TargetValueCounts><TargetValueCount value='maybe' count='1'/>"
                             "</TargetValueCounts></PairCounts></BayesInput>"))
                .find("'maybe' is not in the BayesOutput"),
            std::string::npos);
  EXPECT_NE(refusal_of(model("0", ages("<GaussianDistribution mean='0' variance='0'/>",
                                       "<PoissonDistribution mean='1'/>")))
                .find("variance must be positive"),
            std::string::npos);
}

}  // namespace
}  // namespace pmml
