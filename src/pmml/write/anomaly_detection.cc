// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/chapters.h"

namespace pmml::detail {

void write_attributes(const AnomalyDetectionModel&, XmlText&) {}
void write_body(const AnomalyDetectionModel&, XmlText&) {}

}  // namespace pmml::detail
