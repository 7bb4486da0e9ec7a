// SPDX-License-Identifier: Apache-2.0
// How the standard spells the choices of a SupportVectorMachineModel.
#pragma once
#include "pmml/detail/names.h"

namespace pmml::detail {

inline constexpr Names<SvmKernel::Type, 4> kSvmKernels = {
    {{"LinearKernelType", SvmKernel::Type::kLinear},
     {"PolynomialKernelType", SvmKernel::Type::kPolynomial},
     {"RadialBasisKernelType", SvmKernel::Type::kRadialBasis},
     {"SigmoidKernelType", SvmKernel::Type::kSigmoid}}};
inline constexpr Names<SupportVectorMachineModel::Classification, 2> kSvmClassifications = {
    {{"OneAgainstAll", SupportVectorMachineModel::Classification::kOneAgainstAll},
     {"OneAgainstOne", SupportVectorMachineModel::Classification::kOneAgainstOne}}};
inline constexpr Names<bool, 2> kSvmRepresentations = {
    {{"SupportVectors", true}, {"Coefficients", false}}};

}  // namespace pmml::detail
