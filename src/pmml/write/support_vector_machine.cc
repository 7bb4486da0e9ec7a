// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/chapters.h"

namespace pmml::detail {

void write_attributes(const SupportVectorMachineModel&, XmlText&) {}
void write_body(const SupportVectorMachineModel&, XmlText&) {}

}  // namespace pmml::detail
