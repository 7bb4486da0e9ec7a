// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/chapters.h"

namespace pmml::detail {

void write_attributes(const RuleSetModel&, XmlText&) {}
void write_body(const RuleSetModel&, XmlText&) {}

}  // namespace pmml::detail
