// SPDX-License-Identifier: Apache-2.0
#include "study/detail/groups.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "base/number.h"

namespace study::detail {
namespace {

constexpr std::size_t kMostNumberGroups = 12;
constexpr std::size_t kMostTextGroups = 1000;

// Missing values are a group of their own, the last one.
Groups add_missing(Groups groups, const data::Column& column) {
  if (column.missing() == 0) return groups;
  for (std::size_t row = 0; row < groups.of_row.size(); ++row) {
    if (column.is_missing(row))
      groups.of_row[row] = static_cast<std::uint32_t>(groups.names.size());
  }
  groups.names.emplace_back("(missing)");
  return groups;
}

Groups groups_by_value(const data::Column& column) {
  std::map<std::string, std::uint32_t> number;
  Groups groups{std::vector<std::uint32_t>(column.size()), {}};
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (column.is_missing(row)) continue;
    const auto [at, added] =
        number.try_emplace(column.text(row), static_cast<std::uint32_t>(number.size()));
    if (added) groups.names.push_back(at->first);
    groups.of_row[row] = at->second;
  }
  return add_missing(std::move(groups), column);
}

Groups groups_by_quarter(const data::Column& column, const std::vector<double>& sorted) {
  std::vector<double> edges;
  for (std::size_t quarter = 1; quarter < 4; ++quarter) {
    const double edge = sorted[sorted.size() * quarter / 4];
    if (edges.empty() || edge > edges.back()) edges.push_back(edge);
  }
  Groups groups{std::vector<std::uint32_t>(column.size()), {}};
  for (std::size_t i = 0; i <= edges.size(); ++i) {
    const std::string from = i == 0 ? "" : base::format_double(edges[i - 1]) + " < ";
    groups.names.push_back(i == edges.size()
                               ? "> " + base::format_double(edges.back())
                               : from + column.name() + " ≤ " + base::format_double(edges[i]));
  }
  for (std::size_t row = 0; row < column.size(); ++row) {
    const auto at = std::lower_bound(edges.begin(), edges.end(), column.number(row));
    groups.of_row[row] = static_cast<std::uint32_t>(at - edges.begin());
  }
  return add_missing(std::move(groups), column);
}

}  // namespace

base::Result<Groups> groups_of(const data::Table& table, const std::string& name) {
  TRY_ASSIGN(const std::size_t at, table.index_of(name));
  const data::Column& column = table.columns()[at];
  if (!column.numeric()) {
    if (column.categories().size() > kMostTextGroups) {
      return base::input_error(
          "the column '" + column.name() + "' holds " +
          base::format_count(static_cast<std::int64_t>(column.categories().size())) +
          " different texts: too many to be groups");
    }
    return groups_by_value(column);
  }
  std::vector<double> sorted = column.numbers();
  std::erase_if(sorted, [](double value) { return std::isnan(value); });
  std::ranges::sort(sorted);
  std::size_t different = sorted.empty() ? 0 : 1;
  for (std::size_t i = 1; i < sorted.size(); ++i) different += sorted[i] != sorted[i - 1] ? 1 : 0;
  if (different <= kMostNumberGroups) return groups_by_value(column);
  return groups_by_quarter(column, sorted);
}

}  // namespace study::detail
