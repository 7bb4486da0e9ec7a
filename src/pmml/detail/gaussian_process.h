// SPDX-License-Identifier: Apache-2.0
// How the standard spells the kernels of a GaussianProcessModel.
#pragma once
#include "pmml/detail/names.h"

namespace pmml::detail {

inline constexpr Names<CovarianceKernel::Type, 4> kCovarianceKernels = {
    {{"RadialBasisKernel", CovarianceKernel::Type::kRadialBasis},
     {"ARDSquaredExponentialKernel", CovarianceKernel::Type::kArdSquaredExponential},
     {"AbsoluteExponentialKernel", CovarianceKernel::Type::kAbsoluteExponential},
     {"GeneralizedExponentialKernel", CovarianceKernel::Type::kGeneralizedExponential}}};

}  // namespace pmml::detail
