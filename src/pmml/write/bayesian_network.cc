// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/chapters.h"

namespace pmml::detail {

void write_attributes(const BayesianNetworkModel&, XmlText&) {}
void write_body(const BayesianNetworkModel&, XmlText&) {}

}  // namespace pmml::detail
