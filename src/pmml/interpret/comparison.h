// SPDX-License-Identifier: Apache-2.0
// Distances and similarities of records (PMML 4.4 «ClusteringModel», ComparisonMeasure).
#pragma once
#include <span>

#include "pmml/document/comparison.h"
#include "pmml/document/types.h"

namespace pmml {

// A record as one number per field: its value, or for kTable the place of its value among those
// of the field, from 0. NaN: missing.
using Coordinates = std::span<const double>;

// What missing coordinates take away is made up for by AdjustM = sum of all weights / sum of the
// weights of the coordinates that are there. `weights` empty: all 1. NaN where none is there.
double adjustment(Coordinates record, std::span<const double> weights, MathContext math);

// The figure for a record, which may lack coordinates, and a reference, which lacks none. NaN where
// it is not defined: 0/0, and measures of 0 and 1 for a record that lacks a coordinate or has
// another value.
double affinity(const ComparisonMeasure& measure, std::span<const ComparisonField> fields,
                Coordinates record, Coordinates reference, double adjustment, MathContext math);

}  // namespace pmml
