// SPDX-License-Identifier: Apache-2.0
// A target column of two values as labels 0 and 1.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/table.h"

namespace learn {

struct Labels {
  std::string column;
  std::string positive;  // The value that means "accepts", as the column spells it.
  std::string negative;
  bool numeric = false;              // The column holds numbers.
  std::vector<std::uint8_t> values;  // 1 where the row holds the positive value.
  std::int64_t positives = 0;
};

// Without a positive value, that is 1 of {0, 1}, or the affirmative of yes/no, true/false, y/n,
// t/f, sí/no, si/no, s/n, oui/non, ja/nein (any case); any other pair needs it said. Refuses a
// column that is not there (and suggests the nearest name), that is missing in a row, that holds
// one value only, or three or more (and names them).
base::Result<Labels> read_labels(const data::Table& table, const std::string& column,
                                 const std::string& positive = {});

// The labels of further rows by the same two values: one of them may be absent here, a third is
// refused.
base::Result<Labels> read_labels_like(const data::Table& table, const Labels& known);

// The rows that hold any value of that column, in their order. Refuses a column that is not there.
base::Result<data::Table> labelled_rows(data::Table table, const std::string& column);

}  // namespace learn
