// SPDX-License-Identifier: Apache-2.0
// TimeSeriesModel (PMML 4.4 «TimeSeriesModel»). A row asks for one forecast: a field of it says how
// many periods ahead of the last observation. Of several algorithms in one element only the one
// that bestFit names is scored, and kept.
#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "pmml/document/matrix.h"

namespace pmml {

// Forecast of m periods ahead (E. S. Gardner, «Exponential smoothing: the state of the art, part
// II», 2006, table 1, whose letters the standard uses): level with m periods of trend, with the
// season of that period.
struct ExponentialSmoothing {
  enum class Trend {
    kNone,
    kAdditive,              // level + m * slope
    kDampedAdditive,        // level + (phi + phi² + … + phi^m) * slope
    kMultiplicative,        // level * slope^m
    kDampedMultiplicative,  // level * slope^(phi + phi² + … + phi^m)
  };
  enum class Season { kNone, kAdditive, kMultiplicative };
  double level = 0;  // The smoothed values at the last observation.
  Trend trend = Trend::kNone;
  double slope = 0;
  double phi = 1;
  Season season = Season::kNone;
  std::vector<double> seasons = {};  // The first is that of the period after the last observation.
  std::optional<double> alpha = {};  // How it was smoothed; a forecast does not depend on it.
  std::optional<double> gamma = {};
  std::optional<double> delta = {};
  bool operator==(const ExponentialSmoothing&) const = default;
};

// Autoregression and moving average at lags 1, 2, … (of a season: period, 2 * period, …).
struct ArmaTerms {
  std::vector<double> ar = {};
  std::vector<double> ma = {};
  std::vector<double> residuals = {};  // The last ones, the latest last; empty: not stated.
  bool operator==(const ArmaTerms&) const = default;
};

// With B the backshift, s the period:
// ar(B) seasonal_ar(B^s) [(1-B)^d (1-B^s)^D y - constant] = ma(B) seasonal_ma(B^s) e, where
// ar(B) = 1 - ar1 B - … and ma(B) = 1 + ma1 B + …. The constant is the mean of the differenced
// series, and the sign of ma is as R and statsmodels have it, and the exporters made from them.
struct Arima {
  double constant = 0;
  std::size_t differences = 0;
  ArmaTerms terms = {};
  std::size_t period = 0;  // 0: no season.
  std::size_t seasonal_differences = 0;
  ArmaTerms seasonal = {};
  bool exact = false;  // Fitted by exact least squares.
  bool operator==(const Arima&) const = default;
};

// The mean is an ARMA process; the variance of its errors does not move a forecast.
struct Garch {
  Arima mean = {};
  double variance_constant = 0;
  std::vector<double> square_coefficients = {};  // Of past squared errors.
  std::vector<double> errors = {};
  std::vector<double> variance_coefficients = {};  // Of past variances.
  std::vector<double> variances = {};
  bool operator==(const Garch&) const = default;
};

// Forecast m periods ahead: measurement * state(m) + observation_intercept, where state(1) is the
// state vector and state(m + 1) = transition * state(m) + state_intercept.
struct StateSpace {
  std::vector<double> state = {};  // Predicted for the period after the last observation.
  Matrix transition = {};
  Matrix measurement = {};  // One row.
  double observation_intercept = 0;
  std::vector<double> state_intercept = {};  // Empty: zeros.
  bool operator==(const StateSpace&) const = default;
};

struct TimeSeriesModel {
  // The field of a row that says how many periods ahead (empty: rows scored one after the other ask
  // for one period after the other); or, with `horizon_is_time`, the time, of
  // which last_time is that of the last observation.
  std::string horizon_field = {};
  bool horizon_is_time = false;
  double last_time = 0;
  std::vector<double> series = {};  // The observations, the latest last, at equal distances.
  std::variant<ExponentialSmoothing, Arima, Garch, StateSpace> algorithm = {};
  bool operator==(const TimeSeriesModel&) const = default;
};

}  // namespace pmml
