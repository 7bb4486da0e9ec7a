// SPDX-License-Identifier: Apache-2.0
// The difference equation of an ARIMA model, its seasons and differences multiplied out:
//   y(t) = intercept + sum of past[k] * y(t - lag) + e(t) + sum of noise[k] * e(t - lag).
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "pmml/document/time_series.h"

namespace pmml::detail {

struct Lag {
  std::size_t lag = 0;
  double coefficient = 0;
};

struct DifferenceEquation {
  double intercept = 0;
  std::vector<Lag> past;   // By rising lag; none whose coefficient is 0.
  std::vector<Lag> noise;  // Likewise.
};

// The largest lag of each side, without multiplying anything out.
std::size_t past_lags(const Arima& arima);
std::size_t noise_lags(const Arima& arima);

DifferenceEquation difference_equation(const Arima& arima);

// The residuals that conditional least squares defines: those before past_lags() observations are
// 0. One per observation.
std::vector<double> conditional_residuals(const DifferenceEquation& equation,
                                          std::span<const double> series);

// The last noise_lags() residuals, the latest last, as the document states them.
std::span<const double> stated_residuals(const Arima& arima);

}  // namespace pmml::detail
