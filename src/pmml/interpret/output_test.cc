// SPDX-License-Identifier: Apache-2.0
// Outputs, targets, outliers and the ways to combine models, worked by hand from PMML 4.4 «Output»,
// «Targets», «MiningSchema» and «MultipleModels».
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "pmml/interpret/interpreter.h"
#include "pmml/interpret/model.h"
#include "pmml/interpret/small_document.h"

namespace pmml {
namespace {

std::string dictionary(const std::string& target_type = "double") {
  const bool text = target_type == "string";
  return "<DataDictionary><DataField name=\"x\" optype=\"continuous\" dataType=\"double\"/>"
         "<DataField name=\"w\" optype=\"continuous\" dataType=\"double\"/>"
         "<DataField name=\"y\" optype=\"" +
         std::string(text ? "categorical" : "continuous") + "\" dataType=\"" + target_type +
         "\"/></DataDictionary>";
}

std::string schema(const std::string& x = "") {
  return "<MiningSchema><MiningField name=\"x\" " + x +
         "/><MiningField name=\"w\"/><MiningField name=\"y\" usageType=\"target\"/></MiningSchema>";
}

// y = x after Targets.
std::string identity(const std::string& output, const std::string& targets = "",
                     const std::string& x = "") {
  return dictionary() + "<RegressionModel functionName=\"regression\">" + schema(x) +
         (output.empty() ? "" : "<Output>" + output + "</Output>") + targets +
         "<RegressionTable intercept=\"0\"><NumericPredictor name=\"x\" coefficient=\"1\"/>"
         "</RegressionTable></RegressionModel>";
}

TEST(Targets, cast_to_integers) {
  const auto cast = [](const std::string& how) {
    return SmallDocument(
        identity("", "<Targets><Target field=\"y\" castInteger=\"" + how + "\"/></Targets>"));
  };
  // The standard: 2.718 becomes 3, -2.89 becomes -3; halves go up.
  SmallDocument round = cast("round");
  EXPECT_EQ(round.prediction({{"x", "2.718"}}), 3);
  EXPECT_EQ(round.prediction({{"x", "-2.89"}}), -3);
  EXPECT_EQ(round.prediction({{"x", "2.5"}}), 3);
  EXPECT_EQ(round.prediction({{"x", "-2.5"}}), -2);
  SmallDocument ceiling = cast("ceiling");
  EXPECT_EQ(ceiling.prediction({{"x", "2.1"}}), 3);
  EXPECT_EQ(ceiling.prediction({{"x", "-2.9"}}), -2);
  SmallDocument floor = cast("floor");
  EXPECT_EQ(floor.prediction({{"x", "2.9"}}), 2);
  EXPECT_EQ(floor.prediction({{"x", "-2.1"}}), -3);
}

// Bounds first, then factor, then constant, then the cast: 12 → 10 → 10 * 0.37 = 3.7 → 3.9 → 4.
TEST(Targets, are_treated_in_the_standards_order) {
  SmallDocument document(
      identity("",
               "<Targets><Target field=\"y\" min=\"-1\" max=\"10\" rescaleFactor=\"0.37\" "
               "rescaleConstant=\"0.2\" castInteger=\"round\"/></Targets>"));
  EXPECT_EQ(document.prediction({{"x", "12"}}), 4);
  EXPECT_EQ(document.prediction({{"x", "-9"}}), 0);  // -1 → -0.37 → -0.17 → 0.
}

TEST(MiningField, treats_outliers) {
  const auto outliers = [](const std::string& how, const std::string& more = "") {
    return SmallDocument(
        identity("", "", "outliers=\"" + how + "\" lowValue=\"-1\" highValue=\"10\" " + more));
  };
  SmallDocument extreme = outliers("asExtremeValues");
  EXPECT_EQ(extreme.prediction({{"x", "11"}}), 10);
  EXPECT_EQ(extreme.prediction({{"x", "-2"}}), -1);
  EXPECT_EQ(extreme.prediction({{"x", "10"}}), 10);
  SmallDocument missing = outliers("asMissingValues");
  EXPECT_TRUE(std::isnan(missing.prediction({{"x", "11"}})));
  EXPECT_EQ(missing.prediction({{"x", "9"}}), 9);
  SmallDocument replaced = outliers("asMissingValues", "missingValueReplacement=\"5\"");
  EXPECT_EQ(replaced.prediction({{"x", "11"}}), 5);
  EXPECT_EQ(outliers("asIs").prediction({{"x", "11"}}), 11);
}

TEST(Output, knows_the_residual_where_the_row_holds_the_actual_value) {
  SmallDocument document(identity("<OutputField name=\"r\" feature=\"residual\"/>"));
  EXPECT_EQ(document.number({{"x", "3"}, {"y", "10"}}, "r"), 7);
  EXPECT_EQ(document.output({{"x", "3"}}, "r"), "");
  EXPECT_EQ(document.prediction({{"x", "3"}, {"y", "not a number"}}), 3);
  // Of a classification: 1 - p of the actual category, 0 - p of another.
  SmallDocument classes(
      dictionary("string") + "<TreeModel functionName=\"classification\">" + schema() +
      "<Output><OutputField name=\"r\" feature=\"residual\" value=\"a\"/></Output>"
      "<Node><True/><ScoreDistribution value=\"a\" recordCount=\"3\"/><ScoreDistribution "
      "value=\"b\" recordCount=\"1\"/></Node></TreeModel>");
  EXPECT_EQ(classes.number({{"y", "a"}}, "r"), 0.25);
  EXPECT_EQ(classes.number({{"y", "b"}}, "r"), -0.75);
}

TEST(Output, keeps_the_decisions_of_a_document) {
  SmallDocument document(identity(
      "<OutputField name=\"p\" feature=\"predictedValue\"/><OutputField name=\"d\" "
      "feature=\"decision\" dataType=\"string\" optype=\"categorical\"><Decisions "
      "businessProblem=\"Whom to call?\"><Decision value=\"call\" displayValue=\"Call them\"/>"
      "<Decision value=\"wait\" description=\"Too dear\"/></Decisions>" +
      call_of("if", call_of("greaterThan", field_ref("p") + "<Constant>1</Constant>") +
                        text_constant("call") + text_constant("wait")) +
      "</OutputField>"));
  EXPECT_EQ(document.output({{"x", "2"}}, "d"), "call");
  EXPECT_EQ(document.output({{"x", "1"}}, "d"), "wait");
}

// What a chapter fills of an Outcome, every feature of an output reads.
TEST(Output, reads_whatever_a_model_says) {
  Document document = read(pmml_file(identity(""))).value();
  const auto add = [&](OutputField field) { document.model.output.push_back(std::move(field)); };
  using enum ResultFeature;
  add({.name = "first", .feature = kEntityId});
  add({.name = "second", .feature = kEntityId, .rank = 2});
  add({.name = "third", .feature = kClusterId, .rank = 3});
  add({.name = "name", .feature = kClusterName});
  add({.name = "shown", .feature = kPredictedDisplayValue});
  add({.name = "near", .feature = kAffinity});
  add({.name = "near b", .feature = kClusterAffinity, .value = "b"});
  add({.name = "code", .feature = kReasonCode, .rank = 2});
  add({.name = "no code", .feature = kReasonCode, .rank = 3});
  add({.name = "warning", .feature = kWarning});
  add({.name = "error", .feature = kStandardError});
  add({.name = "low", .feature = kConfidenceIntervalLower});
  add({.name = "high", .feature = kConfidenceIntervalUpper, .value = "50"});
  const auto rule = [&](const std::string& name, RuleFeature feature, RuleAlgorithm algorithm) {
    add({.name = name, .feature = kRuleValue, .rule_feature = feature, .algorithm = algorithm});
  };
  rule("exclusive", RuleFeature::kConsequent, RuleAlgorithm::kExclusiveRecommendation);
  rule("any", RuleFeature::kRuleId, RuleAlgorithm::kRecommendation);
  rule("held", RuleFeature::kRule, RuleAlgorithm::kRuleAssociation);
  add({.name = "by support",
       .feature = kRuleValue,
       .rank = 3,
       .rule_feature = RuleFeature::kLift,
       .algorithm = RuleAlgorithm::kRecommendation,
       .rank_basis = RankBasis::kSupport,
       .ascending = true});
  add({.name = "all",
       .feature = kRuleValue,
       .rank = 0,
       .rule_feature = RuleFeature::kRuleId,
       .algorithm = RuleAlgorithm::kRecommendation,
       .multi_valued = true});
  const Names names(document);
  Row row;
  Scope scope(names, document.model, row, nullptr);
  Outcome outcome;
  outcome.missing = false;
  outcome.number = 100;
  outcome.standard_error = 10;
  outcome.warning = "far away";
  outcome.entities = {{"a", "Alpha", 1.5}, {"b", std::nullopt, 2.5}};
  outcome.reason_codes = {"RC1", "RC2"};
  outcome.rules = {{.id = "1",
                    .antecedent = "{p}",
                    .consequent = "{q}",
                    .support = 0.5,
                    .confidence = 0.6,
                    .lift = 3,
                    .consequent_holds = true},
                   {.id = "2",
                    .antecedent = "{p}",
                    .consequent = "{r}",
                    .support = 0.2,
                    .confidence = 0.9,
                    .lift = 2},
                   {.id = "3",
                    .antecedent = "{p}",
                    .consequent = "{s}",
                    .support = 0.4,
                    .confidence = 0.9,
                    .lift = 1}};
  evaluate_output(document.model, outcome, scope);
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"first", "a"},
      {"second", "b"},
      {"third", ""},
      {"name", "Alpha"},
      {"shown", "Alpha"},
      {"near", "1.5"},
      {"near b", "2.5"},
      {"code", "RC2"},
      {"no code", ""},
      {"warning", "far away"},
      {"error", "10.0"},
      // Confidence 0.9 twice, the first of them in the document; without those that hold.
      {"exclusive", "{r}"},
      {"any", "2"},
      {"held", "{p}->{q}"},
      // Supports 0.2, 0.4, 0.5: the third is rule 1's.
      {"by support", "3.0"},
      {"all", "[2, 3, 1]"}};
  for (const auto& [name, text] : expected) {
    const auto found =
        std::ranges::find(outcome.outputs, name, &std::pair<std::string, Value>::first);
    ASSERT_NE(found, outcome.outputs.end()) << name;
    EXPECT_EQ(to_text(found->second), text) << name;
  }
  // 100 -+ 1.959964 * 10 and 100 + 0.674490 * 10.
  for (const auto& [name, value] : outcome.outputs) {
    if (name == "low") {
      EXPECT_NEAR(value.number, 80.40036015, 1e-7);
    }
    if (name == "high") {
      EXPECT_NEAR(value.number, 106.74489750, 1e-7);
    }
  }
}

TEST(Output, reads_the_features_of_rules_under_their_old_and_new_names) {
  const auto field = [](const std::string& attributes) {
    return read(pmml_file(identity("<OutputField name=\"o\" " + attributes + "/>")))
        .value()
        .model.output[0];
  };
  const OutputField old = field(
      "feature=\"ruleValue\" ruleFeature=\"ruleId\" rank=\"2\" "
      "algorithm=\"recommendation\" rankBasis=\"lift\"");
  EXPECT_TRUE(old == field("feature=\"ruleId\" rank=\"2\" algorithm=\"recommendation\" "
                           "rankBasis=\"lift\""));
  EXPECT_EQ(field("feature=\"confidence\"").feature, ResultFeature::kConfidence);
  EXPECT_EQ(field("feature=\"confidence\" algorithm=\"recommendation\"").feature,
            ResultFeature::kRuleValue);
  EXPECT_NE(refusal(identity("<OutputField name=\"o\" feature=\"entityId\" rank=\"0\"/>")), "");
  EXPECT_NE(refusal(identity("<OutputField name=\"o\" feature=\"x-rule\"/>")), "");
}

TEST(Output, gives_no_account_of_how_another_came_about) {
  const std::string output = "<OutputField name=\"p\" feature=\"predictedValue\"/>";
  const auto report = [](const std::string& attributes) {
    return "<OutputField name=\"r\" dataType=\"string\" optype=\"categorical\" " + attributes +
           "/>";
  };
  SmallDocument document(identity(output + report("feature=\"x-report\" x-reportField=\"p\"")));
  EXPECT_EQ(document.output({{"x", "2"}}, "p"), "2.0");
  EXPECT_EQ(document.output({{"x", "2"}}, "r"), "");
  EXPECT_NE(refusal(identity(output + report("feature=\"x-report\""))), "");
  EXPECT_NE(refusal(identity(output + report("x-reportField=\"p\""))), "");
  EXPECT_NE(refusal(identity(output + report("feature=\"x-report\" x-reportField=\"q\""))), "");
}

// Three trees of one node: probability of a is 0.9, 0.2 and 0.4.
std::string ensemble(const std::string& method,
                     const std::array<std::string, 3>& weights_of_segment) {
  std::string segments;
  constexpr std::array<int, 3> kCounts = {9, 2, 4};
  for (std::size_t i = 0; i < 3; ++i) {
    segments += "<Segment " + weights_of_segment[i] +
                "<True/><TreeModel "
                "functionName=\"classification\">" +
                schema() + "<Node><True/><ScoreDistribution value=\"a\" recordCount=\"" +
                std::to_string(kCounts[i]) + "\"/><ScoreDistribution value=\"b\" recordCount=\"" +
                std::to_string(10 - kCounts[i]) + "\"/></Node></TreeModel></Segment>";
  }
  // VariableWeight stands behind the model.
  return dictionary("string") + "<MiningModel functionName=\"classification\">" + schema() +
         "<Output><OutputField name=\"p\" feature=\"probability\" value=\"a\"/><OutputField "
         "name=\"answer\" feature=\"predictedValue\"/></Output><Segmentation "
         "multipleModelMethod=\"" +
         method + "\">" + segments + "</Segmentation></MiningModel>";
}

TEST(MiningModel, combines_classes_by_median_and_maximum) {
  const std::array<std::string, 3> plain = {"weight=\"1\">", "weight=\"1\">", "weight=\"5\">"};
  // Medians: a 0.4, b 0.6: b wins; the third tree has that median.
  SmallDocument median(ensemble("median", plain));
  EXPECT_EQ(median.output({}, "answer"), "b");
  EXPECT_DOUBLE_EQ(median.number({}, "p"), 0.4);
  // Maxima: a 0.9, b 0.8: a wins, by the first tree.
  SmallDocument maximum(ensemble("max", plain));
  EXPECT_EQ(maximum.output({}, "answer"), "a");
  EXPECT_DOUBLE_EQ(maximum.number({}, "p"), 0.9);
  // Weighted medians: of a 0.2 (1), 0.4 (5), 0.9 (1) is 0.4; of b 0.6.
  SmallDocument weighted(ensemble("weightedMedian", plain));
  EXPECT_EQ(weighted.output({}, "answer"), "b");
  EXPECT_DOUBLE_EQ(weighted.number({}, "p"), 0.4);
  const std::array<std::string, 3> heavy = {"weight=\"9\">", "weight=\"1\">", "weight=\"5\">"};
  SmallDocument first(ensemble("weightedMedian", heavy));
  EXPECT_EQ(first.output({}, "answer"), "a");
  EXPECT_DOUBLE_EQ(first.number({}, "p"), 0.9);
}

TEST(MiningModel, may_repeat_its_method) {
  const auto repeating = [](const std::string& method) {
    std::string xml = ensemble("median", {">", ">", ">"});
    const std::string model = "<MiningModel ";
    return xml.replace(xml.find(model), model.size(),
                       model + "multipleModelMethod=\"" + method + "\" ");
  };
  SmallDocument same(repeating("median"));
  EXPECT_DOUBLE_EQ(same.number({}, "p"), 0.4);
  EXPECT_NE(refusal(repeating("max")), "");
}

// The average of 10 with weight 3 and 20 with the weight that field w holds.
TEST(MiningModel, takes_a_segments_weight_from_a_field) {
  const auto segment = [](const std::string& id, int answer, const std::string& weight,
                          const std::string& behind) {
    return "<Segment id=\"" + id + "\"" + weight +
           "><True/><RegressionModel "
           "functionName=\"regression\">" +
           schema() + "<RegressionTable intercept=\"" + std::to_string(answer) +
           "\"/></RegressionModel>" + behind + "</Segment>";
  };
  const auto document_with = [&](const std::string& field) {
    return dictionary() + "<MiningModel functionName=\"regression\">" + schema() +
           "<Segmentation multipleModelMethod=\"weightedAverage\">" +
           segment("1", 10, " weight=\"3\"", "") +
           segment("2", 20, "", "<VariableWeight field=\"" + field + "\"/>") +
           "</Segmentation></MiningModel>";
  };
  SmallDocument document(document_with("w"));
  EXPECT_EQ(document.prediction({{"w", "1"}}), 12.5);
  EXPECT_EQ(document.prediction({{"w", "7"}}), 17);
  EXPECT_TRUE(std::isnan(document.prediction({{"w", "-1"}})));
  EXPECT_NE(refusal(document_with("nobody")), "");
}

// A chain of a regression and a tree that reads it; its function is the last link's.
TEST(MiningModel, may_be_mixed_where_a_link_answers) {
  const auto mixed = [](const std::string& method) {
    return dictionary("string") + "<MiningModel functionName=\"mixed\">" + schema() +
           "<Segmentation multipleModelMethod=\"" + method +
           "\"><Segment><True/><RegressionModel "
           "functionName=\"regression\"><MiningSchema><MiningField name=\"x\"/></MiningSchema>"
           "<Output><OutputField name=\"twice\" feature=\"predictedValue\" dataType=\"double\" "
           "optype=\"continuous\"/></Output><RegressionTable intercept=\"0\"><NumericPredictor "
           "name=\"x\" coefficient=\"2\"/></RegressionTable></RegressionModel></Segment>"
           "<Segment><True/><TreeModel functionName=\"classification\"><MiningSchema><MiningField "
           "name=\"twice\"/><MiningField name=\"y\" usageType=\"target\"/></MiningSchema><Output>"
           "<OutputField name=\"answer\" feature=\"predictedValue\"/></Output><Node score=\"a\">"
           "<True/><Node score=\"b\"><SimplePredicate field=\"twice\" operator=\"greaterThan\" "
           "value=\"10\"/></Node><Node score=\"a\"><True/></Node></Node></TreeModel></Segment>"
           "</Segmentation></MiningModel>";
  };
  SmallDocument document(mixed("modelChain"));
  EXPECT_EQ(document.scorer().function(), MiningFunction::kClassification);
  EXPECT_EQ(document.output({{"x", "6"}}, "answer"), "b");
  EXPECT_EQ(document.output({{"x", "5"}}, "answer"), "a");
  EXPECT_NE(refusal(mixed("average")).find("mixed"), std::string::npos);
}

}  // namespace
}  // namespace pmml
