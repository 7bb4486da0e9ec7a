// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "pmml/compile/check.h"
#include "pmml/interpret/test_row.h"

namespace pmml {
namespace {

using TestRow = std::map<std::string, std::string>;

const char* const kFields =
    "<DataField name='x' optype='continuous' dataType='double'/>"
    "<DataField name='n' optype='continuous' dataType='double'/>"
    "<DataField name='sex' optype='categorical' dataType='string'/>"
    "<DataField name='y' optype='continuous' dataType='double'/>"
    "<DataField name='c' optype='categorical' dataType='string'>"
    "<Value value='low'/><Value value='mid'/><Value value='high'/></DataField>"
    "<DataField name='b' optype='categorical' dataType='string'>"
    "<Value value='no'/><Value value='yes'/></DataField>";

// Parameters p0 (1), p1 (x squared), p2 (x where sex is f).
std::string model(const std::string& attributes, const std::string& target,
                  const std::string& cells, const std::string& after = "") {
  return std::string("<PMML version='4.4'><Header/><DataDictionary>") + kFields +
         "</DataDictionary>\n<GeneralRegressionModel " + attributes +
         "><MiningSchema><MiningField name='x'/><MiningField name='n'/><MiningField name='sex'/>"
         "<MiningField name='" +
         target +
         "' usageType='target'/></MiningSchema><ParameterList><Parameter name='p0'/>"
         "<Parameter name='p1' referencePoint='4'/><Parameter name='p2'/></ParameterList>"
         "<FactorList><Predictor name='sex'/></FactorList>"
         "<CovariateList><Predictor name='x'/></CovariateList><PPMatrix>"
         "<PPCell value='2' predictorName='x' parameterName='p1'/>"
         "<PPCell value='f' predictorName='sex' parameterName='p2'/>"
         "<PPCell value='1' predictorName='x' parameterName='p2'/></PPMatrix>\n<ParamMatrix>" +
         cells + "</ParamMatrix>" + after + "</GeneralRegressionModel></PMML>";
}

std::string linear(const std::string& attributes) {
  return model("functionName='regression' " + attributes, "y",
               "<PCell parameterName='p0' beta='1'/><PCell parameterName='p1' beta='0.5'/>"
               "<PCell parameterName='p2' beta='-2'/>");
}

std::string refusal(const std::string& xml) {
  const auto document = read(xml);
  if (!document) return document.error().message;
  const auto checked = check(*document);
  return checked ? "" : checked.error().message;
}

double number_of(const std::string& xml, const TestRow& row) {
  const Document document = read_right(xml);
  const Outcome outcome = interpret_row(document, row).outcome;
  EXPECT_FALSE(outcome.missing);
  return outcome.number;
}

// x = 3: 1 + 0.5 · 9 - 2 · 3 = -0.5 for women, 1 + 4.5 = 5.5 for men.
TEST(GeneralRegression, multiplies_the_cells_of_a_parameter) {
  EXPECT_EQ(number_of(linear("modelType='regression'"), {{"x", "3"}, {"sex", "f"}}), -0.5);
  EXPECT_EQ(number_of(linear("modelType='generalLinear'"), {{"x", "3"}, {"sex", "m"}}), 5.5);
}

TEST(GeneralRegression, has_no_result_where_a_predictor_is_missing) {
  const Document document = read_right(linear("modelType='regression'"));
  EXPECT_TRUE(interpret_row(document, {{"x", "3"}}).outcome.missing);
  EXPECT_TRUE(interpret_row(document, {{"sex", "f"}}).outcome.missing);
}

// The predictor of every link is -0.5.
TEST(GeneralRegression, inverts_every_link) {
  const auto mean = [](const std::string& link) {
    return number_of(linear("modelType='generalizedLinear' " + link), {{"x", "3"}, {"sex", "f"}});
  };
  EXPECT_DOUBLE_EQ(mean("linkFunction='identity'"), -0.5);
  EXPECT_DOUBLE_EQ(mean("linkFunction='log'"), std::exp(-0.5));
  EXPECT_DOUBLE_EQ(mean("linkFunction='logc'"), 1 - std::exp(-0.5));
  EXPECT_DOUBLE_EQ(mean("linkFunction='logit'"), 1 / (1 + std::exp(0.5)));
  EXPECT_DOUBLE_EQ(mean("linkFunction='cloglog'"), 1 - std::exp(-std::exp(-0.5)));
  EXPECT_DOUBLE_EQ(mean("linkFunction='loglog'"), std::exp(-std::exp(0.5)));
  EXPECT_NEAR(mean("linkFunction='probit'"), 0.30853753872598690, 1e-15);  // Tables: Φ(-0.5).
  // 1 / (2 (e^0.5 - 1)).
  EXPECT_DOUBLE_EQ(mean("linkFunction='negbin' distribution='negbin' distParameter='2'"),
                   1 / (2 * (std::exp(0.5) - 1)));
  // 1 / (1 + (1 + 0.5 · -0.5)^-2) = 1 / (1 + 1 / 0.5625) = 0.36.
  EXPECT_DOUBLE_EQ(mean("linkFunction='oddspower' linkParameter='0.5'"), 0.36);
  EXPECT_DOUBLE_EQ(mean("linkFunction='oddspower' linkParameter='0'"), 1 / (1 + std::exp(0.5)));
  EXPECT_DOUBLE_EQ(mean("linkFunction='power' linkParameter='-1'"), -2);  // (-0.5)^-1.
  EXPECT_DOUBLE_EQ(mean("linkFunction='power' linkParameter='0'"), std::exp(-0.5));
}

// n trials of probability 1 / (1 + e^-(−0.5 + 0.5)) = 1/2; the field goes before the value.
TEST(GeneralRegression, adds_offsets_and_counts_trials) {
  const std::string binomial = "modelType='generalizedLinear' linkFunction='logit' ";
  const TestRow row = {{"x", "3"}, {"sex", "f"}, {"n", "0.5"}};
  EXPECT_EQ(number_of(linear(binomial + "offsetValue='0.5' trialsValue='10'"), row), 5);
  EXPECT_EQ(
      number_of(linear(binomial + "offsetVariable='n' offsetValue='9' trialsVariable='n'"), row),
      0.25);
  EXPECT_TRUE(
      interpret_row(read_right(linear(binomial + "offsetVariable='n'")), {{"x", "3"}, {"sex", "f"}})
          .outcome.missing);
  EXPECT_NE(refusal(linear("modelType='regression' offsetValue='1'")).find("offset"),
            std::string::npos);
}

const char* const kMultinomial =
    "<PCell targetCategory='low' parameterName='p0' beta='1'/>"
    "<PCell targetCategory='high' parameterName='p0' beta='0.5'/>"
    "<PCell targetCategory='high' parameterName='p1' beta='0.25'/>";

// x = 2: low 1, high 0.5 + 0.25 · 4 = 1.5, mid, which no cell names, 0.
TEST(GeneralRegression, gives_the_reference_category_no_parameters) {
  const Document document = read_right(
      model("functionName='classification' modelType='multinomialLogistic'", "c", kMultinomial));
  const Outcome outcome = interpret_row(document, {{"x", "2"}, {"sex", "m"}}).outcome;
  const double sum = std::exp(1) + std::exp(1.5) + 1;
  EXPECT_EQ(outcome.category, "high");
  EXPECT_NEAR(outcome.probability("low"), std::exp(1) / sum, 1e-15);
  EXPECT_NEAR(outcome.probability("high"), std::exp(1.5) / sum, 1e-15);
  EXPECT_NEAR(outcome.probability("mid"), 1 / sum, 1e-15);
  EXPECT_NE(refusal(model("functionName='classification' modelType='multinomialLogistic'", "c",
                          "<PCell targetCategory='low' parameterName='p0' beta='1'/>"))
                .find("which category is the reference"),
            std::string::npos);
}

// Of two categories the cells need no name: they are of the one that is not the reference.
TEST(GeneralRegression, answers_a_binary_target_without_naming_its_category) {
  const Document document = read_right(
      model("functionName='classification' modelType='generalizedLinear' linkFunction='logit' "
            "targetReferenceCategory='yes'",
            "b", "<PCell parameterName='p0' beta='2'/>"));
  const Outcome outcome = interpret_row(document, {{"x", "2"}, {"sex", "m"}}).outcome;
  EXPECT_EQ(outcome.category, "no");
  EXPECT_DOUBLE_EQ(outcome.probability("no"), 1 / (1 + std::exp(-2)));
}

std::string ordinal(const std::string& link, const std::string& mid = "1") {
  return model("functionName='classification' modelType='ordinalMultinomial' cumulativeLink='" +
                   link + "' offsetValue='0.5'",
               "c",
               "<PCell targetCategory='low' parameterName='p0' beta='-1'/>"
               "<PCell targetCategory='mid' parameterName='p0' beta='" +
                   mid + "'/><PCell parameterName='p1' beta='-0.125'/>");
}

// x = 2: -0.125 · 4 + 0.5 = 0, so the cumulative predictors are the intercepts, -1 and 1.
TEST(GeneralRegression, takes_differences_of_cumulative_probabilities) {
  const auto outcome_of = [](const std::string& link) {
    return interpret_row(read_right(ordinal(link)), {{"x", "2"}, {"sex", "m"}}).outcome;
  };
  const double below = 1 / (1 + std::exp(1));
  const Outcome logit = outcome_of("logit");
  EXPECT_EQ(logit.category, "mid");
  EXPECT_DOUBLE_EQ(logit.probability("low"), below);
  EXPECT_DOUBLE_EQ(logit.probability("mid"), 1 - 2 * below);
  EXPECT_NEAR(logit.probability("high"), below, 1e-15);
  EXPECT_DOUBLE_EQ(outcome_of("cauchit").probability("low"), 0.25);  // 1/2 + atan(-1) / π.
  EXPECT_DOUBLE_EQ(outcome_of("loglog").probability("low"), std::exp(-std::exp(1)));
  EXPECT_DOUBLE_EQ(outcome_of("cloglog").probability("low"), 1 - std::exp(-std::exp(-1)));
  EXPECT_NEAR(outcome_of("probit").probability("low"), 0.15865525393145705, 1e-15);  // Φ(-1).
  EXPECT_NE(refusal(ordinal("logit", "-2")).find("less than that of the category before"),
            std::string::npos);
}

std::string cox(const std::string& time_of, const std::string& tables) {
  return model("functionName='regression' modelType='CoxRegression' endTimeVariable='n' " + time_of,
               "y", "<PCell parameterName='p1' beta='0.5'/>",
               "<BaseCumHazardTables" + tables + "</BaseCumHazardTables>");
}

// x = 3: r = 0.5 · 9, s = 0.5 · 4 (the reference point), so the hazard is times exp(2.5).
TEST(GeneralRegression, gives_the_cumulative_hazard_of_a_survival) {
  const std::string xml = cox("",
                              " maxTime='10'><BaselineCell time='2' cumHazard='0.1'/>"
                              "<BaselineCell time='5' cumHazard='0.3'/>");
  const auto at = [&](const std::string& time) {
    return number_of(xml, {{"x", "3"}, {"n", time}, {"sex", "m"}});
  };
  EXPECT_EQ(at("1"), 0);
  EXPECT_DOUBLE_EQ(at("2"), 0.1 * std::exp(2.5));
  EXPECT_DOUBLE_EQ(at("4.9"), 0.1 * std::exp(2.5));
  EXPECT_DOUBLE_EQ(at("10"), 0.3 * std::exp(2.5));
  EXPECT_TRUE(interpret_row(read_right(xml), {{"x", "3"}, {"n", "10.1"}}).outcome.missing);
}

TEST(GeneralRegression, takes_the_baseline_of_the_rows_stratum) {
  const std::string xml =
      cox("baselineStrataVariable='sex'",
          "><BaselineStratum value='f' maxTime='9'><BaselineCell time='0' cumHazard='0.2'/>"
          "</BaselineStratum><BaselineStratum value='m' maxTime='3'>"
          "<BaselineCell time='0' cumHazard='0.4'/></BaselineStratum>");
  EXPECT_EQ(number_of(xml, {{"x", "2"}, {"n", "4"}, {"sex", "f"}}), 0.2);
  const Document document = read_right(xml);
  EXPECT_TRUE(interpret_row(document, {{"x", "2"}, {"n", "4"}, {"sex", "m"}}).outcome.missing);
  EXPECT_TRUE(interpret_row(document, {{"x", "2"}, {"n", "4"}, {"sex", "?"}}).outcome.missing);
}

std::string contrasts(const std::string& rows) {
  return "<PMML version='4.4'><Header/><DataDictionary>"
         "<DataField name='c' optype='categorical' dataType='string'/>"
         "<DataField name='y' optype='continuous' dataType='double'/></DataDictionary>"
         "<GeneralRegressionModel functionName='regression' modelType='generalLinear'>"
         "<MiningSchema><MiningField name='c'/><MiningField name='y' usageType='target'/>"
         "</MiningSchema><ParameterList><Parameter name='p'/></ParameterList><FactorList>\n"
         "<Predictor name='c'><Categories><Category value='u'/><Category value='v'/>"
         "<Category value='w'/></Categories><Matrix>" +
         rows +
         "</Matrix></Predictor></FactorList><PPMatrix>"
         "<PPCell value='v' predictorName='c' parameterName='p'/></PPMatrix><ParamMatrix>"
         "<PCell parameterName='p' beta='10'/></ParamMatrix></GeneralRegressionModel></PMML>";
}

// The cell of v is the second column; the row is that of the value: w gives -0.5.
TEST(GeneralRegression, codes_a_factor_by_its_contrast_matrix) {
  const std::string xml = contrasts("<Array>1 0</Array><Array>0 1</Array><Array>-1 -0.5</Array>");
  EXPECT_EQ(number_of(xml, {{"c", "w"}}), -5);
  EXPECT_EQ(number_of(xml, {{"c", "v"}}), 10);
  EXPECT_EQ(number_of(xml, {{"c", "u"}}), 0);
  EXPECT_TRUE(interpret_row(read_right(xml), {{"c", "other"}}).invalid);
  EXPECT_NE(refusal(contrasts("<Array>1</Array><Array>0</Array><Array>1</Array>"))
                .find("line 2: <Predictor>: a contrast Matrix of 3 categories"),
            std::string::npos);
}

TEST(GeneralRegression, refuses_cells_of_parameters_that_are_not_listed) {
  EXPECT_NE(refusal(model("functionName='regression' modelType='regression'", "y",
                          "<PCell parameterName='q' beta='1'/>"))
                .find("line 3: <PCell>: the parameter 'q' is not in the ParameterList"),
            std::string::npos);
}

}  // namespace
}  // namespace pmml
