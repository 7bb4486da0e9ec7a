// SPDX-License-Identifier: Apache-2.0
#include "learn/columns.h"

#include <algorithm>

#include "base/number.h"
#include "learn/detail/design.h"
#include "learn/detail/leak.h"
#include "learn/training_set.h"

namespace learn {
namespace {

// A column is suspected when it tells the target this well, and this much better than the next.
constexpr double kSuspiciousAuc = 0.75;
constexpr double kSuspiciousLead = 0.08;
constexpr double kCertainAuc = 0.98;

bool holds_decimal_commas(const data::Column& column) {
  return !column.categories().empty() &&
         std::ranges::all_of(column.categories(), [](std::string text) {
           const std::size_t comma = text.find(',');
           if (comma != std::string::npos) text[comma] = '.';
           return base::parse_double(text).has_value();
         });
}

// "column 'a'", "columns 'a', 'b' and 'c'", "columns 'a', 'b', 'c' and 12 more".
std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t kMostNamed = 3;
  const std::size_t named = std::min(names.size(), kMostNamed);
  std::string text = names.size() == 1 ? "column " : "columns ";
  for (std::size_t i = 0; i < named; ++i) {
    const bool last = i > 0 && i + 1 == names.size();
    text += (i == 0 ? "'" : last ? " and '" : ", '") + names[i] + "'";
  }
  if (names.size() == named) return text;
  return text + " and " + base::format_count(static_cast<std::int64_t>(names.size() - named)) +
         " more";
}

}  // namespace

base::Result<std::vector<const data::Column*>> choose_columns(
    const data::Table& table, const std::string& target, const std::vector<std::string>& features,
    const std::vector<std::string>& exclude) {
  std::vector<const data::Column*> chosen;
  for (const std::string& name : exclude) TRY(table.index_of(name));
  const auto excluded = [&](const std::string& name) {
    return std::find(exclude.begin(), exclude.end(), name) != exclude.end();
  };
  for (const std::string& name : features) {
    TRY_ASSIGN(const std::size_t at, table.index_of(name));
    if (name == target) return base::input_error("the target '" + name + "' cannot be a feature");
    if (std::count(features.begin(), features.end(), name) > 1) {
      return base::input_error("the feature '" + name + "' is named twice");
    }
    if (!excluded(name)) chosen.push_back(&table.columns()[at]);
  }
  if (features.empty()) {
    for (const data::Column& column : table.columns()) {
      if (column.name() != target && !excluded(column.name())) chosen.push_back(&column);
    }
  }
  if (chosen.empty()) return base::input_error("no column is left as a feature");
  return chosen;
}

base::Result<ColumnNotes> column_notes(std::span<const data::Column* const> columns) {
  ColumnNotes notes;
  for (const data::Column* column : columns) {
    if (holds_decimal_commas(*column)) notes.decimal_commas.push_back(column->name());
  }
  std::vector<detail::ColumnNote> others;
  TRY(detail::usable_columns(columns, LearnerSettings{}.most_categories, others));
  std::string lone_constant;  // Its text says which value.
  for (const detail::ColumnNote& note : others) {
    switch (note.kind) {
      case detail::ColumnNote::Kind::kEmpty:
        notes.empty.push_back(note.column);
        break;
      case detail::ColumnNote::Kind::kConstant:
        notes.constant.push_back(note.column);
        lone_constant = note.text;
        break;
      case detail::ColumnNote::Kind::kId:
        notes.ids.push_back(note.column);
        break;
    }
  }
  const auto say = [&](const std::vector<std::string>& names, const std::string& of_one,
                       const std::string& of_many) {
    if (!names.empty())
      notes.sentences.push_back(listed(names) + " " + (names.size() == 1 ? of_one : of_many));
  };
  say(notes.decimal_commas, "holds numbers with decimal commas and is read as texts: write points",
      "hold numbers with decimal commas and are read as texts: write points");
  say(notes.empty, "is left out: it is empty", "are left out: they are empty");
  if (notes.constant.size() == 1) {
    notes.sentences.push_back(lone_constant);
  } else {
    say(notes.constant, "", "are left out: each holds one value in every row");
  }
  say(notes.ids, "holds a different whole number in every row: if it is an id, leave it out",
      "hold a different whole number in every row: if they are ids, leave them out");
  return notes;
}

std::vector<LeakWarning> find_leaks(std::span<const data::Column* const> columns,
                                    const Labels& labels) {
  const std::vector<detail::LoneColumn> ranked = detail::rank_lone_columns(columns, labels.values);
  std::vector<LeakWarning> leaks;
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    const double next = i + 1 < ranked.size() ? ranked[i + 1].auc : 0.5;
    const bool leads =
        i == 0 && ranked[i].auc >= kSuspiciousAuc && ranked[i].auc - next >= kSuspiciousLead;
    if (leads || ranked[i].auc >= kCertainAuc)
      leaks.push_back({ranked[i].column, ranked[i].auc, next});
  }
  return leaks;
}

}  // namespace learn
