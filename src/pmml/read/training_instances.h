// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "pmml/document/training_instances.h"
#include "pmml/read/element.h"

namespace pmml::detail {

// `targets` are the fields that the model predicts: a dialect states them again as
// InstanceField@isTarget, which is refused where it says otherwise.
TrainingInstances read_training_instances(const Element& element,
                                          const std::vector<std::string>& targets);

}  // namespace pmml::detail
