// SPDX-License-Identifier: Apache-2.0
#include "pmml/interpret/comparison.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "pmml/detail/arithmetic.h"

namespace pmml {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

template <class Real>
Real compare_one(const ComparisonMeasure& measure, const ComparisonField& field, double x,
                 double y) {
  const Real difference = static_cast<Real>(x) - static_cast<Real>(y);
  switch (function_of(field, measure)) {
    case CompareFunction::kAbsDiff:
      return std::abs(difference);
    case CompareFunction::kGaussSim: {
      const Real scale = static_cast<Real>(*field.similarity_scale);
      return detail::exponential(-static_cast<Real>(std::numbers::ln2) * difference * difference /
                                 (scale * scale));
    }
    case CompareFunction::kDelta:
      return x == y ? Real{0} : Real{1};
    case CompareFunction::kEqual:
      return x == y ? Real{1} : Real{0};
    case CompareFunction::kTable:
      return static_cast<Real>(
          field.table.at(static_cast<std::size_t>(x), static_cast<std::size_t>(y)));
  }
  return difference;
}

template <class Real>
double weighted(const ComparisonMeasure& measure, std::span<const ComparisonField> fields,
                Coordinates record, Coordinates reference, double adjustment) {
  Real sum = 0;
  Real largest = -std::numeric_limits<Real>::infinity();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (std::isnan(record[i])) continue;
    const Real c = compare_one<Real>(measure, fields[i], record[i], reference[i]);
    const Real weight = static_cast<Real>(fields[i].weight);
    if (measure.measure == Measure::kEuclidean || measure.measure == Measure::kSquaredEuclidean) {
      sum += c * c * weight;
    } else if (measure.measure == Measure::kMinkowski) {
      sum += static_cast<Real>(std::pow(static_cast<double>(c), measure.power)) * weight;
    } else {
      sum += c * weight;
      largest = std::max(largest, c * weight);
    }
  }
  const Real factor = static_cast<Real>(adjustment);
  switch (measure.measure) {
    case Measure::kEuclidean:
      return static_cast<double>(std::sqrt(sum * factor));
    case Measure::kMinkowski:
      return static_cast<double>(
          static_cast<Real>(std::pow(static_cast<double>(sum * factor), 1 / measure.power)));
    case Measure::kChebychev:
      return static_cast<double>(largest * factor);
    case Measure::kSquaredEuclidean:
    case Measure::kCityBlock:
    case Measure::kSimpleMatching:
    case Measure::kJaccard:
    case Measure::kTanimoto:
    case Measure::kBinarySimilarity:
      break;
  }
  return static_cast<double>(sum * factor);
}

// How often the pairs (0,0), (0,1), (1,0) and (1,1) stand beside each other.
using Counts = std::array<double, 4>;

double weigh(const Counts& weights, const Counts& counts) {
  return weights[3] * counts[3] + weights[2] * counts[2] + weights[1] * counts[1] +
         weights[0] * counts[0];
}

double binary(const ComparisonMeasure& measure, Coordinates record, Coordinates reference) {
  Counts counts = {};
  for (std::size_t i = 0; i < record.size(); ++i) {
    if (!(record[i] == 0 || record[i] == 1)) return kUndefined;
    counts[(record[i] == 1 ? 2U : 0U) + (reference[i] == 1 ? 1U : 0U)] += 1;
  }
  switch (measure.measure) {
    case Measure::kSimpleMatching:
      return weigh({1, 0, 0, 1}, counts) / weigh({1, 1, 1, 1}, counts);
    case Measure::kJaccard:
      return weigh({0, 0, 0, 1}, counts) / weigh({0, 1, 1, 1}, counts);
    case Measure::kTanimoto:
      return weigh({1, 0, 0, 1}, counts) / weigh({1, 2, 2, 1}, counts);
    case Measure::kBinarySimilarity:
      return weigh(measure.numerator, counts) / weigh(measure.denominator, counts);
    case Measure::kEuclidean:
    case Measure::kSquaredEuclidean:
    case Measure::kChebychev:
    case Measure::kCityBlock:
    case Measure::kMinkowski:
      break;
  }
  return kUndefined;
}

template <class Real>
double adjust(Coordinates record, std::span<const double> weights) {
  Real all = 0;
  Real present = 0;
  for (std::size_t i = 0; i < record.size(); ++i) {
    const Real weight = weights.empty() ? Real{1} : static_cast<Real>(weights[i]);
    all += weight;
    if (!std::isnan(record[i])) present += weight;
  }
  return present > 0 ? static_cast<double>(all / present) : kUndefined;
}

}  // namespace

double adjustment(Coordinates record, std::span<const double> weights, MathContext math) {
  return math == MathContext::kFloat ? adjust<float>(record, weights)
                                     : adjust<double>(record, weights);
}

double affinity(const ComparisonMeasure& measure, std::span<const ComparisonField> fields,
                Coordinates record, Coordinates reference, double adjustment, MathContext math) {
  if (is_binary(measure.measure)) {
    const double figure = binary(measure, record, reference);
    return std::isfinite(figure) ? figure : kUndefined;
  }
  return math == MathContext::kFloat
             ? weighted<float>(measure, fields, record, reference, adjustment)
             : weighted<double>(measure, fields, record, reference, adjustment);
}

}  // namespace pmml
