// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "pmml/document/training_instances.h"
#include "pmml/write/text.h"

namespace pmml::detail {

void write_training_instances(const TrainingInstances& instances, XmlText& xml);

}  // namespace pmml::detail
