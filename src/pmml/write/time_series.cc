// SPDX-License-Identifier: Apache-2.0
#include "pmml/detail/time_series_names.h"
#include "pmml/write/chapters.h"
#include "pmml/write/matrix.h"

namespace pmml::detail {
namespace {

constexpr std::string_view element_of(const ExponentialSmoothing&) {
  return "ExponentialSmoothing";
}
constexpr std::string_view element_of(const Arima&) { return "ARIMA"; }
constexpr std::string_view element_of(const Garch&) { return "GARCH"; }
constexpr std::string_view element_of(const StateSpace&) { return "StateSpaceModel"; }

void write_list(std::string_view element, const std::vector<double>& numbers, XmlText& xml) {
  xml.open(element);
  write_number_array(numbers, xml);
  xml.close();
}

void write_one(const ExponentialSmoothing& smoothing, XmlText& xml) {
  using enum ExponentialSmoothing::Trend;
  xml.open("Level");
  xml.optional_number("alpha", smoothing.alpha);
  xml.number("smoothedValue", smoothing.level);
  xml.close();
  if (smoothing.trend != kNone) {
    xml.open("Trend_ExpoSmooth");
    xml.choice("trend", kTrends, smoothing.trend);
    xml.optional_number("gamma", smoothing.gamma);
    xml.number("phi", smoothing.phi);
    xml.number("smoothedValue", smoothing.slope);
    xml.close();
  }
  if (smoothing.season != ExponentialSmoothing::Season::kNone) {
    xml.open("Seasonality_ExpoSmooth");
    xml.choice("type", kSeasons, smoothing.season);
    xml.attribute("period", std::to_string(smoothing.seasons.size()));
    xml.optional_number("delta", smoothing.delta);
    write_number_array(smoothing.seasons, xml);
    xml.close();
  }
}

void write_terms(const ArmaTerms& terms, XmlText& xml) {
  if (!terms.ar.empty()) write_list("AR", terms.ar, xml);
  if (terms.ma.empty() && terms.residuals.empty()) return;
  xml.open("MA");
  if (!terms.ma.empty()) write_list("MACoefficients", terms.ma, xml);
  if (!terms.residuals.empty()) write_list("Residuals", terms.residuals, xml);
  xml.close();
}

void write_one(const Arima& arima, XmlText& xml) {
  xml.open("NonseasonalComponent");
  xml.attribute("p", std::to_string(arima.terms.ar.size()));
  xml.attribute("d", std::to_string(arima.differences));
  xml.attribute("q", std::to_string(arima.terms.ma.size()));
  write_terms(arima.terms, xml);
  xml.close();
  if (arima.period == 0) return;
  xml.open("SeasonalComponent");
  xml.attribute("P", std::to_string(arima.seasonal.ar.size()));
  xml.attribute("D", std::to_string(arima.seasonal_differences));
  xml.attribute("Q", std::to_string(arima.seasonal.ma.size()));
  xml.attribute("period", std::to_string(arima.period));
  write_terms(arima.seasonal, xml);
  xml.close();
}

void write_variance(std::string_view element, std::string_view past,
                    const std::vector<double>& coefficients, const std::vector<double>& values,
                    XmlText& xml) {
  xml.open(element);
  if (!values.empty()) write_list(past, values, xml);
  if (!coefficients.empty()) write_list("MACoefficients", coefficients, xml);
  xml.close();
}

void write_one(const Garch& garch, XmlText& xml) {
  xml.open("ARMAPart");
  xml.number("constant", garch.mean.constant);
  xml.attribute("p", std::to_string(garch.mean.terms.ar.size()));
  xml.attribute("q", std::to_string(garch.mean.terms.ma.size()));
  write_terms(garch.mean.terms, xml);
  xml.close();
  xml.open("GARCHPart");
  xml.number("constant", garch.variance_constant);
  xml.attribute("gp", std::to_string(garch.variance_coefficients.size()));
  xml.attribute("gq", std::to_string(garch.square_coefficients.size()));
  write_variance("ResidualSquareCoefficients", "Residuals", garch.square_coefficients, garch.errors,
                 xml);
  write_variance("VarianceCoefficients", "PastVariances", garch.variance_coefficients,
                 garch.variances, xml);
  xml.close();
}

void write_one(const StateSpace& space, XmlText& xml) {
  write_list("StateVector", space.state, xml);
  xml.open("TransitionMatrix");
  write_matrix(space.transition, xml);
  xml.close();
  xml.open("MeasurementMatrix");
  write_matrix(space.measurement, xml);
  xml.close();
  if (space.state_intercept.empty()) return;
  xml.open("InterceptVector");
  xml.attribute("type", "state");
  write_number_array(space.state_intercept, xml);
  xml.close();
}

void write_algorithm_attributes(const Arima& arima, XmlText& xml) {
  xml.number("constantTerm", arima.constant);
  xml.attribute("predictionMethod", arima.exact ? "exactLeastSquares" : "conditionalLeastSquares");
}
void write_algorithm_attributes(const StateSpace& space, XmlText& xml) {
  if (space.observation_intercept != 0) xml.number("intercept", space.observation_intercept);
}
void write_algorithm_attributes(const ExponentialSmoothing&, XmlText&) {}
void write_algorithm_attributes(const Garch&, XmlText&) {}

}  // namespace

void write_attributes(const TimeSeriesModel& model, XmlText& xml) {
  std::visit([&](const auto& one) { xml.attribute("bestFit", element_of(one)); }, model.algorithm);
}

void write_body(const TimeSeriesModel& model, XmlText& xml) {
  if (!model.series.empty() || model.horizon_is_time) {
    xml.open("TimeSeries");
    xml.attribute("usage", "logical");
    if (model.horizon_is_time) xml.number("endTime", model.last_time);
    for (const double value : model.series) {
      xml.open("TimeValue");
      xml.number("value", value);
      xml.close();
    }
    xml.close();
  }
  std::visit(
      [&](const auto& one) {
        xml.open(element_of(one));
        write_algorithm_attributes(one, xml);
        write_one(one, xml);
        xml.close();
      },
      model.algorithm);
}

}  // namespace pmml::detail
