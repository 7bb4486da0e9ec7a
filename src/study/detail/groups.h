// SPDX-License-Identifier: Apache-2.0
// The rows of a table by the values of a column.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/table.h"

namespace study::detail {

struct Groups {
  std::vector<std::uint32_t> of_row;
  std::vector<std::string> names;
};

// By value; a number column of more than twelve different values by its quarters. Missing values
// are a group of their own. Refuses a column that is not there, and one of more than 1,000 texts.
base::Result<Groups> groups_of(const data::Table& table, const std::string& name);

}  // namespace study::detail
