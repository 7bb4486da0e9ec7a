// SPDX-License-Identifier: Apache-2.0
#include "study/detail/prepared_rows.h"

#include <algorithm>
#include <utility>

#include "data/split.h"
#include "learn/feature_elimination.h"
#include "learn/smote.h"
#include "study/detail/rows.h"

namespace study::detail {

// The attributes that indicators stand for.
std::vector<std::string> PreparedRows::texts_of(const data::Table& table) const {
  std::vector<std::string> names;
  for (const data::Column* column : columns_of(table, attributes_)) {
    if (!column->numeric() && column->missing() < column->size()) names.push_back(column->name());
  }
  return names;
}

// The same rows by the fewest words, so that they are made once.
Preparation PreparedRows::plainest(Preparation preparation) const {
  using enum Preparation::Smote;
  if (preparation.smote == kNone) preparation.distances = {};
  if (preparation.smote == kPlain) preparation.indicators = true;
  if (!texts_of(train_.table).empty()) return preparation;
  preparation.indicators = false;
  if (preparation.smote == kNominal) preparation.smote = kPlain;
  return preparation;
}

base::Result<PreparedRows::Made> PreparedRows::sampled(double row_share) const {
  TRY_ASSIGN(const data::Split split,
             data::stratified_split(train_.labels.values, {.validation = 0, .test = row_share},
                                    options_.seed));
  Rows rows = take(train_.table, train_.labels, split.test);
  TRY(check_part(rows, "training"));
  return Made{std::move(rows), attributes_};
}

base::Result<PreparedRows::Made> PreparedRows::resampled(const Preparation& preparation) {
  Preparation before = preparation;
  before.smote = Preparation::Smote::kNone;
  before.distances = {};
  TRY_ASSIGN(const Ground::TrainingRows from, rows_of(before));
  TRY_ASSIGN(learn::Resampled rows,
             learn::smote(columns_of(from.rows->table, *from.attributes), from.rows->labels,
                          {.distances = preparation.distances,
                           .seed = options_.seed,
                           .threads = options_.threads}));
  Made result{{std::move(rows.table), std::move(rows.labels)}, *from.attributes};
  if (from.encoding != nullptr) result.encoding = *from.encoding;
  return result;
}

base::Result<PreparedRows::Made> PreparedRows::encoded(const Preparation& preparation) {
  Preparation before = preparation;
  before.indicators = false;
  TRY_ASSIGN(const Ground::TrainingRows from, rows_of(before));
  const Rows& rows = *from.rows;
  const std::vector<std::string> texts = texts_of(rows.table);
  if (texts.empty()) return Made{rows, *from.attributes};  // Of these rows, which may be few.
  TRY_ASSIGN(learn::DerivedFeatures encoding,
             learn::DerivedFeatures::fit(rows.table, rows.labels, {.indicators = texts}));
  TRY_ASSIGN(const data::Table indicators, encoding.training_columns(rows.table, rows.labels));
  std::vector<data::Column> columns;
  for (const data::Column* column : columns_of(rows.table, *from.attributes)) {
    if (std::ranges::find(texts, column->name()) == texts.end()) columns.push_back(*column);
  }
  columns.insert(columns.end(), indicators.columns().begin(), indicators.columns().end());
  Made result{.encoding = std::move(encoding)};
  for (const data::Column& column : columns) result.attributes.push_back(column.name());
  TRY_ASSIGN(result.rows.table, data::Table::of(std::move(columns)));
  result.rows.labels = rows.labels;
  return result;
}

// One step after another: some of the rows, indicators, made-up rows; those of the nominal variant
// before indicators.
base::Result<Ground::TrainingRows> PreparedRows::rows_of(const Preparation& preparation) {
  using enum Preparation::Smote;
  if (preparation == Preparation{})
    return Ground::TrainingRows{.rows = &train_, .attributes = &attributes_};
  auto known = made_.find(preparation);
  if (known == made_.end()) {
    const bool encodes = preparation.indicators && preparation.smote != kPlain;
    TRY_ASSIGN(Made rows, encodes                      ? encoded(preparation)
                          : preparation.smote != kNone ? resampled(preparation)
                                                       : sampled(preparation.row_share));
    known = made_.emplace(preparation, std::move(rows)).first;
  }
  const Made& found = known->second;
  return Ground::TrainingRows{.rows = &found.rows,
                              .attributes = &found.attributes,
                              .encoding = found.encoding ? &*found.encoding : nullptr};
}

base::Result<Ground::TrainingRows> PreparedRows::prepared(const Preparation& preparation) {
  TRY_ASSIGN(Ground::TrainingRows training, rows_of(preparation));
  auto known = prepared_.find(preparation);
  if (known == prepared_.end()) {
    TRY_ASSIGN(learn::Prepared ready,
               learn::Prepared::make(columns_of(training.rows->table, *training.attributes),
                                     {.threads = options_.threads}));
    known = prepared_.emplace(preparation, std::move(ready)).first;
  }
  training.prepared = &known->second;
  return training;
}

base::Result<Ground::TrainingRows> PreparedRows::training_rows(const Preparation& preparation) {
  const std::lock_guard lock(mutex_);
  return prepared(plainest(preparation));
}

base::Result<const std::vector<std::string>*> PreparedRows::ranked_attributes(
    const Preparation& preparation) {
  const std::lock_guard lock(mutex_);
  const Preparation key = plainest(preparation);
  if (const auto known = ranked_.find(key); known != ranked_.end()) return &known->second;
  TRY_ASSIGN(const Ground::TrainingRows training, prepared(key));
  const Rows* rows = training.rows;
  const std::vector<std::string>& names = *training.attributes;
  TRY_ASSIGN(const learn::Elimination elimination,
             learn::eliminate_features(
                 {.columns = columns_of(rows->table, names), .labels = &rows->labels}, {},
                 {.threads = options_.threads}, training.prepared));
  std::vector<std::string> ranked;
  for (const std::size_t column : elimination.order) ranked.push_back(names[column]);
  return &ranked_.emplace(key, std::move(ranked)).first->second;
}

}  // namespace study::detail
