// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/chapters.h"

namespace pmml::detail {

void write_attributes(const GeneralRegressionModel&, XmlText&) {}
void write_body(const GeneralRegressionModel&, XmlText&) {}

}  // namespace pmml::detail
