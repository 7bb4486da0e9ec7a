// SPDX-License-Identifier: Apache-2.0
// How a BaselineModel spells its distributions: the element and its two attributes.
#pragma once
#include <array>

#include "pmml/detail/names.h"

namespace pmml::detail {

inline constexpr Names<BaselineModel::Distribution, 4> kBaselineDistributions = {
    {{"AnyDistribution", BaselineModel::Distribution::kAny},
     {"GaussianDistribution", BaselineModel::Distribution::kGaussian},
     {"PoissonDistribution", BaselineModel::Distribution::kPoisson},
     {"UniformDistribution", BaselineModel::Distribution::kUniform}}};

struct BaselineAttributes {
  const char* first;
  const char* second;  // Null: there is none.
};

constexpr BaselineAttributes attributes_of(BaselineModel::Distribution distribution) {
  switch (distribution) {
    case BaselineModel::Distribution::kPoisson:
      return {"mean", nullptr};
    case BaselineModel::Distribution::kUniform:
      return {"lower", "upper"};
    case BaselineModel::Distribution::kAny:
    case BaselineModel::Distribution::kGaussian:
      break;
  }
  return {"mean", "variance"};
}

}  // namespace pmml::detail
