// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/chapters.h"

namespace pmml::detail {

void write_attributes(const GaussianProcessModel&, XmlText&) {}
void write_body(const GaussianProcessModel&, XmlText&) {}

}  // namespace pmml::detail
