// SPDX-License-Identifier: Apache-2.0
// Files that want to break the reader get an error that says what is wrong.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "pmml/read/read.h"
#include "pmml/score/scorer.h"
#include "pmml/write/write.h"

namespace pmml {
namespace {

std::string error_of(std::string_view xml, const ReadLimits& limits = {}) {
  const auto document = read(xml, limits);
  return document ? "" : document.error().message;
}

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

#define EXPECT_REFUSED(xml, part)                                   \
  do {                                                              \
    const std::string message = error_of(xml);                      \
    EXPECT_TRUE(mentions(message, part)) << "message: " << message; \
  } while (false)

// A document with x and y as doubles and z as a string, around the given model body.
std::string document_with(const std::string& inside, const std::string& dictionary = "") {
  return "<PMML version=\"4.4\" "
         "xmlns=\"http://www.dmg.org/PMML-4_4\">\n<Header/>\n<DataDictionary>\n"
         "<DataField name=\"x\" optype=\"continuous\" dataType=\"double\"/>\n"
         "<DataField name=\"n\" optype=\"continuous\" dataType=\"integer\"/>\n"
         "<DataField name=\"z\" optype=\"categorical\" dataType=\"string\"/>\n</DataDictionary>\n" +
         dictionary + inside + "</PMML>";
}

std::string regression(const std::string& table, const std::string& extra = "",
                       const std::string& attributes = "") {
  return "<RegressionModel functionName=\"regression\" " + attributes +
         ">\n<MiningSchema><MiningField name=\"x\"/><MiningField name=\"n\"/><MiningField "
         "name=\"z\"/></MiningSchema>\n" +
         extra + "<RegressionTable intercept=\"1\">" + table +
         "</RegressionTable></RegressionModel>";
}

std::string tree(const std::string& nodes) {
  return "<TreeModel functionName=\"regression\"><MiningSchema><MiningField "
         "name=\"x\"/><MiningField name=\"n\"/>"
         "<MiningField name=\"z\"/></MiningSchema>" +
         nodes + "</TreeModel>";
}

TEST(HostileFile, refuses_what_is_not_xml_with_its_line) {
  EXPECT_REFUSED("", "not XML");
  EXPECT_REFUSED("hello", "not XML");
  EXPECT_REFUSED("{\"a\": 1}", "not XML");
  EXPECT_REFUSED("<PMML version=\"4.4\">\n<Header>\n</PMML>", "line 3");
  EXPECT_REFUSED(std::string("\0\0\0", 3), "not XML");
  EXPECT_REFUSED("<html/>", "outermost element must be <PMML>");
}

TEST(HostileFile, refuses_doctypes_and_entities) {
  EXPECT_REFUSED(
      "<!DOCTYPE PMML [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><PMML version=\"4.4\">&e;</PMML>",
      "DOCTYPE");
  EXPECT_REFUSED("<?xml version=\"1.0\"?>\n<!DOCTYPE PMML>\n<PMML version=\"4.4\"/>", "DOCTYPE");
}

TEST(HostileFile, refuses_versions_it_does_not_know) {
  EXPECT_REFUSED("<PMML version=\"2.1\"/>", "3.0 to 4.4");
  EXPECT_REFUSED("<PMML/>", "version");
}

TEST(HostileFile, respects_limits_of_bytes_depth_and_elements) {
  const std::string xml =
      document_with(regression("<NumericPredictor name=\"x\" coefficient=\"2\"/>"));
  EXPECT_EQ(error_of(xml), "");
  EXPECT_TRUE(mentions(error_of(xml, {.bytes = 10}), "limit is 10"));
  EXPECT_TRUE(mentions(error_of(xml, {.depth = 3}), "more than 3 deep"));
  EXPECT_TRUE(mentions(error_of(xml, {.elements = 5}), "more than 5"));
}

TEST(HostileFile, reads_copies_writes_and_scores_a_tree_of_100000_nested_nodes) {
  constexpr int kDepth = 100'000;
  std::string nodes;
  for (int i = 0; i < kDepth; ++i) nodes += "<Node score=\"" + std::to_string(i) + "\"><True/>";
  for (int i = 0; i < kDepth; ++i) nodes += "</Node>";
  const auto document = read(document_with(tree(nodes)));
  ASSERT_TRUE(document) << document.error().message;
  const Document copy = *document;
  EXPECT_TRUE(copy == *document);
  const auto again = read(write(*document));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(*again == *document);
  for (const auto& scorer : {Scorer::compile(*document), Scorer::interpret(*document)}) {
    ASSERT_TRUE(scorer);
    Workspace workspace(*scorer);
    const std::vector<double> row(3, kMissing);
    EXPECT_EQ(scorer->score(row, workspace).number, kDepth - 1);
  }
}

TEST(HostileFile, refuses_expressions_predicates_and_models_that_nest_without_end) {
  std::string apply;
  std::string end;
  for (int i = 0; i < 100'000; ++i) {
    apply += "<Apply function=\"abs\">";
    end += "</Apply>";
  }
  EXPECT_REFUSED(document_with(regression("",
                                          "<LocalTransformations><DerivedField name=\"d\" "
                                          "optype=\"continuous\" dataType=\"double\">" +
                                              apply + "<FieldRef field=\"x\"/>" + end +
                                              "</DerivedField></LocalTransformations>")),
                 "nest more than 200 deep");
  std::string compound;
  end.clear();
  for (int i = 0; i < 100'000; ++i) {
    compound += "<CompoundPredicate booleanOperator=\"and\"><True/>";
    end += "</CompoundPredicate>";
  }
  EXPECT_REFUSED(document_with(tree("<Node score=\"1\">" + compound + "<True/>" + end + "</Node>")),
                 "nest more than 200 deep");
}

TEST(HostileFile, refuses_references_to_fields_that_do_not_exist) {
  EXPECT_REFUSED(document_with(regression("<NumericPredictor name=\"nobody\" coefficient=\"1\"/>")),
                 "'nobody'");
  EXPECT_REFUSED(
      document_with(regression(
          "<PredictorTerm coefficient=\"1\"><FieldRef field=\"nobody\"/></PredictorTerm>")),
      "'nobody'");
  EXPECT_REFUSED(document_with(tree("<Node score=\"1\"><SimplePredicate field=\"nobody\" "
                                    "operator=\"equal\" value=\"1\"/></Node>")),
                 "'nobody'");
  EXPECT_REFUSED(document_with("<TreeModel functionName=\"regression\"><MiningSchema><MiningField "
                               "name=\"nobody\"/></MiningSchema>"
                               "<Node score=\"1\"><True/></Node></TreeModel>"),
                 "'nobody'");
  EXPECT_REFUSED(document_with(regression(
                     "",
                     "<Output><OutputField name=\"o\" feature=\"transformedValue\"><FieldRef "
                     "field=\"nobody\"/></OutputField></Output>")),
                 "'nobody'");
}

// Both found by fuzzing: compiled and interpreted read such files differently.
TEST(HostileFile, refuses_an_interval_of_values_without_an_order) {
  const std::string file =
      "<PMML version=\"4.4\" xmlns=\"http://www.dmg.org/PMML-4_4\"><Header/><DataDictionary>"
      "<DataField name=\"e\" optype=\"continuous\" dataType=\"boolean\">"
      "<Interval closure=\"closedClosed\" leftMargin=\"5\" rightMargin=\"10\"/></DataField>"
      "</DataDictionary><RegressionModel functionName=\"regression\"><MiningSchema>"
      "<MiningField name=\"e\"/></MiningSchema><RegressionTable intercept=\"1\"/>"
      "</RegressionModel></PMML>";
  const auto document = read(file);
  const std::string message = !document ? document.error().message
                              : Scorer::compile(*document)
                                  ? ""
                                  : Scorer::compile(*document).error().message;
  EXPECT_TRUE(mentions(message, "'e' has an Interval")) << message;
}

TEST(HostileFile, refuses_two_spellings_of_one_value_of_the_target) {
  const auto message = [](const std::string& one, const std::string& other) {
    const auto document =
        read(document_with("<TreeModel functionName=\"classification\"><MiningSchema><MiningField "
                           "name=\"x\"/></MiningSchema><Node score=\"" +
                           one + "\"><True/><ScoreDistribution value=\"" + one +
                           "\" recordCount=\"3\"/><ScoreDistribution value=\"" + other +
                           "\" recordCount=\"1\"/></Node></TreeModel>"));
    if (!document) return document.error().message;
    const auto scorer = Scorer::compile(*document);
    return scorer ? std::string() : scorer.error().message;
  };
  EXPECT_TRUE(mentions(message("true", "1"), "one value in two spellings"));
  EXPECT_TRUE(mentions(message("1", "1.0"), "one value in two spellings"));
  EXPECT_EQ(message("1", "0"), "");
  EXPECT_EQ(message("true", "false"), "");
}

TEST(HostileFile, refuses_derived_fields_that_depend_on_themselves) {
  const auto derived = [](const std::string& name, const std::string& on) {
    return "<DerivedField name=\"" + name +
           "\" optype=\"continuous\" dataType=\"double\"><FieldRef field=\"" + on +
           "\"/></DerivedField>";
  };
  const auto local = [](const std::string& fields) {
    return "<LocalTransformations>" + fields + "</LocalTransformations>";
  };
  EXPECT_REFUSED(document_with(regression("", local(derived("a", "a")))), "depends on itself");
  EXPECT_REFUSED(document_with(regression(
                     "", local(derived("a", "b") + derived("b", "c") + derived("c", "a")))),
                 "depends on itself");
  EXPECT_REFUSED(
      document_with(regression(""), "<TransformationDictionary>" + derived("a", "b") +
                                        derived("b", "a") + "</TransformationDictionary>"),
      "depends on itself");
  std::string chain = derived("d0", "x");
  for (int i = 1; i < 100'000; ++i)
    chain += derived("d" + std::to_string(i), "d" + std::to_string(i - 1));
  EXPECT_REFUSED(document_with(regression("", local(chain))), "more than 2000 deep");
}

TEST(HostileFile, checks_a_field_of_many_others_in_a_time_that_grows_with_their_number) {
  std::string sum =
      "<DerivedField name=\"sum\" optype=\"continuous\" dataType=\"double\">"
      "<Apply function=\"sum\">";
  std::string others;
  constexpr int kOthers = 20'000;
  for (int i = 0; i < kOthers; ++i) {
    const std::string name = "d" + std::to_string(i);
    sum += "<FieldRef field=\"" + name + "\"/>";
    others += "<DerivedField name=\"" + name +
              "\" optype=\"continuous\" dataType=\"double\">"
              "<FieldRef field=\"x\"/></DerivedField>";
  }
  const std::string dictionary = "<TransformationDictionary>" + sum + "</Apply></DerivedField>" +
                                 others + "</TransformationDictionary>";
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(error_of(document_with(regression(""), dictionary)), "");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST(HostileFile, refuses_functions_that_call_themselves_or_explode) {
  const auto function = [](const std::string& name, const std::string& body) {
    return "<DefineFunction name=\"" + name +
           "\" optype=\"continuous\"><ParameterField name=\"p\"/>" + body + "</DefineFunction>";
  };
  const auto call = [](const std::string& name) {
    return "<Apply function=\"" + name + "\"><FieldRef field=\"p\"/></Apply>";
  };
  const auto dictionary = [](const std::string& inside) {
    return "<TransformationDictionary>" + inside + "</TransformationDictionary>";
  };
  EXPECT_REFUSED(document_with(regression(""), dictionary(function("f", call("f")))),
                 "calls itself");
  EXPECT_REFUSED(document_with(regression(""),
                               dictionary(function("f", call("g")) + function("g", call("f")))),
                 "calls itself");
  // Each calls the one before twice: a value would cost 2^100 calls.
  std::string bomb = function("f0", "<FieldRef field=\"p\"/>");
  for (int i = 1; i <= 100; ++i) {
    const std::string before = call("f" + std::to_string(i - 1));
    bomb +=
        function("f" + std::to_string(i), "<Apply function=\"+\">" + before + before + "</Apply>");
  }
  EXPECT_REFUSED(document_with(regression(""), dictionary(bomb)), "too often");
  EXPECT_REFUSED(
      document_with(regression(""), dictionary(function("f", "<FieldRef field=\"x\"/>"))),
      "no parameter of it");
  EXPECT_REFUSED(
      document_with(regression(""), dictionary(function("f", call("java.lang.System.exit")))),
      "neither built in nor defined");
  EXPECT_REFUSED(document_with(regression(""),
                               dictionary(function(
                                   "f", "<Apply function=\"+\"><FieldRef field=\"p\"/></Apply>"))),
                 "1 arguments");
}

TEST(HostileFile, refuses_numbers_that_are_none) {
  EXPECT_REFUSED(document_with(regression("<NumericPredictor name=\"x\" coefficient=\"NaN\"/>")),
                 "expected a number");
  EXPECT_REFUSED(document_with(regression("<NumericPredictor name=\"x\" coefficient=\"1,5\"/>")),
                 "expected a number");
  EXPECT_REFUSED(document_with(tree("<Node score=\"1\"><SimplePredicate field=\"x\" "
                                    "operator=\"lessThan\" value=\"NaN\"/></Node>")),
                 "'NaN'");
  EXPECT_REFUSED(document_with(tree("<Node score=\"high\"><True/></Node>")), "'high'");
  EXPECT_REFUSED(document_with(regression("<NumericPredictor name=\"z\" coefficient=\"1\"/>")),
                 "is a string");
}

TEST(HostileFile, refuses_what_it_does_not_know_with_element_and_line) {
  EXPECT_REFUSED(document_with("<SequenceModel functionName=\"sequences\"/>"),
                 "line 8: <SequenceModel>");
  EXPECT_REFUSED(document_with(regression("", "", "isQuantum=\"true\"")), "isQuantum");
  EXPECT_REFUSED(document_with(regression("<Magic/>")), "<Magic>");
  EXPECT_REFUSED(document_with(regression("", "", "normalizationMethod=\"sorcery\"")), "'sorcery'");
  EXPECT_REFUSED(
      document_with(regression(
          "",
          "<LocalTransformations><DerivedField name=\"d\" optype=\"continuous\" "
          "dataType=\"double\">"
          "<Aggregate field=\"x\" function=\"multiset\"/></DerivedField></LocalTransformations>")),
      "<Aggregate>");
  EXPECT_REFUSED(document_with(""), "no model");
}

// The compiled form and the interpreter answered them differently: found_by_fuzzing.
TEST(HostileFile, refuses_answers_and_replacements_without_a_value) {
  const std::string schema =
      "<MiningSchema><MiningField name=\"x\" invalidValueTreatment=\"asValue\"/></MiningSchema>";
  EXPECT_REFUSED(document_with("<RegressionModel functionName=\"regression\">" + schema +
                               "<RegressionTable intercept=\"1\"/></RegressionModel>"),
                 "invalidValueReplacement");
  EXPECT_REFUSED(document_with("<RegressionModel functionName=\"classification\"><MiningSchema/>"
                               "<RegressionTable intercept=\"1\"/></RegressionModel>"),
                 "without a targetCategory");
  EXPECT_REFUSED(document_with("<TreeModel functionName=\"classification\"><MiningSchema/>"
                               "<Node score=\"\"><True/></Node></TreeModel>"),
                 "answers with an empty category");
}

TEST(HostileFile, takes_a_huge_attribute_as_it_is) {
  const std::string name(5'000'000, 'a');
  EXPECT_REFUSED(
      document_with(regression("<NumericPredictor name=\"" + name + "\" coefficient=\"1\"/>")),
      "does not exist");
  const std::string digits(1'000'000, '9');
  EXPECT_REFUSED(
      document_with(regression("<NumericPredictor name=\"x\" coefficient=\"" + digits + "\"/>")),
      "expected a number");
}

TEST(ReadFile, ignores_extensions_statistics_and_foreign_namespaces) {
  const std::string xml =
      "<p:PMML version=\"4.2\" xmlns:p=\"http://www.dmg.org/PMML-4_2\" "
      "xmlns:v=\"urn:v\"><p:Header/><p:DataDictionary>"
      "<p:Extension name=\"a\" value=\"b\"/><p:DataField name=\"x\" optype=\"continuous\" "
      "dataType=\"double\"/></p:DataDictionary>"
      "<p:RegressionModel functionName=\"regression\"><p:MiningSchema><p:MiningField name=\"x\" "
      "v:note=\"1\"/></p:MiningSchema>"
      "<p:ModelStats/><v:anything/><p:RegressionTable intercept=\"1\"><p:NumericPredictor "
      "name=\"x\" coefficient=\"2\"/>"
      "</p:RegressionTable></p:RegressionModel></p:PMML>";
  const auto document = read(xml);
  ASSERT_TRUE(document) << document.error().message;
  const auto scorer = Scorer::compile(*document);
  ASSERT_TRUE(scorer);
  Workspace workspace(*scorer);
  EXPECT_EQ(scorer->score(std::vector<double>{3}, workspace).number, 7);
}

}  // namespace
}  // namespace pmml
