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
#include "learn/detail/standardised.h"
#include "learn/logistic_regression.h"

namespace learn::detail {

// What one feature of the solver stands for: a numeric column, or the indicator of one value of a
// text column.
struct Meaning {
  std::size_t input = 0;  // Its place among the inputs.
  std::string column;
  std::optional<std::string> value;
};

// One column that is used.
struct Input {
  std::string column;
  bool numeric = true;
  std::optional<std::string> missing_replacement;  // Where training saw missing values.
};

// What a person should know of a column.
struct ColumnNote {
  enum class Kind { kEmpty, kConstant, kId };
  std::string column;
  Kind kind = Kind::kEmpty;
  std::string text;
};

struct Design {
  std::vector<FeatureValues> features;  // Into the table, or into the storage below; the indicators
                                        // of one column stand together.
  std::vector<Meaning> meanings;        // One for each feature.
  std::vector<Input> inputs;            // In the order of the table.
  std::vector<ColumnNote> notes;
  std::vector<const data::Column*> columns;  // All that were given, used or not.
  std::vector<Moments> moments;              // Of the features without weights, or empty.
  std::deque<std::vector<double>> doubles;
};

// Those that can tell something; the others get a note, as do columns that look like ids. Refuses a
// text column of more than most_categories values.
base::Result<std::vector<const data::Column*>> usable_columns(
    std::span<const data::Column* const> columns, std::size_t most_categories,
    std::vector<ColumnNote>& notes);

// A name for "missing" that no value of the text column has.
std::string missing_name(const data::Column& column);

// The columns must outlive the design. Leaves out constant and empty columns, with a note; refuses
// a text column of more than most_categories values.
base::Result<Design> make_design(std::span<const data::Column* const> columns,
                                 std::size_t most_categories);

// The part of a design that belongs to some of its columns; it must outlive the part. Refuses a
// column that it was not made of.
base::Result<Design> part_of(const Design& design, std::span<const data::Column* const> columns);

std::vector<std::string> texts_of(std::span<const ColumnNote> notes);

}  // namespace learn::detail
