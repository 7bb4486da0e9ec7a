// SPDX-License-Identifier: Apache-2.0
// The distributions of a Bayesian network's continuous nodes, as elements.
#pragma once
#include "pmml/detail/names.h"
#include "pmml/document/bayesian_network.h"

namespace pmml::detail {

inline constexpr Names<BayesianDistribution::Kind, 3> kBayesianDistributions = {
    {{"NormalDistributionForBN", BayesianDistribution::Kind::kNormal},
     {"UniformDistributionForBN", BayesianDistribution::Kind::kUniform},
     {"TriangularDistributionForBN", BayesianDistribution::Kind::kTriangular}}};

}  // namespace pmml::detail
