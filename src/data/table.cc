// SPDX-License-Identifier: Apache-2.0
#include "data/table.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace data {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

// Edit distance that counts a swap of neighbours as one edit (Damerau 1964, restricted form).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before, previous(b.size() + 1), current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], before[j - 2] + 1);
      }
    }
    before = previous;
    std::swap(previous, current);
  }
  return previous[b.size()];
}

// A key cell as 64 bits: numbers of both tables compare as numbers, texts by a dictionary shared by
// both.
class KeyReader {
 public:
  explicit KeyReader(const Column& left) {
    for (const std::string& category : left.categories())
      code_of_.emplace(category, code_of_.size());
  }
  // Nothing for a missing cell, or for a text that the left column does not hold.
  [[nodiscard]] std::optional<std::uint64_t> key(const Column& column, std::size_t row) const {
    if (column.is_missing(row)) return std::nullopt;
    if (column.numeric()) return std::bit_cast<std::uint64_t>(column.number(row) + 0.0);
    const auto at =
        code_of_.find(column.categories()[static_cast<std::size_t>(column.codes()[row])]);
    if (at == code_of_.end()) return std::nullopt;
    return at->second;
  }

 private:
  std::unordered_map<std::string_view, std::uint64_t> code_of_;
};

std::string row_text(std::size_t row) { return "row " + std::to_string(row + 1); }

}  // namespace

std::string suggestion(std::string_view wrong, std::span<const std::string> names) {
  const std::string* best = nullptr;
  std::size_t best_distance = wrong.size() / 3 + 1;
  if (wrong.size() > 200) return {};
  for (const std::string& name : names) {
    if (name.size() > 300) continue;
    const std::size_t distance = edit_distance(lower(wrong), lower(name));
    if (distance < best_distance) {
      best_distance = distance;
      best = &name;
    }
  }
  return best == nullptr ? std::string{} : ", did you mean '" + *best + "'?";
}

base::Result<Table> Table::of(std::vector<Column> columns) {
  std::unordered_set<std::string_view> names;
  for (const Column& column : columns) {
    if (!names.insert(column.name()).second) {
      return base::input_error("two columns are named '" + column.name() + "': names must differ");
    }
    if (column.size() != columns.front().size()) {
      return base::input_error("column '" + column.name() + "' has " +
                               std::to_string(column.size()) + " rows, '" + columns.front().name() +
                               "' has " + std::to_string(columns.front().size()));
    }
  }
  Table table;
  table.columns_ = std::move(columns);
  return table;
}

const Column* Table::find(std::string_view name) const& {
  const auto at = std::find_if(columns_.begin(), columns_.end(),
                               [&](const Column& c) { return c.name() == name; });
  return at == columns_.end() ? nullptr : &*at;
}

base::Result<std::size_t> Table::index_of(std::string_view name) const {
  if (const Column* column = find(name)) return static_cast<std::size_t>(column - columns_.data());
  std::vector<std::string> names;
  for (const Column& column : columns_) names.push_back(column.name());
  std::string hint = suggestion(name, names);
  if (hint.empty() && !names.empty()) {
    hint = ": the columns are";
    const std::size_t shown = std::min<std::size_t>(names.size(), 8);
    for (std::size_t i = 0; i < shown; ++i) hint += (i == 0 ? " '" : ", '") + names[i] + "'";
    if (shown < names.size()) hint += ", and " + std::to_string(names.size() - shown) + " more";
  }
  return base::input_error("there is no column '" + std::string(name) + "'" + hint);
}

Table Table::take(std::span<const std::uint32_t> rows) const {
  Table table;
  table.columns_.reserve(columns_.size());
  for (const Column& column : columns_) table.columns_.push_back(column.take(rows));
  return table;
}

base::Result<Table> join(const Table& left, const Table& right, std::string_view key) {
  TRY_ASSIGN(const std::size_t left_at, left.index_of(key));
  const base::Result<std::size_t> right_at = right.index_of(key);
  if (!right_at) return base::input_error("in the table to be joined " + right_at.error().message);
  const Column& left_key = left.columns()[left_at];
  const Column& right_key = right.columns()[*right_at];
  if (left_key.numeric() != right_key.numeric()) {
    return base::input_error("column '" + std::string(key) + "' holds " +
                             (left_key.numeric() ? "numbers" : "text") + " in one table and " +
                             (right_key.numeric() ? "numbers" : "text") + " in the other");
  }
  const KeyReader reader(left_key);
  std::unordered_map<std::uint64_t, std::uint32_t> partner;
  partner.reserve(right.rows());
  for (std::size_t row = 0; row < right.rows(); ++row) {
    if (right_key.is_missing(row)) {
      return base::input_error("the key '" + std::string(key) + "' is missing in " + row_text(row) +
                               " of the table to be joined");
    }
    const auto value = reader.key(right_key, row);
    if (value && !partner.emplace(*value, static_cast<std::uint32_t>(row)).second) {
      return base::input_error("the key '" + std::string(key) + "' holds '" + right_key.text(row) +
                               "' a second time in " + row_text(row) +
                               " of the table to be joined: each row must have one partner");
    }
  }
  std::vector<std::uint32_t> order(left.rows());
  for (std::size_t row = 0; row < left.rows(); ++row) {
    const auto value = reader.key(left_key, row);
    if (!value)
      return base::input_error("the key '" + std::string(key) + "' is missing in " + row_text(row));
    const auto at = partner.find(*value);
    if (at == partner.end()) {
      return base::input_error("'" + std::string(key) + "' " + left_key.text(row) + " of " +
                               row_text(row) + " is not in the table to be joined");
    }
    order[row] = at->second;
  }
  std::vector<Column> columns(left.columns().begin(), left.columns().end());
  for (const Column& column : right.columns()) {
    if (column.name() != key) columns.push_back(column.take(order));
  }
  return Table::of(std::move(columns));
}

}  // namespace data
