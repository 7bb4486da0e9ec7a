// SPDX-License-Identifier: Apache-2.0
// What a name means where several fields have it (PMML 4.4 «Scope of Fields»).
#include <gtest/gtest.h>

#include <string>

#include "pmml/interpret/small_document.h"

namespace pmml {
namespace {

std::string data_field(const std::string& name) {
  return "<DataField name=\"" + name + "\" optype=\"continuous\" dataType=\"double\"/>";
}
std::string derived(const std::string& name, const std::string& expression) {
  return "<DerivedField name=\"" + name + "\" optype=\"continuous\" dataType=\"double\">" +
         expression + "</DerivedField>";
}
std::string twice(const std::string& field) {
  return "<Apply function=\"*\">" + field_ref(field) + "<Constant>2</Constant></Apply>";
}
std::string sum(const std::string& a, const std::string& b) {
  return "<Apply function=\"+\">" + field_ref(a) + field_ref(b) + "</Apply>";
}
std::string lag(const std::string& field) { return "<Lag field=\"" + field + "\" n=\"1\"/>"; }
std::string schema() { return "<MiningSchema><MiningField name=\"x\"/></MiningSchema>"; }
std::string local(const std::string& fields) {
  return "<LocalTransformations>" + fields + "</LocalTransformations>";
}
// Predicts the field: 0 + 1 * field.
std::string model(const std::string& field, const std::string& transformations) {
  return "<RegressionModel functionName=\"regression\">" + schema() + transformations +
         "<RegressionTable intercept=\"0\"><NumericPredictor name=\"" + field +
         "\" coefficient=\"1\"/></RegressionTable></RegressionModel>";
}
std::string document(const std::string& model, const std::string& global = "") {
  return "<DataDictionary>" + data_field("x") + "</DataDictionary>" +
         (global.empty() ? ""
                         : "<TransformationDictionary>" + global + "</TransformationDictionary>") +
         model;
}
double prediction(const std::string& middle) {
  const auto compiled = Scorer::compile(*read(pmml_file(middle)));
  if (!compiled) {
    ADD_FAILURE() << compiled.error().message;
    return 0;
  }
  const double interpreted = SmallDocument(middle).prediction({{"x", "3"}});
  Workspace workspace(*compiled);
  EXPECT_EQ(compiled->score(std::vector<double>{3}, workspace).number, interpreted);
  return interpreted;
}

TEST(Scope, a_local_field_of_its_inputs_name_is_computed_from_the_input) {
  EXPECT_EQ(prediction(document(model("x", local(derived("x", field_ref("x")))))), 3);
  // The input 3 once, doubled: in every place of the expression x is the input.
  EXPECT_EQ(prediction(document(model("x", local(derived("x", sum("x", "x")))))), 6);
  // Other fields of the model see the local field, 6.
  EXPECT_EQ(
      prediction(document(model("z", local(derived("z", twice("x")) + derived("x", twice("x")))))),
      12);
}

TEST(Scope, each_model_within_hides_the_field_around_it) {
  // 3 is doubled by the model around, and once more by the segment.
  const std::string segment =
      "<MiningModel functionName=\"regression\">" + schema() + local(derived("x", twice("x"))) +
      "<Segmentation multipleModelMethod=\"sum\"><Segment><True/>" +
      model("x", local(derived("x", twice("x")))) + "</Segment></Segmentation></MiningModel>";
  EXPECT_EQ(prediction(document(segment)), 12);
}

TEST(Scope, fields_of_the_dictionary_do_not_see_those_of_a_model) {
  // g is twice the input, 6; the local x is g and the input, 9. Nothing depends on itself.
  const std::string global = derived("g", twice("x"));
  EXPECT_EQ(prediction(document(model("x", local(derived("x", sum("g", "x")))), global)), 9);
  // The local h hides the dictionary's, of which the dictionary's g is computed: 3 * 2 + 1 * 3 * 2.
  EXPECT_EQ(prediction(document(
                model("s", local(derived("h", field_ref("g")) + derived("s", sum("h", "g")))),
                derived("h", twice("x")) + derived("g", field_ref("h")))),
            12);
}

TEST(Scope, an_input_is_meant_where_the_dictionary_derives_a_field_of_its_name) {
  const std::string global = derived("x", "<Constant>8</Constant>");
  EXPECT_EQ(prediction(document(model("x", ""), global)), 3);
}

TEST(Scope, circles_through_other_fields_are_refused) {
  const std::string why = refusal(
      document(model("x", local(derived("x", field_ref("y")) + derived("y", field_ref("x"))))));
  EXPECT_NE(why.find("depends on itself"), std::string::npos) << why;
}

TEST(Scope, looking_back_on_a_name_of_two_meanings_is_refused) {
  const std::string own = refusal(document(model("x", local(derived("x", lag("x"))))));
  EXPECT_NE(own.find("hides"), std::string::npos) << own;
  const std::string dictionarys =
      refusal(document(model("x", local(derived("x", twice("x")))), derived("g", lag("x"))));
  EXPECT_NE(dictionarys.find("hides"), std::string::npos) << dictionarys;
}

}  // namespace
}  // namespace pmml
