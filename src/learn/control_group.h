// SPDX-License-Identifier: Apache-2.0
// Rows of a control group: customers drawn by lot who were not contacted.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/table.h"

namespace learn {

struct ControlGroup {
  std::string column;
  std::string value;  // Of the controls, as the column spells it.
};

// "COLUMN", which holds 1 for controls and 0 for others, or "COLUMN=VALUE". Refuses a column that
// is not there, and one that is neither 0 nor 1 where no value is given.
base::Result<ControlGroup> control_group(const data::Table& table, const std::string& words);

// Of each row 1 where it was contacted, 0 for a control. Refuses a table without the column, with a
// missing value in it, or without rows of either kind.
base::Result<std::vector<std::uint8_t>> treated_of(const data::Table& table,
                                                   const ControlGroup& group);

struct Parted {
  data::Table treated, controls;
  std::vector<std::uint32_t> treated_rows;  // Where they stood.
};

// The same as tables; the same refusals.
base::Result<Parted> part_by_control(const data::Table& table, const ControlGroup& group);

}  // namespace learn
