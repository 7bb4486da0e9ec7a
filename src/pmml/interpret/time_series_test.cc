// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "base/number.h"
#include "pmml/interpret/test_row.h"
#include "pmml/score/scorer.h"

namespace pmml {
namespace {

const std::string kAhead = "<MiningField name='h' usageType='supplementary'/>";

std::string series_of(const std::string& values, const std::string& attributes = "") {
  std::string xml = "<TimeSeries usage='original'" + attributes + ">";
  std::size_t at = 0;
  while (at < values.size()) {
    const std::size_t end = std::min(values.find(' ', at), values.size());
    xml += "<TimeValue value='" + values.substr(at, end - at) + "'/>";
    at = end + 1;
  }
  return xml + "</TimeSeries>";
}

std::string model(const std::string& best, const std::string& body,
                  const std::string& schema = kAhead) {
  return "<PMML version='4.4'><Header/><DataDictionary>"
         "<DataField name='y' optype='continuous' dataType='double'/>"
         "<DataField name='h' optype='continuous' dataType='integer'/></DataDictionary>"
         "<TimeSeriesModel functionName='timeSeries' bestFit='" +
         best + "'><MiningSchema><MiningField name='y' usageType='target'/>" + schema +
         "</MiningSchema>\n" + body + "</TimeSeriesModel></PMML>";
}

std::string array(const std::string& numbers) {
  return "<Array type='real'>" + numbers + "</Array>";
}

double forecast(const Document& document, int h) {
  const Interpretation result = interpret_row(document, {{"h", std::to_string(h)}});
  EXPECT_FALSE(result.invalid) << result.reason;
  EXPECT_FALSE(result.outcome.missing);
  return result.outcome.number;
}

std::string smoothing(const std::string& parts) {
  return model("ExponentialSmoothing", "<ExponentialSmoothing><Level smoothedValue='100'/>" +
                                           parts + "</ExponentialSmoothing>");
}

std::string trend(const std::string& kind, const std::string& value) {
  return "<Trend_ExpoSmooth trend='" + kind + "' smoothedValue='" + value + "'/>";
}

TEST(TimeSeries, smooths_with_every_trend_and_season) {
  EXPECT_EQ(forecast(read_right(smoothing("")), 7), 100);
  EXPECT_EQ(forecast(read_right(smoothing(trend("additive", "2"))), 3), 106);
  EXPECT_DOUBLE_EQ(forecast(read_right(smoothing(trend("multiplicative", "1.1"))), 2), 121);
  // 1/2 + 1/4 periods of trend.
  const std::string damped =
      "<Trend_ExpoSmooth trend='damped_additive' phi='0.5' "
      "smoothedValue='2'/>";
  EXPECT_EQ(forecast(read_right(smoothing(damped)), 2), 101.5);
  const std::string damped_product =
      "<Trend_ExpoSmooth trend='damped_multiplicative' phi='0.5' "
      "smoothedValue='16'/>";
  EXPECT_DOUBLE_EQ(forecast(read_right(smoothing(damped_product)), 2), 800);  // 16^(3/4) = 8.
  const auto season = [](const std::string& type) {
    return "<Seasonality_ExpoSmooth type='" + type + "' period='2'>" + array("2 3") +
           "</Seasonality_ExpoSmooth>";
  };
  const Document sum = read_right(smoothing(trend("additive", "1") + season("additive")));
  EXPECT_EQ(forecast(sum, 1), 103);
  EXPECT_EQ(forecast(sum, 2), 105);
  EXPECT_EQ(forecast(sum, 3), 105);  // 100 + 3 + the first season again.
  const Document product = read_right(smoothing(trend("additive", "1") + season("multiplicative")));
  EXPECT_EQ(forecast(product, 1), 202);
  EXPECT_EQ(forecast(product, 4), 312);
}

std::string arima(const std::string& series, const std::string& parts,
                  const std::string& attributes = "") {
  return model("ARIMA", series_of(series) + "<ARIMA " + attributes + ">" + parts + "</ARIMA>");
}

std::string nonseasonal(const std::string& orders, const std::string& ar,
                        const std::string& ma = "") {
  return "<NonseasonalComponent " + orders + ">" +
         (ar.empty() ? "" : "<AR>" + array(ar) + "</AR>") + ma + "</NonseasonalComponent>";
}

TEST(TimeSeries, forecasts_an_autoregression) {
  const Document plain = read_right(arima("20", nonseasonal("p='1'", "0.5")));
  EXPECT_EQ(forecast(plain, 1), 10);
  EXPECT_EQ(forecast(plain, 3), 2.5);
  // Around a mean of 4: 4 + (20 - 4) / 2, then 4 + 8 / 2.
  const Document mean = read_right(arima("20", nonseasonal("p='1'", "0.5"), "constantTerm='4'"));
  EXPECT_EQ(forecast(mean, 1), 12);
  EXPECT_EQ(forecast(mean, 2), 8);
  // Of differences: the last is 2, the next 1 and 1/2.
  const Document differences = read_right(arima("8 10", nonseasonal("p='1' d='1'", "0.5")));
  EXPECT_EQ(forecast(differences, 1), 11);
  EXPECT_EQ(forecast(differences, 2), 11.5);
}

TEST(TimeSeries, forecasts_a_moving_average_from_its_residuals) {
  const std::string stated = "<MA><MACoefficients>" + array("0.4") +
                             "</MACoefficients><Residuals>" + array("2") + "</Residuals></MA>";
  const Document document = read_right(arima("9 10", nonseasonal("d='1' q='1'", "", stated)));
  EXPECT_EQ(forecast(document, 1), 10.8);  // 10 + 0.4 * 2.
  EXPECT_EQ(forecast(document, 2), 10.8);
  // Not stated: e1 = 12 - 10, e2 = 12 - 10 - 0.5 * e1 = 1.
  const std::string unstated = "<MA><MACoefficients>" + array("0.5") + "</MACoefficients></MA>";
  const Document found =
      read_right(arima("12 12", nonseasonal("q='1'", "", unstated), "constantTerm='10'"));
  EXPECT_EQ(forecast(found, 1), 10.5);
  EXPECT_EQ(forecast(found, 2), 10);
}

TEST(TimeSeries, multiplies_seasons_into_an_arima) {
  const std::string seasonal =
      "<SeasonalComponent P='1' period='4'><AR>" + array("0.5") + "</AR></SeasonalComponent>";
  const Document document =
      read_right(arima("10 9 8 7 6 5 4 3", nonseasonal("p='1'", "0.3") + seasonal));
  // y9 = 0.3 y8 + 0.5 y5 - 0.15 y4 = 0.9 + 3 - 1.05.
  EXPECT_DOUBLE_EQ(forecast(document, 1), 2.85);
  // y10 = 0.3 * 2.85 + 0.5 y6 - 0.15 y5 = 0.855 + 2.5 - 0.9.
  EXPECT_DOUBLE_EQ(forecast(document, 2), 2.455);
  // A difference at lag 2 with mean 1: 2 + 1, 7 + 1, then 3 + 1.
  const Document difference =
      read_right(arima("1 5 2 7", "<SeasonalComponent D='1' period='2'/>", "constantTerm='1'"));
  EXPECT_EQ(forecast(difference, 1), 3);
  EXPECT_EQ(forecast(difference, 2), 8);
  EXPECT_EQ(forecast(difference, 3), 4);
  // (1 + 0.5 B)(1 + 0.2 B²) e: residuals e(n-2), e(n-1), e(n) = 4, 2, 1.
  const std::string noise = "<SeasonalComponent Q='1' period='2'><MA><MACoefficients>" +
                            array("0.2") + "</MACoefficients><Residuals>" + array("4 2 1") +
                            "</Residuals></MA></SeasonalComponent>";
  const Document both = read_right(arima(
      "0",
      nonseasonal("q='1'", "", "<MA><MACoefficients>" + array("0.5") + "</MACoefficients></MA>") +
          noise));
  EXPECT_DOUBLE_EQ(forecast(both, 1), 0.5 * 1 + 0.2 * 2 + 0.1 * 4);
  EXPECT_DOUBLE_EQ(forecast(both, 2), 0.2 * 1 + 0.1 * 2);
  EXPECT_DOUBLE_EQ(forecast(both, 3), 0.1 * 1);
  EXPECT_EQ(forecast(both, 4), 0);
}

TEST(TimeSeries, forecasts_an_exactly_fitted_autoregression_alike) {
  const Document document =
      read_right(arima("20", nonseasonal("p='1'", "0.5"), "predictionMethod='exactLeastSquares'"));
  EXPECT_EQ(forecast(document, 2), 5);
}

TEST(TimeSeries, forecasts_the_mean_of_a_garch_model) {
  const Document document = read_right(
      model("GARCH", series_of("10") + "<GARCH><ARMAPart p='1' q='0'><AR>" + array("0.5") +
                         "</AR><MA/></ARMAPart><GARCHPart gp='1' gq='1' constant='0.2'>"
                         "<ResidualSquareCoefficients><Residuals>" +
                         array("1") + "</Residuals><MACoefficients>" + array("0.3") +
                         "</MACoefficients></ResidualSquareCoefficients><VarianceCoefficients>"
                         "<PastVariances>" +
                         array("2") + "</PastVariances><MACoefficients>" + array("0.5") +
                         "</MACoefficients></VarianceCoefficients></GARCHPart></GARCH>"));
  EXPECT_EQ(forecast(document, 1), 5);
  EXPECT_EQ(forecast(document, 3), 1.25);
}

std::string state_space(const std::string& intercept, const std::string& attributes = "") {
  return model("StateSpaceModel",
               "<StateSpaceModel " + attributes + "><StateVector>" + array("100 3") +
                   "</StateVector><TransitionMatrix><Matrix nbRows='2' nbCols='2'>" + array("1 1") +
                   array("0 1") + "</Matrix></TransitionMatrix><MeasurementMatrix><Matrix>" +
                   array("1 0") + "</Matrix></MeasurementMatrix>" + intercept +
                   "</StateSpaceModel>");
}

// The state vector is that of the first period ahead.
TEST(TimeSeries, runs_a_state_space_on) {
  const Document plain = read_right(state_space(""));
  EXPECT_EQ(forecast(plain, 1), 100);
  EXPECT_EQ(forecast(plain, 2), 103);
  EXPECT_EQ(forecast(plain, 4), 109);
  const std::string observed =
      "<InterceptVector type='observation'>" + array("5") + "</InterceptVector>";
  EXPECT_EQ(forecast(read_right(state_space(observed)), 2), 108);
  EXPECT_EQ(forecast(read_right(state_space("", "intercept='5'")), 2), 108);
  const Document drift =
      read_right(state_space("<InterceptVector>" + array("1 0") + "</InterceptVector>"));
  EXPECT_EQ(forecast(drift, 1), 100);
  EXPECT_EQ(forecast(drift, 3), 108);  // 100 + 2 * (3 + 1).
}

TEST(TimeSeries, reads_a_time_as_periods_after_the_last_one) {
  const std::string order = "<MiningField name='h' usageType='order'/>";
  const std::string component = "<ARIMA>" + nonseasonal("p='1'", "0.5") + "</ARIMA>";
  const Document document =
      read_right(model("ARIMA", series_of("40 20", " endTime='8'") + component, order));
  EXPECT_EQ(forecast(document, 9), 10);
  EXPECT_TRUE(interpret_row(document, {{"h", "8"}}).invalid);
  const std::string message = refusal_of(model("ARIMA", series_of("40 20") + component, order));
  EXPECT_NE(message.find("add endTime"), std::string::npos) << message;
}

// Where no field says how far ahead, one row asks after the other: 20 / 2, then half of that; and
// another workspace begins anew.
TEST(TimeSeries, rows_without_a_horizon_ask_for_one_period_after_the_other) {
  const Document document = read_right(
      model("ARIMA", series_of("20") + "<ARIMA>" + nonseasonal("p='1'", "0.5") + "</ARIMA>", ""));
  const auto scorer = Scorer::compile(document);
  ASSERT_TRUE(scorer) << scorer.error().message;
  EXPECT_TRUE(scorer->looks_back());
  for (int sequence = 0; sequence < 2; ++sequence) {
    Workspace workspace(*scorer);
    for (const double expected : {10.0, 5.0, 2.5})
      EXPECT_EQ(scorer->score({}, workspace).number, expected);
  }
}

TEST(TimeSeries, refuses_rows_that_ask_for_no_forecast) {
  const Document document = read_right(smoothing(""));
  EXPECT_TRUE(interpret_row(document, {}).outcome.missing);
  EXPECT_FALSE(interpret_row(document, {}).invalid);
  EXPECT_TRUE(interpret_row(document, {{"h", "0"}}).invalid);
  EXPECT_TRUE(interpret_row(document, {{"h", "4000000000000"}}).invalid);  // Would take for ever.
}

TEST(TimeSeries, refuses_what_the_standard_leaves_open) {
  const auto refuses = [](const std::string& xml, const std::string& part) {
    const std::string message = refusal_of(xml);
    EXPECT_NE(message.find(part), std::string::npos) << message;
  };
  refuses(model("SpectralAnalysis", "<SpectralAnalysis/>"), "line 2: <SpectralAnalysis>");
  refuses(model("SeasonalTrendDecomposition", "<SeasonalTrendDecomposition/>"),
          "does not say how it forecasts");
  refuses(model("ARIMA", "<ExponentialSmoothing><Level smoothedValue='1'/></ExponentialSmoothing>"),
          "bestFit is 'ARIMA'");
  refuses(smoothing(trend("polynomial_exponential", "1")), "gives no formula");
  refuses(smoothing("<Seasonality_ExpoSmooth type='additive' period='1' phase='1'>" + array("1") +
                    "</Seasonality_ExpoSmooth>"),
          "attribute phase");
  refuses(arima("20", nonseasonal("p='1'", "0.5"), "transformation='logarithmic'"),
          "mean or a median");
  refuses(arima("20",
                nonseasonal("q='1'", "",
                            "<MA><MACoefficients>" + array("0.4") + "</MACoefficients></MA>"),
                "predictionMethod='exactLeastSquares'"),
          "final state of a filter");
  refuses(arima("20", nonseasonal("p='1'", "0.5") + "<DynamicRegressor field='x'/>"),
          "<DynamicRegressor>: is not supported");
  refuses(arima("20", nonseasonal("p='1' d='1'", "0.5")), "needs 2 observations");
  refuses(arima("20", nonseasonal("p='2'", "0.5")), "has 1 AR and 0 MA coefficients");
  refuses(model("ExponentialSmoothing", "",
                "<MiningField name='h'/><MiningField name='k' usageType='supplementary'/>"),
          "how many periods ahead");
  std::string huge = state_space("");
  huge.replace(huge.find("nbRows='2' nbCols='2'"), 21, "nbRows='4000' nbCols='4000'");
  refuses(huge, "a Matrix of 2 by 2 is needed");
}

}  // namespace
}  // namespace pmml
