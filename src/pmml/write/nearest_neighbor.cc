// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/chapters.h"

namespace pmml::detail {

void write_attributes(const NearestNeighborModel&, XmlText&) {}
void write_body(const NearestNeighborModel&, XmlText&) {}

}  // namespace pmml::detail
