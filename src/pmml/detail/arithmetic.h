// SPDX-License-Identifier: Apache-2.0
// The arithmetic of scores, written once for double and float so that the interpreter and the
// compiled programs do the same operations in the same order, and agree bit for bit.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>

#include "pmml/document/regression.h"
#include "pmml/document/targets.h"

namespace pmml::detail {

inline double exponential(double x) { return std::exp(x); }
// x-mathContext="float" is defined by what its engine does: the power of 2.7182817 in double,
// rounded once.
inline float exponential(float x) {
  return static_cast<float>(std::pow(2.7182817, static_cast<double>(x)));
}

inline double arc_tangent_share(double x) { return 0.5 + std::numbers::inv_pi * std::atan(x); }
inline float arc_tangent_share(float x) {
  return 0.5F + (1.0F / 3.1415927F) * static_cast<float>(std::atan(static_cast<double>(x)));
}

inline double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

// The mean that a linear predictor stands for (PMML 4.4 «Regression», normalizationMethod).
template <class Real>
Real inverse_link(Normalization method, Real y) {
  constexpr auto one = Real{1};
  switch (method) {
    case Normalization::kNone:
    case Normalization::kSimplemax:
      return y;
    case Normalization::kSoftmax:
    case Normalization::kLogit:
      return one / (one + exponential(-y));
    case Normalization::kProbit:
      return static_cast<Real>(normal_cdf(static_cast<double>(y)));
    case Normalization::kCloglog:
      return one - exponential(-exponential(y));
    case Normalization::kExp:
      return exponential(y);
    case Normalization::kLoglog:
      return exponential(-exponential(-y));
    case Normalization::kCauchit:
      return arc_tangent_share(y);
  }
  return y;
}

template <class Real>
void simplemax(std::span<Real> values) {
  Real sum = 0;
  for (const Real value : values) sum += value;
  for (Real& value : values) value /= sum;
}

template <class Real>
void softmax(std::span<Real> values) {
  const Real largest = *std::max_element(values.begin(), values.end());
  Real sum = 0;
  for (Real& value : values) {
    value = exponential(value - largest);
    sum += value;
  }
  for (Real& value : values) value /= sum;
}

// Probabilities in place of the linear predictors of the tables. Ordinal: predictors are
// cumulative.
template <class Real>
void normalize_categories(Normalization method, bool ordinal, std::span<Real> values) {
  const std::size_t n = values.size();
  if (method == Normalization::kSimplemax) return simplemax(values);
  if (method == Normalization::kSoftmax) {
    // A second table that is constantly zero makes this the logit; the general form gives the same
    // mathematically.
    return softmax(values);
  }
  if (ordinal && method != Normalization::kNone) {
    Real previous = 0;
    for (std::size_t i = 0; i + 1 < n; ++i) {
      const Real cumulative = inverse_link(method, values[i]);
      values[i] = cumulative - previous;
      previous = cumulative;
    }
    values[n - 1] = Real{1} - previous;
    return;
  }
  if (method == Normalization::kNone) {
    Real rest = 1;
    for (std::size_t i = 0; i + 1 < n; ++i) rest -= values[i];
    values[n - 1] = rest;
    return;
  }
  if (n == 2) {
    values[0] = inverse_link(method, values[0]);
    values[1] = Real{1} - values[0];
    return;
  }
  for (Real& value : values) value = inverse_link(method, value);
  simplemax(values);
}

// One power of a NumericPredictor; by squaring is not what std::pow rounds to, so everybody calls
// this.
template <class Real>
Real power(Real x, int exponent) {
  if (exponent == 1) return x;
  return static_cast<Real>(std::pow(static_cast<double>(x), exponent));
}

// Targets: bounds, factor, constant, rounding, in this order.
template <class Real>
Real apply_target(const Target& target, Real value) {
  if (target.min) value = std::max(value, static_cast<Real>(*target.min));
  if (target.max) value = std::min(value, static_cast<Real>(*target.max));
  if (target.rescale_factor != 1) value *= static_cast<Real>(target.rescale_factor);
  if (target.rescale_constant != 0) value += static_cast<Real>(target.rescale_constant);
  switch (target.cast_integer) {
    case CastInteger::kNone:
      return value;
    case CastInteger::kRound:
      return std::floor(value + Real{0.5});
    case CastInteger::kCeiling:
      return std::ceil(value);
    case CastInteger::kFloor:
      return std::floor(value);
  }
  return value;
}

// The median of values, which it reorders.
template <class Real>
Real median(std::span<Real> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  if (values.size() % 2 == 1) return values[half];
  return (values[half - 1] + values[half]) / Real{2};
}

}  // namespace pmml::detail
