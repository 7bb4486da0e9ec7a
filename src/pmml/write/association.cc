// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/chapters.h"

namespace pmml::detail {

void write_attributes(const AssociationModel&, XmlText&) {}
void write_body(const AssociationModel&, XmlText&) {}

}  // namespace pmml::detail
