// SPDX-License-Identifier: Apache-2.0
// How the standard spells the choices of a NeuralNetwork.
#pragma once
#include "pmml/detail/names.h"

namespace pmml::detail {

inline constexpr Names<Activation, 14> kActivations = {{{"threshold", Activation::kThreshold},
                                                        {"logistic", Activation::kLogistic},
                                                        {"tanh", Activation::kTanh},
                                                        {"identity", Activation::kIdentity},
                                                        {"exponential", Activation::kExponential},
                                                        {"reciprocal", Activation::kReciprocal},
                                                        {"square", Activation::kSquare},
                                                        {"Gauss", Activation::kGauss},
                                                        {"sine", Activation::kSine},
                                                        {"cosine", Activation::kCosine},
                                                        {"Elliott", Activation::kElliott},
                                                        {"arctan", Activation::kArctan},
                                                        {"rectifier", Activation::kRectifier},
                                                        {"radialBasis", Activation::kRadialBasis}}};
inline constexpr Names<NeuralNormalization, 3> kNeuralNormalizations = {
    {{"none", NeuralNormalization::kNone},
     {"simplemax", NeuralNormalization::kSimplemax},
     {"softmax", NeuralNormalization::kSoftmax}}};

}  // namespace pmml::detail
