// SPDX-License-Identifier: Apache-2.0
// Which columns of a table a model may look at, and which of them look suspicious.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/table.h"
#include "learn/labels.h"

namespace learn {

// The named features, or every column but the target, without the excluded ones, in the order of
// `features` or the table. Refuses names that are not there, a name twice, the target as a feature,
// and no column left. The columns belong to the table.
base::Result<std::vector<const data::Column*>> choose_columns(
    const data::Table& table, const std::string& target, const std::vector<std::string>& features,
    const std::vector<std::string>& exclude);

// What a person should know of columns before anything is learned from them, each kind by the
// columns' names in their order.
struct ColumnNotes {
  std::vector<std::string> decimal_commas;  // Hold numbers with decimal commas, read as texts.
  std::vector<std::string> empty;           // Every learner leaves these out,
  std::vector<std::string> constant;        // and these, which hold one value.
  std::vector<std::string> ids;             // Hold a different whole number in every row.
  std::vector<std::string> sentences;       // One of each kind; of many columns the first few.
};

// Refuses a column of more texts than learners take for categories.
base::Result<ColumnNotes> column_notes(std::span<const data::Column* const> columns);

// A column that tells the target too well on its own to be known beforehand.
struct LeakWarning {
  std::string column;
  double auc = 0;       // Alone.
  double next_auc = 0;  // Of the next best column.
};

// The columns that tell the target by an AUC of 0.75 or more and lead the next best by 0.08 or
// more, and those of 0.98 or more.
std::vector<LeakWarning> find_leaks(std::span<const data::Column* const> columns,
                                    const Labels& labels);

}  // namespace learn
