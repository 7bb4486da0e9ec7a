// SPDX-License-Identifier: Apache-2.0
#include "study/detail/rows.h"

#include "base/number.h"

namespace study::detail {

Rows take(const data::Table& table, const learn::Labels& labels,
          const std::vector<std::uint32_t>& rows) {
  Rows taken{table.take(rows), labels};
  taken.labels.values.clear();
  taken.labels.positives = 0;
  for (const std::uint32_t row : rows) {
    taken.labels.values.push_back(labels.values[row]);
    taken.labels.positives += labels.values[row];
  }
  return taken;
}

base::Result<void> check_part(const Rows& rows, const std::string& what) {
  const auto all = static_cast<std::int64_t>(rows.labels.values.size());
  if (rows.labels.positives > 0 && rows.labels.positives < all) return {};
  return base::input_error("of the " + base::format_count(all) + " " + what + " rows " +
                           base::format_count(rows.labels.positives) +
                           " are accepted offers: both kinds are needed; give more rows or "
                           "another share");
}

std::vector<const data::Column*> columns_of(const data::Table& table,
                                            const std::vector<std::string>& names) {
  std::vector<const data::Column*> columns;
  for (const std::string& name : names) columns.push_back(table.find(name));
  return columns;
}

}  // namespace study::detail
