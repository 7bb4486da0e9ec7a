// SPDX-License-Identifier: Apache-2.0
#include "learn/control_group.h"

#include "base/number.h"

namespace learn {

base::Result<ControlGroup> control_group(const data::Table& table, const std::string& words) {
  const std::size_t equals = words.find('=');
  if (table.find(words) == nullptr && equals != std::string::npos) {
    ControlGroup group{words.substr(0, equals), words.substr(equals + 1)};
    TRY(table.index_of(group.column));
    return group;
  }
  TRY_ASSIGN(const std::size_t at, table.index_of(words));
  const data::Column& column = table.columns()[at];
  for (std::size_t row = 0; row < column.size(); ++row) {
    const std::string text = column.text(row);
    if (column.is_missing(row) || text == "0" || text == "1") continue;
    return base::input_error("column '" + words + "' holds '" + text +
                             "', not 1 for controls and 0 for others: say which value the controls "
                             "have, as in --control '" +
                             words + "=VALUE'");
  }
  return ControlGroup{words, "1"};
}

base::Result<std::vector<std::uint8_t>> treated_of(const data::Table& table,
                                                   const ControlGroup& group) {
  TRY_ASSIGN(const std::size_t at, table.index_of(group.column));
  const data::Column& column = table.columns()[at];
  std::vector<std::uint8_t> treated(column.size());
  std::size_t controls = 0;
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (column.is_missing(row)) {
      return base::input_error("column '" + group.column + "' is missing in row " +
                               std::to_string(row + 1) +
                               ": of every row it must say whether it is one of the controls");
    }
    treated[row] = column.text(row) == group.value ? 0 : 1;
    controls += treated[row] == 0 ? 1U : 0U;
  }
  if (controls == 0 || controls == column.size()) {
    return base::input_error((controls == 0 ? "no row holds '" : "all rows hold '") + group.value +
                             "' in column '" + group.column +
                             "': a control group is needed, and customers who were contacted");
  }
  return treated;
}

base::Result<Parted> part_by_control(const data::Table& table, const ControlGroup& group) {
  TRY_ASSIGN(const std::vector<std::uint8_t> treated, treated_of(table, group));
  Parted parted;
  std::vector<std::uint32_t> controls;
  for (std::uint32_t row = 0; row < treated.size(); ++row)
    (treated[row] != 0 ? parted.treated_rows : controls).push_back(row);
  parted.treated = table.take(parted.treated_rows);
  parted.controls = table.take(controls);
  return parted;
}

}  // namespace learn
