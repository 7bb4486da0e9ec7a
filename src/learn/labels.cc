// SPDX-License-Identifier: Apache-2.0
#include "learn/labels.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/number.h"

namespace learn {
namespace {

using data::Column;

constexpr std::size_t kMostNamed = 8;  // Distinct values that a message lists.

// The distinct values of the column, in order of appearance, and each row's number among them.
// Stops soon after more have appeared than a message would list.
struct Distinct {
  std::vector<std::string> values;
  std::vector<std::uint8_t> of_row;
};

base::Result<Distinct> distinct_values(const Column& column) {
  if (column.missing() > 0) {
    std::size_t row = 0;
    while (!column.is_missing(row)) ++row;
    return base::input_error(
        "the target '" + column.name() + "' is missing in row " + std::to_string(row + 1) +
        (column.missing() > 1 ? " and " + std::to_string(column.missing() - 1) + " more" : "") +
        ": leave rows without an outcome out, as --drop-unlabelled does");
  }
  Distinct distinct;
  distinct.of_row.resize(column.size());
  std::map<double, std::size_t> number_of;
  for (std::size_t row = 0; row < column.size() && distinct.values.size() <= kMostNamed; ++row) {
    const double key = column.numeric() ? column.number(row) : column.codes()[row];
    const auto [at, added] = number_of.try_emplace(key, distinct.values.size());
    if (added) distinct.values.push_back(column.text(row));
    distinct.of_row[row] = static_cast<std::uint8_t>(at->second);
  }
  return distinct;
}

std::string listed(const std::vector<std::string>& values) {
  std::string text;
  for (std::size_t i = 0; i < std::min(values.size(), kMostNamed); ++i)
    text += (i == 0 ? "'" : ", '") + values[i] + "'";
  return text + (values.size() > kMostNamed ? ", …" : "");
}

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

base::Result<std::size_t> choose_positive(const Column& column,
                                          const std::vector<std::string>& values,
                                          const std::string& wanted) {
  if (!wanted.empty()) {
    for (std::size_t i = 0; i < 2; ++i) {
      const auto number = base::parse_double(wanted);
      const bool same_number =
          column.numeric() && number && *number == base::parse_double(values[i]);
      if (values[i] == wanted || same_number) return i;
    }
    return base::input_error("the target '" + column.name() + "' does not hold '" + wanted +
                             "': it holds " + listed(values));
  }
  constexpr std::array<std::pair<const char*, const char*>, 11> kAffirmative = {
      {{"1", "0"},
       {"yes", "no"},
       {"true", "false"},
       {"y", "n"},
       {"t", "f"},
       {"sí", "no"},
       {"sÍ", "no"},  // lower() knows the letters of ASCII.
       {"si", "no"},
       {"s", "n"},
       {"oui", "non"},
       {"ja", "nein"}}};
  for (std::size_t i = 0; i < 2; ++i) {
    for (const auto& [positive, negative] : kAffirmative) {
      if (lower(values[i]) == positive && lower(values[1 - i]) == negative) return i;
    }
  }
  return base::input_error(
      "the target '" + column.name() + "' holds " + listed(values) +
      ": say which of them means that the offer is accepted (the positive value, --positive)");
}

}  // namespace

base::Result<Labels> read_labels(const data::Table& table, const std::string& name,
                                 const std::string& positive) {
  TRY_ASSIGN(const std::size_t at, table.index_of(name));
  const Column& column = table.columns()[at];
  TRY_ASSIGN(const Distinct distinct, distinct_values(column));
  if (distinct.values.size() < 2) {
    return base::input_error(
        "the target '" + name + "' is constant: " +
        (distinct.values.empty() ? "there are no rows" : "it holds " + listed(distinct.values)) +
        ", there is nothing to learn");
  }
  if (distinct.values.size() > 2) {
    return base::input_error("the target '" + name + "' holds " +
                             (distinct.values.size() > kMostNamed
                                  ? "more than " + std::to_string(kMostNamed)
                                  : std::to_string(distinct.values.size())) +
                             " values: " + listed(distinct.values) + "; it must hold two");
  }
  TRY_ASSIGN(const std::size_t chosen, choose_positive(column, distinct.values, positive));
  Labels labels{.column = name,
                .positive = distinct.values[chosen],
                .negative = distinct.values[1 - chosen],
                .numeric = column.numeric(),
                .values = {},
                .positives = 0};
  labels.values.resize(column.size());
  for (std::size_t row = 0; row < column.size(); ++row) {
    labels.values[row] = distinct.of_row[row] == chosen ? 1 : 0;
    labels.positives += labels.values[row];
  }
  return labels;
}

base::Result<Labels> read_labels_like(const data::Table& table, const Labels& known) {
  TRY_ASSIGN(const std::size_t at, table.index_of(known.column));
  const Column& column = table.columns()[at];
  TRY_ASSIGN(const Distinct distinct, distinct_values(column));
  std::vector<std::uint8_t> label(distinct.values.size());
  for (std::size_t i = 0; i < label.size(); ++i) {
    if (distinct.values[i] != known.positive && distinct.values[i] != known.negative) {
      return base::input_error("the target '" + known.column + "' holds '" + distinct.values[i] +
                               "': expected '" + known.positive + "' or '" + known.negative + "'");
    }
    label[i] = distinct.values[i] == known.positive ? 1 : 0;
  }
  Labels labels = known;
  labels.values.resize(column.size());
  labels.positives = 0;
  for (std::size_t row = 0; row < column.size(); ++row) {
    labels.values[row] = label[distinct.of_row[row]];
    labels.positives += labels.values[row];
  }
  return labels;
}

base::Result<data::Table> labelled_rows(data::Table table, const std::string& column) {
  TRY_ASSIGN(const std::size_t at, table.index_of(column));
  const Column& target = table.columns()[at];
  if (target.missing() == 0) return table;
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < table.rows(); ++row) {
    if (!target.is_missing(row)) rows.push_back(row);
  }
  return table.take(rows);
}

}  // namespace learn
