// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/chapters.h"

namespace pmml::detail {

void write_attributes(const TimeSeriesModel&, XmlText&) {}
void write_body(const TimeSeriesModel&, XmlText&) {}

}  // namespace pmml::detail
