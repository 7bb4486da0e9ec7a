// SPDX-License-Identifier: Apache-2.0
// BaselineModel (PMML 4.4 «BaselineModel»): how far a value lies from what is usual. Only the
// statistic zValue is one row's own; the others add up events, which a row does not bring along.
#pragma once
#include <string>

namespace pmml {

struct BaselineModel {
  enum class Distribution { kAny, kGaussian, kPoisson, kUniform };
  std::string field = {};
  Distribution distribution = Distribution::kGaussian;
  double first = 0;   // Mean; of a uniform distribution the lower bound.
  double second = 0;  // Variance; of a uniform distribution the upper bound; else 0.
  [[nodiscard]] double mean() const {
    return distribution == Distribution::kUniform ? (first + second) / 2 : first;
  }
  [[nodiscard]] double variance() const {
    if (distribution == Distribution::kPoisson) return first;
    const double width = second - first;
    return distribution == Distribution::kUniform ? width * width / 12 : second;
  }
  bool operator==(const BaselineModel&) const = default;
};

}  // namespace pmml
