// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "pmml/document/comparison.h"
#include "pmml/write/text.h"

namespace pmml::detail {

void write_comparison_measure(const ComparisonMeasure& measure, XmlText& xml);
// Into the open element: its attributes, then its Comparisons.
void write_comparison_attributes(const ComparisonField& field, XmlText& xml);
void write_comparison_table(const ComparisonField& field, XmlText& xml);

}  // namespace pmml::detail
