// SPDX-License-Identifier: Apache-2.0
#include "stream/score.h"

#include <gtest/gtest.h>

#include <limits>

#include "pmml/read/read.h"

namespace stream {
namespace {

// probability(1) = 1 / (1 + exp(-(age/10 - 4 + 2·cat1 - 3·u2)))
std::string model_text(const std::string& output = "", const std::string& extra_field = "",
                       const std::string& replacement = "") {
  std::string fields;
  std::string mining;
  for (const char* const name : {"age", "man", "cat1", "u2"}) {
    fields +=
        "<DataField name=\"" + std::string(name) + "\" optype=\"continuous\" dataType=\"double\"/>";
    mining += "<MiningField name=\"" + std::string(name) + "\"" + replacement + "/>";
  }
  if (!extra_field.empty()) {
    fields += "<DataField name=\"" + extra_field +
              "\" optype=\"categorical\" dataType=\"string\"><Value value=\"Lima\"/><Value "
              "value=\"Quito\"/></DataField>";
    mining += "<MiningField name=\"" + extra_field + "\"/>";
  }
  return R"(<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/><DataDictionary>)"
         R"(<DataField name="value" optype="categorical" dataType="integer"><Value value="0"/><Value value="1"/></DataField>)" +
         fields +
         R"(</DataDictionary><RegressionModel functionName="classification" normalizationMethod="logit"><MiningSchema>)"
         R"(<MiningField name="value" usageType="target"/>)" +
         mining + "</MiningSchema>" + output +
         R"(<RegressionTable intercept="-4" targetCategory="1"><NumericPredictor name="age" coefficient="0.1"/>)"
         R"(<NumericPredictor name="cat1" coefficient="2"/><NumericPredictor name="u2" coefficient="-3"/></RegressionTable>)"
         R"(<RegressionTable intercept="0" targetCategory="0"/></RegressionModel></PMML>)";
}

pmml::Scorer scorer(const std::string& text) {
  auto document = pmml::read(text);
  EXPECT_TRUE(document) << document.error().message;
  auto compiled = pmml::Scorer::compile(*document);
  EXPECT_TRUE(compiled) << compiled.error().message;
  return std::move(compiled).value();
}

event::Demographics aged(int age) { return {event::CustomerId(1), age, true, false}; }

Offer decide(const OfferModel& model, int age,
             std::initializer_list<std::pair<const char*, bool>> products) {
  event::History history(model.products().size());
  for (const auto& [name, bought] : products) history.set(*model.products().slot(name), bought);
  return OfferDecider(model).decide(aged(age), history.known_words(), history.bought_words());
}

TEST(OfferModel, shows_where_the_probability_exceeds_the_threshold) {
  const pmml::Scorer s = scorer(model_text());
  const OfferModel model = *OfferModel::bind(s);
  EXPECT_EQ(model.products().size(), 2U);
  EXPECT_EQ(model.describe(), "probability(1) > 0.5");
  EXPECT_EQ(decide(model, 40, {{"cat1", false}, {"u2", false}}), Offer::kHide);  // Exactly 0.5.
  EXPECT_EQ(decide(model, 41, {{"cat1", false}, {"u2", false}}), Offer::kShow);
  EXPECT_EQ(decide(model, 30, {{"cat1", true}, {"u2", false}}), Offer::kShow);
  EXPECT_EQ(decide(model, 41, {{"cat1", true}, {"u2", true}}), Offer::kHide);
  const OfferModel strict = *OfferModel::bind(s, {.threshold = 0.9, .products = {}});
  EXPECT_EQ(decide(strict, 41, {{"cat1", true}, {"u2", false}}), Offer::kHide);
  EXPECT_EQ(decide(strict, 60, {{"cat1", true}, {"u2", false}}), Offer::kShow);
}

TEST(OfferModel, obeys_the_documents_own_offer_unless_told_otherwise) {
  const std::string output =
      R"(<Output><OutputField name="p" feature="probability" value="1" dataType="double" optype="continuous"/>)"
      R"(<OutputField name="offer" feature="transformedValue" dataType="integer" optype="categorical"><Apply function="if">)"
      R"(<Apply function="greaterThan"><FieldRef field="p"/><Constant dataType="double">0.8</Constant></Apply>)"
      R"(<Constant dataType="integer">1</Constant><Constant dataType="integer">0</Constant></Apply></OutputField></Output>)";
  const pmml::Scorer s = scorer(model_text(output));
  const OfferModel model = *OfferModel::bind(s);
  EXPECT_EQ(model.describe(), "output 'offer' of the model");
  EXPECT_EQ(decide(model, 50, {{"cat1", false}, {"u2", false}}), Offer::kHide);  // 0.731
  EXPECT_EQ(decide(model, 60, {{"cat1", false}, {"u2", false}}), Offer::kShow);  // 0.881
  const OfferModel lax = *OfferModel::bind(s, {.threshold = 0.7, .products = {}});
  EXPECT_EQ(decide(lax, 50, {{"cat1", false}, {"u2", false}}), Offer::kShow);
}

TEST(OfferModel, gives_no_decision_where_the_model_has_none) {
  const pmml::Scorer s = scorer(model_text());
  const OfferModel model = *OfferModel::bind(s);
  EXPECT_EQ(decide(model, 60, {{"cat1", true}}),
            Offer::kUnscorable);  // u2 is missing and nothing replaces it.
  const pmml::Scorer replacing = scorer(model_text("", "", " missingValueReplacement=\"0\""));
  const OfferModel patient = *OfferModel::bind(replacing);
  EXPECT_EQ(decide(patient, 60, {{"cat1", true}}), Offer::kShow);
}

TEST(OfferModel, refuses_a_model_whose_fields_no_topic_carries) {
  const pmml::Scorer with_city = scorer(model_text("", "city"));
  const auto refused = OfferModel::bind(with_city);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("'city'"), std::string::npos);
  const pmml::Scorer s = scorer(model_text());
  const auto listed = OfferModel::bind(s, {.threshold = {}, .products = {"cat1"}});
  ASSERT_FALSE(listed);
  EXPECT_NE(listed.error().message.find("'u2'"), std::string::npos);
  EXPECT_FALSE(
      OfferModel::bind(s, {.threshold = std::numeric_limits<double>::quiet_NaN(), .products = {}}));
}

}  // namespace
}  // namespace stream
