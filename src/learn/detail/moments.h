// SPDX-License-Identifier: Apache-2.0
// What one feature is like over the rows.
#pragma once
#include <span>
#include <vector>

#include "learn/logistic_regression.h"

namespace learn::detail {

// Where the feature does not vary, the deviation is 1.
struct Moments {
  double mean = 0;
  double deviation = 1;
};

// Of each feature; weighted, if weights are given.
std::vector<Moments> measure(std::span<const FeatureValues> features,
                             std::span<const double> weights, int threads);

// Whether it holds 0 and 1 alone.
bool is_indicator(const FeatureValues& values);

// The share of all weight that is not at the commonest value; 1 where there is none.
double share_off_commonest(const FeatureValues& values, std::span<const double> weights);

}  // namespace learn::detail
