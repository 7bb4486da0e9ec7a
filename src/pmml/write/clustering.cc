// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/chapters.h"

namespace pmml::detail {

void write_attributes(const ClusteringModel&, XmlText&) {}
void write_body(const ClusteringModel&, XmlText&) {}

}  // namespace pmml::detail
