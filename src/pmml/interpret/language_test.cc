// SPDX-License-Identifier: Apache-2.0
// The built-in functions and the expressions, worked by hand from PMML 4.4 «BuiltinFunctions» and
// «Transformations».
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "pmml/interpret/normal.h"
#include "pmml/interpret/small_document.h"

namespace pmml {
namespace {

using Row = SmallDocument::Row;

std::string result(const std::string& expression, const Row& row = {}) {
  return SmallDocument(document_of(expression)).output(row, "result");
}
double value(const std::string& expression, const Row& row = {}) {
  return SmallDocument(document_of(expression)).number(row, "result");
}

TEST(BuiltinFunction, knows_the_normal_distribution) {
  // Phi(1.959963984540054) = 0.975; phi(0) = 1 / sqrt(2 pi).
  EXPECT_DOUBLE_EQ(value(call_of("stdNormalIDF", field_ref("x")), {{"x", "0.975"}}),
                   1.959963984540054);
  EXPECT_DOUBLE_EQ(value(call_of("stdNormalIDF", field_ref("x")), {{"x", "0.5"}}), 0);
  EXPECT_DOUBLE_EQ(value(call_of("stdNormalPDF", field_ref("x")), {{"x", "0"}}),
                   0.3989422804014327);
  // N(10, 2): 12 is one deviation above the mean.
  const std::string rest = "<Constant>10</Constant><Constant>2</Constant>";
  EXPECT_NEAR(value(call_of("normalCDF", field_ref("x") + rest), {{"x", "12"}}), 0.8413447460685429,
              1e-15);
  EXPECT_NEAR(value(call_of("normalPDF", field_ref("x") + rest), {{"x", "12"}}),
              0.12098536225957168, 1e-16);
  EXPECT_NEAR(value(call_of("normalIDF", field_ref("x") + rest), {{"x", "0.8413447460685429"}}), 12,
              1e-14);
  for (double p = 1e-300; p < 0.999; p = p < 0.01 ? p * 10 : p + 0.01) {
    const double x = normal_quantile(p);
    // The last bit of x moves the share by x^2 times its own relative size.
    EXPECT_NEAR(0.5 * std::erfc(-x / std::sqrt(2.0)) / p, 1, 1e-15 * std::max(1.0, x * x)) << p;
  }
}

TEST(BuiltinFunction, takes_the_median) {
  const std::string four =
      field_ref("x") + "<Constant>1</Constant><Constant>4</Constant>" + "<Constant>9</Constant>";
  EXPECT_EQ(value(call_of("median", four), {{"x", "2"}}), 3);  // 1 2 4 9: (2 + 4) / 2.
  EXPECT_EQ(value(call_of("median", four)), 4);                // x is missing: 1 4 9.
}

TEST(BuiltinFunction, matches_and_replaces) {
  // The standard's own examples.
  EXPECT_EQ(result(call_of("matches", field_ref("s") + text_constant("ar?y")), {{"s", "January"}}),
            "true");
  EXPECT_EQ(result(call_of("matches", field_ref("s") + text_constant("ar?y")), {{"s", "April"}}),
            "false");
  EXPECT_EQ(result(call_of("replace", field_ref("s") + text_constant("B+") + text_constant("c")),
                   {{"s", "BBBB"}}),
            "c");
  EXPECT_EQ(result(call_of("matches", field_ref("s") + text_constant("a"))), "");
  // A pattern that only the row knows; one that cannot be used refuses the row.
  EXPECT_EQ(
      result(call_of("matches", field_ref("s") + field_ref("t")), {{"s", "abc"}, {"t", "b."}}),
      "true");
  EXPECT_EQ(
      result(call_of("matches", field_ref("s") + field_ref("t")), {{"s", "abc"}, {"t", "(b"}}),
      "refused");
  const std::string why =
      refusal(document_of(call_of("matches", field_ref("s") + text_constant("a(?=b)"))));
  EXPECT_NE(why.find("look-ahead"), std::string::npos) << why;
}

TEST(BuiltinFunction, formats_numbers_and_dates) {
  EXPECT_EQ(result(call_of("formatNumber", field_ref("x") + text_constant("%3d")), {{"x", "2"}}),
            "  2");
  EXPECT_EQ(result(call_of("formatDatetime", field_ref("d") + text_constant("%m/%d/%y")),
                   {{"d", "2004-08-20"}}),
            "08/20/04");
  EXPECT_EQ(result(call_of("formatDatetime", field_ref("c") + text_constant("%I %p")),
                   {{"c", "19:20:30"}}),
            "07 PM");
  EXPECT_NE(refusal(document_of(call_of("formatNumber", field_ref("x") + text_constant("%n")))),
            "");
}

TEST(BuiltinFunction, changes_the_case_of_every_alphabet) {
  EXPECT_EQ(result(call_of("uppercase", field_ref("s")), {{"s", "straße é жук ω"}}),
            "STRASSE É ЖУК Ω");
  EXPECT_EQ(result(call_of("lowercase", field_ref("s")), {{"s", "ÀB ŽUK Ω ǅ"}}), "àb žuk ω ǅ");
}

TEST(BuiltinFunction, counts_days_and_seconds) {
  // 1960-01-01 and 1961-01-01 lie 366 days apart; the standard's own 2004-08-20T03:30:03 is
  // 3 * 3600 + 30 * 60 + 3 seconds after midnight.
  EXPECT_EQ(value(call_of("dateDaysSinceYear", field_ref("d") + "<Constant>1960</Constant>"),
                  {{"d", "1961-01-01"}}),
            366);
  EXPECT_EQ(value(call_of("dateSecondsSinceYear", field_ref("dt") + "<Constant>1960</Constant>"),
                  {{"dt", "1960-01-03T03:30:03"}}),
            2 * 86400 + 12603);
  EXPECT_EQ(
      value(call_of("dateSecondsSinceMidnight", field_ref("dt")), {{"dt", "2004-08-20T03:30:03"}}),
      12603);
  EXPECT_EQ(value(call_of("dateSecondsSinceMidnight", field_ref("c")), {{"c", "03:30:03"}}), 12603);
  EXPECT_EQ(result(field_ref("d"), {{"d", "1961-01-01"}}), "1961-01-01");
  EXPECT_EQ(result(field_ref("dt"), {{"dt", "1961-01-01T02:03:04"}}), "1961-01-01T02:03:04");
}

// The same moment under every type that the standard knows for it.
TEST(DataType, knows_dates_of_all_kinds) {
  const auto as = [](const std::string& type, const std::string& text, const std::string& from) {
    const auto derived =
        "<TransformationDictionary><DerivedField name=\"e\" optype=\"continuous\" "
        "dataType=\"" +
        type + "\">" + field_ref(from) + "</DerivedField></TransformationDictionary>";
    return SmallDocument(
               document_of(call_of("+", field_ref("e") + "<Constant>1</Constant>"), derived))
        .number({{from, text}}, "result");
  };
  EXPECT_EQ(as("dateDaysSince[1960]", "1960-01-31", "d"), 31);
  EXPECT_EQ(as("dateDaysSince[1970]", "1970-01-01", "d"), 1);
  EXPECT_EQ(as("dateDaysSince[1980]", "1979-12-31", "d"), 0);
  // 0000-03-01: January and February of the year 0, a leap year, have 60 days.
  EXPECT_EQ(as("dateDaysSince[0]", "0000-03-01", "d"), 61);
  EXPECT_EQ(as("dateTimeSecondsSince[1960]", "1960-01-01T00:01:00", "dt"), 61);
  EXPECT_EQ(as("dateTimeSecondsSince[1970]", "1970-01-02T00:00:00", "dt"), 86401);
  EXPECT_EQ(as("dateTimeSecondsSince[1980]", "1980-01-01T00:00:00Z", "dt"), 1);
  EXPECT_EQ(as("timeSeconds", "00:02:00", "c"), 121);
  // A text is read as the type says.
  EXPECT_EQ(as("dateDaysSince[1960]", "1960-02-01", "s"), 32);
}

// The ordinal field g lists low, middle, high.
std::string thermometer(const std::string& optype, const std::string& value) {
  return "<DataDictionary><DataField name=\"g\" optype=\"" + optype +
         "\" dataType=\"string\"><Value value=\"low\"/><Value value=\"middle\"/><Value "
         "value=\"high\"/></DataField></DataDictionary><RegressionModel "
         "functionName=\"regression\"><MiningSchema><MiningField "
         "name=\"g\"/></MiningSchema><Output>"
         "<OutputField name=\"result\" feature=\"transformedValue\"><NormDiscrete field=\"g\" "
         "value=\"" +
         value +
         "\" method=\"thermometer\" mapMissingTo=\"0.5\"/></OutputField></Output>"
         "<RegressionTable intercept=\"0\"/></RegressionModel>";
}

// PMML 1.1 «Normalization», which names it first: 1 where the input is the value or greater.
TEST(NormDiscrete, is_a_thermometer_where_the_document_says_so) {
  SmallDocument document(thermometer("ordinal", "middle"));
  EXPECT_EQ(document.number({{"g", "low"}}, "result"), 0);
  EXPECT_EQ(document.number({{"g", "middle"}}, "result"), 1);
  EXPECT_EQ(document.number({{"g", "high"}}, "result"), 1);
  EXPECT_EQ(document.number({}, "result"), 0.5);
  EXPECT_NE(refusal(thermometer("categorical", "middle")).find("ordinal"), std::string::npos);
}

TEST(Lag, looks_back_on_the_rows_of_its_workspace) {
  SmallDocument document(document_of("<Lag field=\"x\" n=\"2\"/>"));
  EXPECT_TRUE(document.scorer().looks_back());
  EXPECT_EQ(document.output({{"x", "10"}}, "result"), "");
  EXPECT_EQ(document.output({{"x", "20"}}, "result"), "");
  EXPECT_EQ(document.number({{"x", "30"}}, "result"), 10);
  EXPECT_EQ(document.number({}, "result"), 20);
  EXPECT_EQ(document.number({{"x", "50"}}, "result"), 30);
  EXPECT_EQ(document.output({{"x", "60"}}, "result"), "");  // The value of that row was missing.
}

TEST(Lag, stays_inside_of_its_block) {
  SmallDocument document(document_of("<Lag field=\"x\"><BlockIndicator field=\"s\"/></Lag>"));
  EXPECT_EQ(document.output({{"x", "1"}, {"s", "a"}}, "result"), "");
  EXPECT_EQ(document.number({{"x", "2"}, {"s", "a"}}, "result"), 1);
  EXPECT_EQ(document.output({{"x", "3"}, {"s", "b"}}, "result"), "");
  EXPECT_EQ(document.number({{"x", "4"}, {"s", "b"}}, "result"), 3);
}

TEST(Lag, aggregates_the_rows_before) {
  const auto lag = [](const std::string& aggregate) {
    return SmallDocument(document_of("<Lag field=\"x\" n=\"3\" aggregate=\"" + aggregate + "\"/>"));
  };
  for (const auto& [aggregate, expected] : std::vector<std::pair<std::string, double>>{
           {"avg", 4}, {"sum", 12}, {"min", 2}, {"max", 6}, {"median", 4}, {"product", 48}}) {
    SmallDocument document = lag(aggregate);
    for (const char* x : {"100", "2", "4", "6"})
      static_cast<void>(document.output({{"x", x}}, "result"));
    EXPECT_EQ(document.number({{"x", "0"}}, "result"), expected) << aggregate;
  }
  EXPECT_NE(refusal(document_of("<Lag field=\"x\" aggregate=\"stddev\"/>")).find("n - 1"),
            std::string::npos);
}

// y is the target: what it really was is a cell of the row, and the next row's Lag.
TEST(Lag, knows_what_a_target_really_was) {
  SmallDocument document(document_of("<Lag field=\"y\"/>"));
  EXPECT_EQ(document.output({{"y", "7"}}, "result"), "");
  EXPECT_EQ(document.number({{"y", "8"}}, "result"), 7);
}

TEST(Lag, is_refused_where_no_earlier_row_can_be_kept) {
  EXPECT_NE(refusal(document_of("<Lag field=\"x\" n=\"0\"/>")), "");
  EXPECT_NE(refusal(document_of(call_of("f", field_ref("x")),
                                "<TransformationDictionary><DefineFunction name=\"f\" "
                                "optype=\"continuous\"><ParameterField name=\"x\"/><Lag "
                                "field=\"x\"/></DefineFunction></TransformationDictionary>"))
                .find("looks back"),
            std::string::npos);
}

TEST(Aggregate, runs_over_the_rows_of_a_group) {
  const auto aggregate = [](const std::string& function) {
    return document_of("<Aggregate field=\"x\" function=\"" + function + "\" groupField=\"s\"/>");
  };
  // a: 1, 3; b: 10; a again: missing, then 5.
  const std::vector<Row> rows = {{{"s", "a"}, {"x", "1"}},
                                 {{"s", "a"}, {"x", "3"}},
                                 {{"s", "b"}, {"x", "10"}},
                                 {{"s", "a"}},
                                 {{"s", "a"}, {"x", "5"}}};
  const std::map<std::string, std::vector<double>> expected = {{"count", {1, 2, 1, 2, 3}},
                                                               {"sum", {1, 4, 10, 4, 9}},
                                                               {"average", {1, 2, 10, 2, 3}},
                                                               {"min", {1, 1, 10, 1, 1}},
                                                               {"max", {1, 3, 10, 3, 5}}};
  for (const auto& [function, figures] : expected) {
    SmallDocument document(aggregate(function));
    for (std::size_t i = 0; i < rows.size(); ++i)
      EXPECT_EQ(document.number(rows[i], "result"), figures[i]) << function << ", row " << i;
  }
  EXPECT_NE(refusal(aggregate("multiset")).find("collection"), std::string::npos);
}

}  // namespace
}  // namespace pmml
