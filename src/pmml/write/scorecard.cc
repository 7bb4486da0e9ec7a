// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/chapters.h"

namespace pmml::detail {

void write_attributes(const Scorecard&, XmlText&) {}
void write_body(const Scorecard&, XmlText&) {}

}  // namespace pmml::detail
