// SPDX-License-Identifier: Apache-2.0
#include "pmml/detail/arma.h"

#include <algorithm>
#include <numeric>

namespace pmml::detail {
namespace {

// Coefficients of B^0, B^1, ….
using Polynomial = std::vector<double>;

// Seasons leave most coefficients 0.
Polynomial product(const Polynomial& a, const Polynomial& b) {
  Polynomial result(a.size() + b.size() - 1);
  std::vector<std::size_t> present;
  for (std::size_t j = 0; j < b.size(); ++j) {
    if (b[j] != 0) present.push_back(j);
  }
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] == 0) continue;
    for (const std::size_t j : present) result[i + j] += a[i] * b[j];
  }
  return result;
}

// 1 + sign * (c1 B^step + c2 B^(2 step) + …).
Polynomial polynomial(std::span<const double> coefficients, std::size_t step, double sign) {
  Polynomial result(1 + coefficients.size() * step);
  result[0] = 1;
  for (std::size_t i = 0; i < coefficients.size(); ++i)
    result[(i + 1) * step] = sign * coefficients[i];
  return result;
}

std::vector<Lag> lags(const Polynomial& polynomial, double sign) {
  std::vector<Lag> result;
  for (std::size_t i = 1; i < polynomial.size(); ++i) {
    if (polynomial[i] != 0) result.push_back({i, sign * polynomial[i]});
  }
  return result;
}

}  // namespace

std::size_t past_lags(const Arima& arima) {
  return arima.terms.ar.size() + arima.differences +
         arima.period * (arima.seasonal.ar.size() + arima.seasonal_differences);
}

std::size_t noise_lags(const Arima& arima) {
  return arima.terms.ma.size() + arima.period * arima.seasonal.ma.size();
}

DifferenceEquation difference_equation(const Arima& arima) {
  const std::size_t season = std::max<std::size_t>(arima.period, 1);
  Polynomial past =
      product(polynomial(arima.terms.ar, 1, -1), polynomial(arima.seasonal.ar, season, -1));
  DifferenceEquation equation;
  // The constant is the mean of what the autoregression is of.
  equation.intercept = arima.constant * std::accumulate(past.begin(), past.end(), 0.0);
  const double one = 1;
  for (std::size_t i = 0; i < arima.differences; ++i)
    past = product(past, polynomial({&one, 1}, 1, -1));
  for (std::size_t i = 0; i < arima.seasonal_differences; ++i)
    past = product(past, polynomial({&one, 1}, season, -1));
  equation.past = lags(past, -1);
  equation.noise =
      lags(product(polynomial(arima.terms.ma, 1, 1), polynomial(arima.seasonal.ma, season, 1)), 1);
  return equation;
}

std::vector<double> conditional_residuals(const DifferenceEquation& equation,
                                          std::span<const double> series) {
  std::vector<double> residuals(series.size());
  const std::size_t start = equation.past.empty() ? 0 : equation.past.back().lag;
  for (std::size_t t = start; t < series.size(); ++t) {
    double expected = equation.intercept;
    for (const Lag& past : equation.past) expected += past.coefficient * series[t - past.lag];
    for (const Lag& noise : equation.noise) {
      if (noise.lag <= t) expected += noise.coefficient * residuals[t - noise.lag];
    }
    residuals[t] = series[t] - expected;
  }
  return residuals;
}

std::span<const double> stated_residuals(const Arima& arima) {
  const std::vector<double>& most = arima.seasonal.residuals.size() > arima.terms.residuals.size()
                                        ? arima.seasonal.residuals
                                        : arima.terms.residuals;
  return std::span(most).last(std::min(most.size(), noise_lags(arima)));
}

}  // namespace pmml::detail
