// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/number.h"
#include "pmml/detail/arma.h"
#include "pmml/interpret/model.h"

namespace pmml {
namespace {

// How much one row may cost, in steps of arithmetic.
constexpr double kMaxWork = 1e8;

double forecast(const ExponentialSmoothing& smoothing, std::size_t horizon) {
  using enum ExponentialSmoothing::Trend;
  const auto periods = static_cast<double>(horizon);
  double damped = 0;
  double power = 1;
  for (std::size_t i = 0; i < horizon; ++i) damped += power *= smoothing.phi;
  double value = smoothing.level;
  switch (smoothing.trend) {
    case kNone:
      break;
    case kAdditive:
      value += periods * smoothing.slope;
      break;
    case kDampedAdditive:
      value += damped * smoothing.slope;
      break;
    case kMultiplicative:
      value *= std::pow(smoothing.slope, periods);
      break;
    case kDampedMultiplicative:
      value *= std::pow(smoothing.slope, damped);
      break;
  }
  switch (smoothing.season) {
    case ExponentialSmoothing::Season::kNone:
      return value;
    case ExponentialSmoothing::Season::kAdditive:
      return value + smoothing.seasons[(horizon - 1) % smoothing.seasons.size()];
    case ExponentialSmoothing::Season::kMultiplicative:
      return value * smoothing.seasons[(horizon - 1) % smoothing.seasons.size()];
  }
  return value;
}

// The difference equation run on from the last observations, its future errors 0.
double forecast(const Arima& arima, std::span<const double> series, std::size_t horizon) {
  const detail::DifferenceEquation equation = detail::difference_equation(arima);
  const auto residuals = detail::stated_residuals(arima);
  const auto observed = series.last(detail::past_lags(arima));
  std::vector<double> values(observed.begin(), observed.end());
  for (std::size_t step = 0; step < horizon; ++step) {
    double next = equation.intercept;
    for (const auto& past : equation.past)
      next += past.coefficient * values[values.size() - past.lag];
    for (const auto& noise : equation.noise) {
      if (noise.lag > step)
        next += noise.coefficient * residuals[residuals.size() + step - noise.lag];
    }
    values.push_back(next);
  }
  return values.back();
}

double forecast(const Garch& garch, std::span<const double> series, std::size_t horizon) {
  return forecast(garch.mean, series, horizon);
}

double forecast(const StateSpace& space, std::size_t horizon) {
  std::vector<double> state = space.state;
  std::vector<double> next(state.size());
  for (std::size_t step = 1; step < horizon; ++step) {
    for (std::size_t r = 0; r < state.size(); ++r) {
      double sum = space.state_intercept.empty() ? 0 : space.state_intercept[r];
      for (std::size_t c = 0; c < state.size(); ++c) sum += space.transition.at(r, c) * state[c];
      next[r] = sum;
    }
    std::swap(state, next);
  }
  return std::inner_product(state.begin(), state.end(), space.measurement.values.begin(), 0.0) +
         space.observation_intercept;
}

// Steps of arithmetic for one period.
double work_of(const ExponentialSmoothing&) { return 1; }
double work_of(const Arima& arima) {
  return 1 + static_cast<double>((arima.terms.ar.size() + arima.differences + 1) *
                                     (arima.seasonal.ar.size() + arima.seasonal_differences + 1) +
                                 (arima.terms.ma.size() + 1) * (arima.seasonal.ma.size() + 1));
}
double work_of(const Garch& garch) { return work_of(garch.mean); }
double work_of(const StateSpace& space) {
  const auto size = static_cast<double>(space.state.size());
  return 1 + size * size;
}

// How many periods ahead the row asks for; nothing where it does not say, or asks for nonsense.
std::optional<std::size_t> horizon_of(const TimeSeriesModel& model, Scope& scope) {
  if (model.horizon_field.empty()) {
    const History* history = scope.row().history;
    return history == nullptr ? 1 : history->rows() + 1;
  }
  const Value& value = scope.lookup(model.horizon_field);
  if (value.missing) return std::nullopt;
  const double periods = value.number - (model.horizon_is_time ? model.last_time : 0);
  const double most = std::max(
      1.0, kMaxWork / std::visit([](const auto& one) { return work_of(one); }, model.algorithm));
  if (periods >= 1 && periods <= most && std::floor(periods) == periods)
    return static_cast<std::size_t>(periods);
  scope.fail("field '" + model.horizon_field + "' asks for a forecast " +
             base::format_double(periods) + " periods ahead; a whole number from 1 to " +
             base::format_double(std::floor(most)) + " is expected");
  return std::nullopt;
}

}  // namespace

Outcome evaluate_body(const TimeSeriesModel& time_series, const Model& model, Scope& scope) {
  Outcome outcome;
  outcome.function = model.function;
  const auto horizon = horizon_of(time_series, scope);
  if (!horizon) return outcome;
  outcome.number = std::visit(
      [&](const auto& one) {
        if constexpr (requires { forecast(one, time_series.series, *horizon); }) {
          return forecast(one, time_series.series, *horizon);
        } else {
          return forecast(one, *horizon);
        }
      },
      time_series.algorithm);
  outcome.missing = std::isnan(outcome.number);
  return outcome;
}

}  // namespace pmml
