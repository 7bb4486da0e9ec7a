// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "pmml/compile/chapters.h"
#include "pmml/detail/arma.h"
#include "pmml/detail/names.h"

namespace pmml {
namespace {

bool all_finite(std::span<const double> numbers) {
  return std::ranges::all_of(numbers, [](double number) { return std::isfinite(number); });
}

base::Result<void> check_one(const ExponentialSmoothing& smoothing, std::span<const double>,
                             const FieldChecks& checks) {
  const bool multiplies = smoothing.trend == ExponentialSmoothing::Trend::kMultiplicative ||
                          smoothing.trend == ExponentialSmoothing::Trend::kDampedMultiplicative;
  if (multiplies && !(smoothing.slope > 0))
    return checks.refuse("has a multiplicative trend whose smoothedValue is not above 0");
  const bool has_season = smoothing.season != ExponentialSmoothing::Season::kNone;
  if (has_season == smoothing.seasons.empty())
    return checks.refuse("has a season without an Array, or an Array without a season");
  if (!all_finite(smoothing.seasons) || !std::isfinite(smoothing.level) ||
      !std::isfinite(smoothing.slope) || !std::isfinite(smoothing.phi))
    return checks.refuse("has a smoothed value that is not finite");
  return {};
}

base::Result<void> check_one(const Arima& arima, std::span<const double> series,
                             const FieldChecks& checks) {
  const bool seasonal =
      arima.seasonal_differences > 0 || !arima.seasonal.ar.empty() || !arima.seasonal.ma.empty();
  if (seasonal && arima.period == 0) return checks.refuse("has a season without a period");
  if (series.size() < detail::past_lags(arima))
    return checks.refuse("has fewer observations than its forecast begins with");
  if (detail::stated_residuals(arima).size() < detail::noise_lags(arima))
    return checks.refuse("has fewer residuals than its forecast begins with");
  for (const auto* numbers : {&arima.terms.ar, &arima.terms.ma, &arima.terms.residuals,
                              &arima.seasonal.ar, &arima.seasonal.ma, &arima.seasonal.residuals}) {
    if (!all_finite(*numbers)) return checks.refuse("has a coefficient that is not finite");
  }
  if (!all_finite(series) || !std::isfinite(arima.constant))
    return checks.refuse("has an observation or a constant that is not finite");
  return {};
}

base::Result<void> check_one(const Garch& garch, std::span<const double> series,
                             const FieldChecks& checks) {
  return check_one(garch.mean, series, checks);
}

base::Result<void> check_one(const StateSpace& space, std::span<const double>,
                             const FieldChecks& checks) {
  const std::size_t size = space.state.size();
  if (size == 0 || space.transition.rows != size || space.transition.columns != size ||
      space.transition.values.size() != size * size || space.measurement.rows != 1 ||
      space.measurement.values.size() != size ||
      (!space.state_intercept.empty() && space.state_intercept.size() != size))
    return checks.refuse("has matrices that do not fit its state vector");
  if (!all_finite(space.state) || !all_finite(space.transition.values) ||
      !all_finite(space.measurement.values) || !all_finite(space.state_intercept) ||
      !std::isfinite(space.observation_intercept))
    return checks.refuse("has a state or a matrix that is not finite");
  return {};
}

}  // namespace

base::Result<void> check_body(const TimeSeriesModel& time_series, const Model& model,
                              const FieldChecks& checks) {
  if (model.function != MiningFunction::kTimeSeries)
    return checks.refuse("needs functionName=\"timeSeries\"");
  const bool names_field = !time_series.horizon_field.empty();
  if (names_field) TRY(checks.numeric_field(time_series.horizon_field, "a TimeSeriesModel"));
  if (const auto type = names_field ? checks.type_of(time_series.horizon_field) : std::nullopt;
      type && !is_number(*type)) {
    return checks.refuse("reads the number of periods ahead from the field '" +
                         time_series.horizon_field + "', which is no number");
  }
  for (const OutputField& output : model.output) {
    const std::string_view feature = detail::name_of(detail::kResultFeatures, output.feature);
    if (feature.starts_with("standard") || feature.starts_with("confidenceInterval")) {
      return checks.refuse("has the output '" + output.name +
                           "', but the standard does not say how sure a forecast is");
    }
  }
  return std::visit([&](const auto& one) { return check_one(one, time_series.series, checks); },
                    time_series.algorithm);
}

void mention(const TimeSeriesModel&, Mentions&) {}
void list_categories(const TimeSeriesModel&, const Model&, const CategoryList&) {}

}  // namespace pmml
