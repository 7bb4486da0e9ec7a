// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "pmml/detail/arma.h"
#include "pmml/detail/time_series_names.h"
#include "pmml/read/chapters.h"
#include "pmml/read/matrix.h"

namespace pmml::detail {
namespace {

constexpr std::size_t kMaxOrder = 1000;      // Of one autoregression or moving average.
constexpr std::size_t kMaxDifferences = 50;  // Repeated so often, a difference is all noise.
constexpr std::size_t kMaxPeriod = 100'000;
constexpr std::size_t kMaxLags = 1'000'000;  // Of everything multiplied out.
constexpr double kMaxResidualWork = 1e9;     // Observations times lags.

void refuse_transformation(const Element& element) {
  if (element.find("transformation").value_or("none") != "none") {
    element.refuse(
        "attribute transformation: the standard does not say whether a forecast is transformed "
        "back to a mean or a median; forecast the transformed series");
  }
}

// The only Array among an element's children.
std::vector<double> read_only_array(const Element& element) {
  std::vector<double> numbers;
  bool found = false;
  for (const Element& child : element.children()) {
    if (!child.is("Array") || found) {
      child.refuse_here();
      continue;
    }
    found = true;
    numbers = read_numbers(child);
  }
  if (!found) element.refuse("an Array is needed");
  return numbers;
}

// --- Observations ---------------------------------------------------------------------------

struct Series {
  std::vector<double> values = {};
  std::optional<double> last_time = {};
  bool anchored = false;  // Its times are dates.
  bool logical = false;
  bool found = false;
};

Series read_series(const Element& element) {
  element.only({"usage", "startTime", "endTime", "interpolationMethod", "field"});
  Series series;
  series.found = true;
  std::optional<double> index;
  for (const Element& child : element.children()) {
    if (child.is("TimeAnchor")) {
      series.anchored = true;
    } else if (child.is("TimeValue")) {
      child.only({"index", "time", "value", "standardError"});
      series.values.push_back(child.required_number("value"));
      const auto next = child.find_number("index");
      if (index && next && *next != *index + 1)
        child.refuse("index must be one more than that of the TimeValue before");
      index = next;
    } else {
      child.refuse_here();
    }
  }
  series.last_time = element.find_number("endTime");
  if (!series.last_time) series.last_time = index;
  return series;
}

// The observations of the target: as the model was made from them (logical), else as they were
// measured.
Series observations(const Element& element, const std::string& target) {
  Series chosen;
  for (const Element& child : element.children()) {
    if (!child.is("TimeSeries")) continue;
    const std::string usage = child.find("usage").value_or("original");
    const std::string field = child.text("field");
    const bool logical = usage == "logical";
    if (!logical && usage != "original") {
      if (usage != "prediction") child.refuse("usage is '" + usage + "'");
      continue;
    }
    if (!field.empty() && field != target) continue;
    if (chosen.found && chosen.logical == logical)
      child.refuse("a second TimeSeries of usage " + usage + "; keep that of the target");
    if (chosen.found && chosen.logical) continue;
    chosen = read_series(child);
    chosen.logical = logical;
  }
  return chosen;
}

// --- Which field of a row says how far ahead --------------------------------------------------

void find_horizon(const Element& element, const Model& model, const Series& series, int nesting,
                  TimeSeriesModel& time_series) {
  std::vector<std::string> steps;
  std::vector<std::string> times;
  for (const MiningField& field : model.mining_schema) {
    if (field.usage == Usage::kSupplementary || field.usage == Usage::kActive)
      steps.push_back(field.name);
    if (field.usage == Usage::kOrder) times.push_back(field.name);
  }
  if (steps.size() == 1) {
    time_series.horizon_field = steps[0];
  } else if (steps.empty() && times.size() == 1) {
    time_series.horizon_field = times[0];
    time_series.horizon_is_time = true;
    if (!series.last_time || series.anchored) {
      element.refuse("the field '" + times[0] +
                     "' of usageType order holds a time, but no TimeSeries counts its times; add "
                     "endTime, or a supplementary field for the number of periods ahead");
    }
    time_series.last_time = series.last_time.value_or(0);
  } else if (!steps.empty() || !times.empty() || nesting > 0) {
    element.refuse(
        "one MiningField must say how many periods ahead of the last observation a row asks for: "
        "a supplementary one, or one of usageType order; there are " +
        std::to_string(steps.size() + times.size()));
  }
}

// --- Exponential smoothing --------------------------------------------------------------------

void read_trend(const Element& element, ExponentialSmoothing& smoothing) {
  using enum ExponentialSmoothing::Trend;
  element.only({"trend", "gamma", "phi", "smoothedValue"});
  if (element.find("trend") == "polynomial_exponential") {
    element.refuse("trend polynomial_exponential: the standard gives no formula for its forecast");
    return;
  }
  smoothing.trend = element.choice("trend", kTrends, kAdditive);
  smoothing.gamma = element.find_number("gamma");
  smoothing.phi = element.number("phi", 1);
  smoothing.slope = element.required_number("smoothedValue");
  const bool damped =
      smoothing.trend == kDampedAdditive || smoothing.trend == kDampedMultiplicative;
  if (!damped && smoothing.phi != 1) element.refuse("attribute phi belongs to a damped trend");
  for (const Element& child : element.children()) child.refuse_here();
}

void read_season(const Element& element, ExponentialSmoothing& smoothing) {
  element.only({"type", "period", "unit", "phase", "delta"});
  if (!element.find("type")) element.refuse("attribute type is required");
  smoothing.season = element.choice("type", kSeasons, ExponentialSmoothing::Season::kAdditive);
  smoothing.delta = element.find_number("delta");
  if (element.find("phase")) {
    element.refuse(
        "attribute phase: the standard does not say where it counts from; leave it out and begin "
        "the Array with the period after the last observation");
  }
  smoothing.seasons = read_only_array(element);
  if (element.required_number("period") != static_cast<double>(smoothing.seasons.size()) ||
      smoothing.seasons.empty())
    element.refuse("period differs from the length of its Array");
}

ExponentialSmoothing read_smoothing(const Element& element) {
  element.only({"RMSE", "transformation"});
  refuse_transformation(element);
  ExponentialSmoothing smoothing;
  bool has_level = false;
  for (const Element& child : element.children()) {
    if (child.is("Level")) {
      child.only({"alpha", "smoothedValue"});
      has_level = true;
      smoothing.alpha = child.find_number("alpha");
      smoothing.level = child.required_number("smoothedValue");
    } else if (child.is("Trend_ExpoSmooth")) {
      read_trend(child, smoothing);
    } else if (child.is("Seasonality_ExpoSmooth")) {
      read_season(child, smoothing);
    } else if (!child.is("TimeValue")) {
      child.refuse_here();
    }
  }
  if (!has_level) element.refuse("a Level is needed");
  return smoothing;
}

// --- ARIMA and GARCH --------------------------------------------------------------------------

void read_moving_average(const Element& element, ArmaTerms& terms) {
  element.only({});
  for (const Element& child : element.children()) {
    if (child.is("MACoefficients")) {
      terms.ma = read_only_array(child);
    } else if (child.is("Residuals")) {
      terms.residuals = read_only_array(child);
    } else {
      child.refuse_here();
    }
  }
}

// An order, 0 where it is not stated.
std::size_t read_order(const Element& element, const char* attribute, std::size_t most) {
  return element.find(attribute) ? read_count(element, attribute, 0, most) : 0;
}

// AR and MA of an element that states their orders in two attributes.
ArmaTerms read_terms(const Element& element, const char* ar_order, const char* ma_order) {
  ArmaTerms terms;
  for (const Element& child : element.children()) {
    if (child.is("AR")) {
      child.only({});
      terms.ar = read_only_array(child);
    } else if (child.is("MA")) {
      read_moving_average(child, terms);
    } else {
      child.refuse_here();
    }
  }
  const std::size_t p = read_order(element, ar_order, kMaxOrder);
  const std::size_t q = read_order(element, ma_order, kMaxOrder);
  if (terms.ar.size() != p || terms.ma.size() != q)
    element.refuse("has " + std::to_string(terms.ar.size()) + " AR and " +
                   std::to_string(terms.ma.size()) + " MA coefficients; its orders are " +
                   std::to_string(p) + " and " + std::to_string(q));
  return terms;
}

// What was not stated of the last residuals is what conditional least squares says they are.
void complete_residuals(const Element& element, std::span<const double> series, Arima& arima) {
  if (element.source().error()) return;
  if (std::max(past_lags(arima), noise_lags(arima)) > kMaxLags) {
    element.refuse("reaches back more than " + std::to_string(kMaxLags) + " periods");
    return;
  }
  if (series.size() < past_lags(arima)) {
    element.refuse("needs " + std::to_string(past_lags(arima)) +
                   " observations to begin with; the TimeSeries has " +
                   std::to_string(series.size()));
    return;
  }
  const std::size_t needed = noise_lags(arima);
  if (stated_residuals(arima).size() == needed) return;
  if (!arima.terms.residuals.empty() || !arima.seasonal.residuals.empty()) {
    element.refuse("needs the last " + std::to_string(needed) + " residuals, and states fewer");
    return;
  }
  const DifferenceEquation equation = difference_equation(arima);
  const auto lags = static_cast<double>(equation.past.size() + equation.noise.size());
  if (static_cast<double>(series.size()) * lags > kMaxResidualWork) {
    element.refuse("states no residuals, and the series is too long to find them");
    return;
  }
  std::vector<double> residuals = conditional_residuals(equation, series);
  residuals.insert(residuals.begin(), needed - std::min(needed, residuals.size()), 0.0);
  residuals.erase(residuals.begin(), residuals.end() - static_cast<std::ptrdiff_t>(needed));
  (arima.seasonal.ma.empty() ? arima.terms : arima.seasonal).residuals = std::move(residuals);
}

void read_seasonal(const Element& element, Arima& arima) {
  element.only({"P", "D", "Q", "period"});
  arima.seasonal_differences = read_order(element, "D", kMaxDifferences);
  arima.period = read_count(element, "period", 1, kMaxPeriod);
  arima.seasonal = read_terms(element, "P", "Q");
}

Arima read_arima(const Element& element, std::span<const double> series) {
  element.only({"RMSE", "transformation", "constantTerm", "predictionMethod"});
  refuse_transformation(element);
  Arima arima;
  arima.constant = element.number("constantTerm", 0);
  const std::string method = element.find("predictionMethod").value_or("conditionalLeastSquares");
  arima.exact = method == "exactLeastSquares";
  if (!arima.exact && method != "conditionalLeastSquares")
    element.refuse("predictionMethod is '" + method + "'");
  for (const Element& child : element.children()) {
    if (child.is("NonseasonalComponent")) {
      child.only({"p", "d", "q"});
      arima.differences = read_order(child, "d", kMaxDifferences);
      arima.terms = read_terms(child, "p", "q");
    } else if (child.is("SeasonalComponent")) {
      read_seasonal(child, arima);
    } else if (child.is("DynamicRegressor") || child.is("OutlierEffect")) {
      child.refuse("is not supported; forecast the series without it");
    } else if (!child.is("MaximumLikelihoodStat")) {
      child.refuse_here();
    }
  }
  // Without moving averages a forecast depends on the observations alone, however it was fitted.
  if (arima.exact && noise_lags(arima) > 0) {
    element.refuse(
        "predictionMethod exactLeastSquares: the standard names the final state of a filter but "
        "not how it forecasts; export conditionalLeastSquares or a StateSpaceModel");
    return arima;
  }
  complete_residuals(element, series, arima);
  return arima;
}

void read_variance(const Element& element, const char* past, std::vector<double>& coefficients,
                   std::vector<double>& values) {
  element.only({});
  for (const Element& child : element.children()) {
    if (child.is("MACoefficients")) {
      coefficients = read_only_array(child);
    } else if (child.is(past)) {
      values = read_only_array(child);
    } else {
      child.refuse_here();
    }
  }
}

void read_garch_part(const Element& element, Garch& garch) {
  element.only({"constant", "gp", "gq"});
  garch.variance_constant = element.number("constant", 0);
  for (const Element& child : element.children()) {
    if (child.is("ResidualSquareCoefficients")) {
      read_variance(child, "Residuals", garch.square_coefficients, garch.errors);
    } else if (child.is("VarianceCoefficients")) {
      read_variance(child, "PastVariances", garch.variance_coefficients, garch.variances);
    } else {
      child.refuse_here();
    }
  }
}

Garch read_garch(const Element& element, std::span<const double> series) {
  element.only({});
  Garch garch;
  for (const Element& child : element.children()) {
    if (child.is("ARMAPart")) {
      child.only({"constant", "p", "q"});
      garch.mean.constant = child.number("constant", 0);
      garch.mean.terms = read_terms(child, "p", "q");
      if (garch.mean.constant != 0 && !garch.mean.terms.ar.empty()) {
        child.refuse(
            "attribute constant: the standard does not say whether it is the mean of the series or "
            "the intercept of the autoregression; subtract the mean from the series");
      }
      complete_residuals(child, series, garch.mean);
    } else if (child.is("GARCHPart")) {
      read_garch_part(child, garch);
    } else {
      child.refuse_here();
    }
  }
  return garch;
}

// --- State space ------------------------------------------------------------------------------

// Refused before memory is taken for a size that the state does not have.
Matrix read_matrix_of(const Element& element, std::size_t rows, std::size_t columns) {
  element.only({});
  const auto children = element.children();
  const std::string size = std::to_string(rows) + " by " + std::to_string(columns);
  if (children.size() != 1 || !children[0].is("Matrix")) {
    element.refuse("a Matrix is needed");
    return {};
  }
  const Element& child = children[0];
  if (child.number("nbRows", static_cast<double>(rows)) != static_cast<double>(rows) ||
      child.number("nbCols", static_cast<double>(columns)) != static_cast<double>(columns)) {
    child.refuse("a Matrix of " + size + " is needed");
    return {};
  }
  Matrix matrix = read_matrix(child);
  if (matrix.rows != rows || matrix.columns != columns)
    child.refuse("a Matrix of " + size + " is needed");
  return matrix;
}

void read_intercept(const Element& element, StateSpace& space) {
  element.only({"type"});
  const std::string type = element.find("type").value_or("state");
  const std::vector<double> intercept = read_only_array(element);
  const bool of_state = type == "state";
  if (!of_state && type != "observation")
    element.refuse("type is '" + type + "': expected state or observation");
  if (intercept.size() != (of_state ? space.state.size() : 1)) {
    element.refuse("an Array of " + std::to_string(of_state ? space.state.size() : 1) +
                   " numbers is needed");
  } else if (of_state) {
    space.state_intercept = intercept;
  } else {
    if (space.observation_intercept != 0) element.refuse("the attribute intercept says it already");
    space.observation_intercept = intercept[0];
  }
}

StateSpace read_state_space(const Element& element) {
  element.only({"variance", "period", "intercept"});
  StateSpace space;
  space.observation_intercept = element.number("intercept", 0);
  const auto children = element.children();
  const auto find = [&](std::string_view name) {
    const auto found =
        std::ranges::find_if(children, [&](const Element& child) { return child.is(name); });
    if (found == children.end()) element.refuse("a " + std::string(name) + " is needed");
    return found;
  };
  // Everything else has the size of the state.
  if (const auto state = find("StateVector"); state != children.end()) {
    state->only({});
    space.state = read_only_array(*state);
  }
  const std::size_t size = space.state.size();
  if (const auto matrix = find("TransitionMatrix"); matrix != children.end())
    space.transition = read_matrix_of(*matrix, size, size);
  if (const auto matrix = find("MeasurementMatrix"); matrix != children.end())
    space.measurement = read_matrix_of(*matrix, 1, size);
  // Read already, or how sure a forecast is, which does not move it.
  constexpr std::string_view kOthers[] = {"StateVector",
                                          "TransitionMatrix",
                                          "MeasurementMatrix",
                                          "PsiVector",
                                          "PredictedStateCovarianceMatrix",
                                          "SelectedStateCovarianceMatrix",
                                          "ObservationVarianceMatrix"};
  for (const Element& child : children) {
    if (child.is("InterceptVector")) {
      read_intercept(child, space);
    } else if (child.is("DynamicRegressor")) {
      child.refuse("is not supported; forecast the series without it");
    } else if (std::ranges::find(kOthers, child.name()) == std::end(kOthers)) {
      child.refuse_here();
    }
  }
  return space;
}

void read_algorithm(const Element& element, TimeSeriesModel& time_series) {
  if (element.is("ExponentialSmoothing")) {
    time_series.algorithm = read_smoothing(element);
  } else if (element.is("ARIMA")) {
    time_series.algorithm = read_arima(element, time_series.series);
  } else if (element.is("GARCH")) {
    time_series.algorithm = read_garch(element, time_series.series);
  } else if (element.is("StateSpaceModel")) {
    time_series.algorithm = read_state_space(element);
  } else {
    element.refuse(
        "the standard leaves this algorithm for a later version and does not say how it "
        "forecasts; bestFit must name another");
  }
}

}  // namespace

void read_time_series(const Element& element, Model& model, int nesting) {
  constexpr std::string_view kAlgorithms[] = {"ARIMA",           "ExponentialSmoothing",
                                              "GARCH",           "SeasonalTrendDecomposition",
                                              "StateSpaceModel", "SpectralAnalysis"};
  only_model(element, {"bestFit"},
             {"TimeSeries", "ARIMA", "ExponentialSmoothing", "GARCH", "SeasonalTrendDecomposition",
              "StateSpaceModel", "SpectralAnalysis"});
  const auto target = std::ranges::find(model.mining_schema, Usage::kTarget, &MiningField::usage);
  Series series = observations(element, target == model.mining_schema.end() ? "" : target->name);
  TimeSeriesModel time_series;
  find_horizon(element, model, series, nesting, time_series);
  time_series.series = std::move(series.values);
  const std::string best = element.required("bestFit");
  const auto children = element.children();
  const auto chosen =
      std::ranges::find_if(children, [&](const Element& child) { return child.is(best); });
  if (std::ranges::find(kAlgorithms, best) == std::end(kAlgorithms) || chosen == children.end()) {
    element.refuse("bestFit is '" + best + "', which names none of its algorithms");
  } else {
    read_algorithm(*chosen, time_series);
  }
  model.body = std::move(time_series);
}

}  // namespace pmml::detail
