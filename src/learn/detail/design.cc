// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/design.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/number.h"

namespace learn::detail {
namespace {

using data::Column;

bool constant(const Column& column) {
  if (column.missing() > 0) return false;
  const auto same = [](const auto& values) {
    return std::all_of(values.begin(), values.end(),
                       [&](const auto& value) { return value == values.front(); });
  };
  return same(column.bytes()) && same(column.doubles()) && same(column.codes());
}

double mean_of_present(const Column& column) {
  double sum = 0;
  for (std::size_t row = 0; row < column.size(); ++row) {
    const double value = column.number(row);
    if (!std::isnan(value)) sum += value / static_cast<double>(column.size() - column.missing());
  }
  return sum;
}

void add_numeric(const Column& column, Design& design, Input& input) {
  if (column.missing() > 0) {
    const double mean = mean_of_present(column);
    input.missing_replacement = base::format_double(mean);
    std::vector<double>& values = design.doubles.emplace_back(column.numbers());
    for (double& value : values) value = std::isnan(value) ? mean : value;
    design.features.emplace_back(std::span<const double>(values));
  } else if (!column.bytes().empty()) {
    design.features.emplace_back(column.bytes());
  } else {
    design.features.emplace_back(column.doubles());
  }
  design.meanings.push_back({column.name(), std::nullopt});
}

// A name for "missing" that no value of the column has.
std::string missing_name(const Column& column) {
  std::string name = "(missing)";
  const auto categories = column.categories();
  while (std::find(categories.begin(), categories.end(), name) != categories.end())
    name = "(" + name + ")";
  return name;
}

void add_indicators(const Column& column, Design& design, Input& input) {
  std::vector<std::int64_t> rows_of(column.categories().size(), 0);
  for (const std::int32_t code : column.codes()) {
    if (code != data::kMissingCode) ++rows_of[static_cast<std::size_t>(code)];
  }
  const auto add = [&](std::int32_t code, std::string value) {
    std::vector<std::uint8_t>& indicator = design.bytes.emplace_back(column.size());
    std::transform(column.codes().begin(), column.codes().end(), indicator.begin(),
                   [code](std::int32_t c) { return static_cast<std::uint8_t>(c == code ? 1 : 0); });
    design.features.emplace_back(std::span<const std::uint8_t>(indicator));
    design.meanings.push_back({column.name(), std::move(value)});
  };
  for (std::size_t code = 0; code < rows_of.size(); ++code) {
    if (rows_of[code] > 0) add(static_cast<std::int32_t>(code), column.categories()[code]);
  }
  if (column.missing() > 0) {
    input.missing_replacement = missing_name(column);
    add(data::kMissingCode, *input.missing_replacement);
  }
}

bool looks_like_an_id(const Column& column) {
  if (column.type() != data::ColumnType::kInteger || column.doubles().empty() ||
      column.size() < 100)
    return false;
  std::vector<double> values(column.doubles().begin(), column.doubles().end());
  std::sort(values.begin(), values.end());
  return std::adjacent_find(values.begin(), values.end()) == values.end();
}

}  // namespace

base::Result<Design> make_design(std::span<const Column* const> columns,
                                 std::size_t most_categories) {
  Design design;
  std::vector<const Column*> used;
  for (const Column* column : columns) {
    if (column->missing() == column->size()) {
      design.notes.push_back("column '" + column->name() + "' is left out: it is empty");
    } else if (constant(*column)) {
      design.notes.push_back("column '" + column->name() + "' is left out: it holds '" +
                             column->text(0) + "' in every row");
    } else if (column->categories().size() > most_categories) {
      return base::input_error(
          "column '" + column->name() + "' holds " +
          base::format_count(static_cast<std::int64_t>(column->categories().size())) +
          " different texts, more than " + std::to_string(most_categories) +
          " are no categories: leave it out");
    } else {
      used.push_back(column);
    }
    if (column->missing() == 0 && looks_like_an_id(*column)) {
      design.notes.push_back(
          "column '" + column->name() +
          "' holds a different whole number in every row: if it is an id, leave it out");
    }
  }
  for (const Column* column : used) {
    design.inputs.push_back({column->name(), column->numeric(), std::nullopt});
    if (column->numeric()) add_numeric(*column, design, design.inputs.back());
  }
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (!used[i]->numeric()) add_indicators(*used[i], design, design.inputs[i]);
  }
  return design;
}

}  // namespace learn::detail
