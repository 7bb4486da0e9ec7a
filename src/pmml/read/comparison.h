// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "pmml/document/comparison.h"
#include "pmml/read/element.h"

namespace pmml::detail {

ComparisonMeasure read_comparison_measure(const Element& element);

// A KNNInput, or what a ClusteringField has beside its isCenterField; its own attributes must have
// been checked.
ComparisonField read_comparison_field(const Element& element);

}  // namespace pmml::detail
