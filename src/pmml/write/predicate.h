// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "pmml/document/predicate.h"
#include "pmml/write/text.h"

namespace pmml::detail {

void write_predicate(const Predicate& predicate, XmlText& xml);

}  // namespace pmml::detail
