// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/chapters.h"

namespace pmml::detail {

void write_attributes(const BaselineModel&, XmlText&) {}
void write_body(const BaselineModel&, XmlText&) {}

}  // namespace pmml::detail
