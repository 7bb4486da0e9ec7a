// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/chapters.h"

namespace pmml::detail {

void write_attributes(const NaiveBayesModel&, XmlText&) {}
void write_body(const NaiveBayesModel&, XmlText&) {}

}  // namespace pmml::detail
