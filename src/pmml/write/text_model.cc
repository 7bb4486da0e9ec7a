// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/chapters.h"

namespace pmml::detail {

void write_attributes(const TextModel&, XmlText&) {}
void write_body(const TextModel&, XmlText&) {}

}  // namespace pmml::detail
