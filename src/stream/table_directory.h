// SPDX-License-Identifier: Apache-2.0
// A directory of customers from a table: a CSV file, or the training data of the exercise.
#pragma once
#include <memory>

#include "base/result.h"
#include "stream/directory.h"

namespace stream {

// Columns: uuid (or idx), age, man, woman; every other numeric column of 0s and 1s is a product of
// that name; columns named in `ignored` are passed over. A customer without age, man or woman has
// no demographics, and one without any product flag no history. Refuses a table without the four
// columns, with a uuid twice or not whole, an age out of range, or a flag that is neither 0 nor 1,
// naming column and row.
struct TableDirectoryOptions {
  std::vector<std::string> ignored = {"target", "bought", "label", "y"};
};

base::Result<std::unique_ptr<CustomerDirectory>> make_table_directory(
    const data::Table& table, const TableDirectoryOptions& options = {});

}  // namespace stream
