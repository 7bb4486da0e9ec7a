// SPDX-License-Identifier: Apache-2.0
#include "shop/model_decider.h"

#include <gtest/gtest.h>

#include <string>

#include "pmml/document/decision.h"
#include "pmml/read/read.h"

namespace {

using namespace shop;

// A logistic regression of the given predictors: `weights` is a run of NumericPredictor elements,
// `fields` their DataFields.
pmml::Document regression(const std::string& fields, const std::string& schema, double intercept,
                          const std::string& weights) {
  const std::string xml =
      R"(<PMML version="4.4" xmlns="http://www.dmg.org/PMML-4_4"><Header/><DataDictionary>)" +
      fields +
      R"(<DataField name="bought" optype="categorical" dataType="integer"><Value value="0"/><Value value="1"/></DataField>)"
      R"(</DataDictionary><RegressionModel functionName="classification" normalizationMethod="logit"><MiningSchema>)" +
      schema +
      R"(<MiningField name="bought" usageType="target"/></MiningSchema><RegressionTable targetCategory="1" intercept=")" +
      std::to_string(intercept) + "\">" + weights +
      R"(</RegressionTable><RegressionTable targetCategory="0" intercept="0"/></RegressionModel></PMML>)";
  return pmml::read(xml).value();
}

std::string number(const std::string& name) {
  return "<DataField name=\"" + name + "\" optype=\"continuous\" dataType=\"double\"/>";
}
std::string active(const std::string& name) { return "<MiningField name=\"" + name + "\"/>"; }
std::string weight(const std::string& name, double w) {
  return "<NumericPredictor name=\"" + name + "\" coefficient=\"" + std::to_string(w) + "\"/>";
}

pmml::Document man_or_cat17() {
  return regression(number("cat17") + number("man"), active("cat17") + active("man"), -1.0,
                    weight("cat17", 2) + weight("man", 2));
}

TEST(ModelDecider, feeds_the_model_with_the_customers_features) {
  const Decider decider = model_decider(man_or_cat17(), 0.5).value();
  const Population population(1);
  for (std::int64_t uuid = 1; uuid <= 500; ++uuid) {
    const Customer c = population.customer(uuid);
    EXPECT_EQ(decider(c), c.man || c.flags.test(0)) << uuid;
  }
}

TEST(ModelDecider, uses_the_given_threshold_where_the_document_has_no_decision) {
  // p is 0.27 for neither, 0.73 for one, 0.95 for both.
  const Decider strict = model_decider(man_or_cat17(), 0.9).value();
  const Population population(1);
  for (std::int64_t uuid = 1; uuid <= 500; ++uuid) {
    const Customer c = population.customer(uuid);
    EXPECT_EQ(strict(c), c.man && c.flags.test(0)) << uuid;
  }
}

TEST(ModelDecider, takes_the_documents_own_decision_before_any_threshold) {
  pmml::Document document = man_or_cat17();
  pmml::add_decision(document, "1", 0.9);
  const Decider decider = model_decider(document, 0.0).value();
  const Population population(1);
  for (std::int64_t uuid = 1; uuid <= 500; ++uuid) {
    const Customer c = population.customer(uuid);
    EXPECT_EQ(decider(c), c.man && c.flags.test(0)) << uuid;
  }
}

TEST(ModelDecider, feeds_fields_declared_as_categories) {
  const pmml::Document document = regression(
      R"(<DataField name="woman" optype="categorical" dataType="integer"><Value value="0"/><Value value="1"/></DataField>)",
      active("woman"), -1.0, R"(<CategoricalPredictor name="woman" value="1" coefficient="3"/>)");
  const Decider decider = model_decider(document, 0.5).value();
  const Population population(1);
  for (std::int64_t uuid = 1; uuid <= 200; ++uuid) {
    const Customer c = population.customer(uuid);
    EXPECT_EQ(decider(c), !c.man) << uuid;
  }
}

TEST(ModelDecider, refuses_a_model_of_another_shop) {
  const auto refused =
      model_decider(regression(number("income"), active("income"), 0, weight("income", 1)), 0.5);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::ErrorKind::kInput);
  EXPECT_NE(refused.error().message.find("'income'"), std::string::npos);
}

}  // namespace
