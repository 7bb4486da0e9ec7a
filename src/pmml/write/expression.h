// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "pmml/document/expression.h"
#include "pmml/write/text.h"

namespace pmml::detail {

void write_expression(const Expression& expression, XmlText& xml);
void write_interval(const Interval& interval, XmlText& xml);

}  // namespace pmml::detail
