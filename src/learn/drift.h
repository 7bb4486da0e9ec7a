// SPDX-License-Identifier: Apache-2.0
// Do the rows change with their order? Offers in the order of a file are often in the order of
// time, and what was true of the first need not be true of the last: a model that is tested on rows
// drawn by lot then looks better than it will be tomorrow (data::ordered_split tests it honestly).
//
// The first part of the rows is compared with the last:
//   numeric columns by the largest distance between their distribution functions (Kolmogorov &
//   Smirnov; a missing value stands below every number), its chance by the limit distribution,
//   which errs on the side of silence where values are tied; text columns by half the sum of the
//   differences of their shares (a missing value is a value of its own), its chance by Pearson's
//   chi-squared test of homogeneity, values that are expected fewer than five times in either part
//   taken together; the rate of positives by the difference of the rates, its chance by the z-test
//   of two shares.
// Chances are corrected for the number of comparisons (Holm 1979): on rows in random order the
// probability of any warning at all is at most alpha, however many columns there are.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/column.h"
#include "learn/labels.h"

namespace learn {

struct DriftOptions {
  double part = 1.0 / 3;  // Of the rows, at each end; in (0, 0.5]. A third sees a slow trend best.
  double alpha = 0.01;    // The probability of a warning about rows in random order; in (0, 1).
  // Distances below are no warning, however certain: with a million rows everything is certain. In
  // [0, 1). For the target: the difference of the rates as a share of the rate of all rows.
  double least_distance = 0.05;
  double least_rate_change = 0.1;
};

struct ColumnDrift {
  std::string column;
  double distance = 0;  // In [0, 1].
  // Population stability index, Σ (q − p) ln(q / p) over the values of a text column or the tenths
  // of the first part of a numeric one; shares of 0 count as half a row. People call 0.1 a shift
  // and 0.25 a large one; it grows with few rows, which is why it decides nothing here.
  double stability_index = 0;
  double chance = 1;  // Corrected for the number of comparisons.
  bool warns = false;
};

struct TargetDrift {
  double first_rate = 0;  // Of positives.
  double last_rate = 0;
  double z = 0;
  double chance = 1;  // Corrected.
  bool warns = false;
};

struct Drift {
  std::vector<ColumnDrift> columns;  // The most distant first.
  TargetDrift target;
  std::size_t part_rows = 0;  // In each of both parts.
  [[nodiscard]] bool warns() const;
};

// In the order of the rows as they stand. Refuses options out of range, columns and labels of
// different lengths, and parts of fewer than 20 rows.
base::Result<Drift> find_drift(std::span<const data::Column* const> columns, const Labels& labels,
                               const DriftOptions& options = {});

// One sentence for a person about each thing that drifts; empty where nothing does.
std::vector<std::string> drift_warnings(const Drift& drift, const Labels& labels);

}  // namespace learn
