// SPDX-License-Identifier: Apache-2.0
// Columns of a table as features of the solver, together with what the document has to say so that
// a scorer does the same.
#pragma once
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/table.h"
#include "learn/logistic_regression.h"

namespace learn::detail {

// What one feature of the solver stands for: a numeric column, or the indicator of one value of a
// text column.
struct Meaning {
  std::string column;
  std::optional<std::string> value;
};

// One column that is used.
struct Input {
  std::string column;
  bool numeric = true;
  std::optional<std::string> missing_replacement;  // Where training saw missing values.
};

struct Design {
  std::vector<FeatureValues> features;  // Into the table, or into the storage below.
  std::vector<Meaning> meanings;        // One for each feature.
  std::vector<Input> inputs;            // In the order of the table.
  std::vector<std::string> notes;
  std::deque<std::vector<std::uint8_t>> bytes;
  std::deque<std::vector<double>> doubles;
};

// The columns must outlive the design. Leaves out constant and empty columns, with a note; refuses
// a text column of more than most_categories values.
base::Result<Design> make_design(std::span<const data::Column* const> columns,
                                 std::size_t most_categories);

}  // namespace learn::detail
