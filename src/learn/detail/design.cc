// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/design.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
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

void add_numeric(const Column& column, std::size_t at, Design& design) {
  Input& input = design.inputs[at];
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
  design.meanings.push_back({at, column.name(), std::nullopt});
}

void add_indicators(const Column& column, std::size_t at, Design& design) {
  Input& input = design.inputs[at];
  std::vector<std::int64_t> rows_of(column.categories().size(), 0);
  for (const std::int32_t code : column.codes()) {
    if (code != data::kMissingCode) ++rows_of[static_cast<std::size_t>(code)];
  }
  const auto add = [&](std::int32_t code, std::string value) {
    design.features.emplace_back(Indicator{column.codes(), code});
    design.meanings.push_back({at, column.name(), std::move(value)});
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

std::string missing_name(const Column& column) {
  std::string name = "(missing)";
  const auto categories = column.categories();
  while (std::find(categories.begin(), categories.end(), name) != categories.end())
    name.insert(0, 1, '(').push_back(')');
  return name;
}

base::Result<std::vector<const Column*>> usable_columns(std::span<const Column* const> columns,
                                                        std::size_t most_categories,
                                                        std::vector<ColumnNote>& notes) {
  using Kind = ColumnNote::Kind;
  const auto note = [&notes](const Column& column, Kind kind, const std::string& text) {
    notes.push_back({column.name(), kind, "column '" + column.name() + "' " + text});
  };
  std::vector<const Column*> used;
  for (const Column* column : columns) {
    if (column->missing() == column->size()) {
      note(*column, Kind::kEmpty, "is left out: it is empty");
    } else if (constant(*column)) {
      note(*column, Kind::kConstant,
           "is left out: it holds '" + column->text(0) + "' in every row");
    } else if (column->categories().size() > most_categories) {
      return base::input_error(
          "column '" + column->name() + "' holds " +
          base::format_count(static_cast<std::int64_t>(column->categories().size())) +
          " different texts, more than " + std::to_string(most_categories) +
          " are no categories: leave it out with --exclude");
    } else {
      used.push_back(column);
    }
    if (column->missing() == 0 && looks_like_an_id(*column))
      note(*column, Kind::kId,
           "holds a different whole number in every row: if it is an id, leave it out");
  }
  return used;
}

base::Result<Design> make_design(std::span<const Column* const> columns,
                                 std::size_t most_categories) {
  Design design;
  design.columns.assign(columns.begin(), columns.end());
  TRY_ASSIGN(const std::vector<const Column*> used,
             usable_columns(columns, most_categories, design.notes));
  for (std::size_t i = 0; i < used.size(); ++i) {
    design.inputs.push_back({used[i]->name(), used[i]->numeric(), std::nullopt});
    if (used[i]->numeric()) add_numeric(*used[i], i, design);
  }
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (!used[i]->numeric()) add_indicators(*used[i], i, design);
  }
  return design;
}

base::Result<Design> part_of(const Design& design, std::span<const Column* const> columns) {
  Design part;
  part.columns.assign(columns.begin(), columns.end());
  std::unordered_map<std::string, std::size_t> input_of;
  for (std::size_t i = 0; i < design.inputs.size(); ++i)
    input_of.emplace(design.inputs[i].column, i);
  std::vector<std::optional<std::size_t>> place(design.inputs.size());  // In the part.
  for (const Column* column : columns) {
    if (std::find(design.columns.begin(), design.columns.end(), column) == design.columns.end())
      return base::input_error("column '" + column->name() + "' is not one of those prepared");
    for (const ColumnNote& note : design.notes) {
      if (note.column == column->name()) part.notes.push_back(note);
    }
    const auto found = input_of.find(column->name());
    if (found == input_of.end()) continue;
    place[found->second] = part.inputs.size();
    part.inputs.push_back(design.inputs[found->second]);
  }
  for (std::size_t j = 0; j < design.features.size(); ++j) {
    const auto& at = place[design.meanings[j].input];
    if (!at) continue;
    part.features.push_back(design.features[j]);
    part.meanings.push_back({*at, design.meanings[j].column, design.meanings[j].value});
    if (!design.moments.empty()) part.moments.push_back(design.moments[j]);
  }
  return part;
}

std::vector<std::string> texts_of(std::span<const ColumnNote> notes) {
  std::vector<std::string> texts;
  for (const ColumnNote& note : notes) texts.push_back(note.text);
  return texts;
}

}  // namespace learn::detail
