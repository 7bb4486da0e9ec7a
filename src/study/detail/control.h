// SPDX-License-Identifier: Apache-2.0
// Rows of a control group: customers drawn by lot who were not contacted.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "data/table.h"

namespace study::detail {

struct ControlGroup {
  std::string column;
  std::string value;  // Of the controls, as the column spells it.
};

// "COLUMN", which holds 1 for controls and 0 for others, or "COLUMN=VALUE". Refuses a column that
// is not there, and one that is neither 0 nor 1 where no value is given.
base::Result<ControlGroup> control_group(const data::Table& table, const std::string& words);

struct Parted {
  data::Table treated, controls;
  std::vector<std::uint32_t> treated_rows;  // Where they stood.
};

// Refuses a table without the column, with a missing value in it, or without rows of either kind.
base::Result<Parted> part_by_control(const data::Table& table, const ControlGroup& group);

}  // namespace study::detail
