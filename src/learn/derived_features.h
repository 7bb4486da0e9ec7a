// SPDX-License-Identifier: Apache-2.0
// Columns computed from columns, on request: what a linear model cannot see by itself. Fitted on
// the rows to train on; then the same for every other row, in a table or in a document, which after
// attach() computes them itself and scores rows as they come.
//
//   TRY_ASSIGN(const auto derived, learn::DerivedFeatures::fit(training, labels, options));
//   TRY_ASSIGN(const data::Table extended, derived.extend_training(training, labels));
//   … train on `extended`, evaluate on derived.extend(test) …
//   TRY_ASSIGN(document, derived.attach(std::move(document)));   // scores rows of `test` itself
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/table.h"
#include "learn/detail/derived_column.h"
#include "learn/labels.h"
#include "pmml/document/document.h"

namespace learn {

struct ColumnPair {
  std::string first;
  std::string second;
};

// Which columns, each by the names of those it is computed from.
struct DerivedFeatureOptions {
  // Numbers into texts: bins of about equally many rows. Missing: missing.
  std::vector<std::string> binned = {};
  int bins = 10;  // At most; 2 or more. Equal numbers are in one bin.
  // Numbers times numbers. Missing: missing.
  std::vector<ColumnPair> products = {};
  // Texts with texts, one value for each combination; combinations that are not among the
  // `most_crossed` most frequent ones, or are new, are one value, "(other)". Missing: missing.
  std::vector<ColumnPair> crosses = {};
  std::size_t most_crossed = 200;
  // ln(1 + amount); an amount below 0 counts as 0. Missing: missing.
  std::vector<std::string> logarithms = {};
  // The share of rows with the text; 0 for a new one; a missing one has a share of its own.
  std::vector<std::string> frequencies = {};
  // The rate of positives among rows with the text, drawn towards that of all rows as by
  // `smoothing` more rows (Micci-Barreca 2001): that of all rows for a new text; a missing one has
  // a rate of its own. A row that is trained on gets the rate of the other folds, or its own
  // outcome would be in it.
  std::vector<std::string> target_rates = {};
  double smoothing = 10;   // Rows; above 0.
  int folds = 5;           // At least 2.
  std::uint64_t seed = 1;  // Of the folds.
  // A column for each text that occurs: 1 where it is the row's, otherwise 0; and one for missing
  // texts where some are. So scikit-learn's OneHotEncoder; a new text is 0 in all of them.
  std::vector<std::string> indicators = {};
};

class DerivedFeatures {
 public:
  // The new columns are called "bins of age", "age * balance", "job x city", "log of balance",
  // "frequency of job", "rate of job", "job = clerk", "job is missing". Refuses options out of
  // range, columns that are not there, not of the kind asked for, empty, or the target; amounts
  // below 0; pairs of texts with more than 65,536 combinations; names that are taken; and nothing
  // asked for.
  static base::Result<DerivedFeatures> fit(const data::Table& training, const Labels& labels,
                                           const DerivedFeatureOptions& options);

  // The new columns' names.
  [[nodiscard]] std::vector<std::string> names() const;

  // The columns that a new one is computed from; the name itself where it is of no new one.
  [[nodiscard]] std::vector<std::string> sources_of(const std::string& name) const;

  // The columns of a table, then the new ones. Refuses a table without the columns that they are
  // computed from, texts in the place of numbers, and numbers whose product no double holds.
  [[nodiscard]] base::Result<data::Table> extend(const data::Table& table) const;

  // The same for the very rows of fit(), with rates out of fold.
  [[nodiscard]] base::Result<data::Table> extend_training(const data::Table& training,
                                                          const Labels& labels) const;
  // The new columns of these rows alone.
  [[nodiscard]] base::Result<data::Table> training_columns(const data::Table& training,
                                                           const Labels& labels) const;

  // A document over extended rows as a document over rows as they come: the new columns it uses are
  // no longer inputs but derived fields, and it scores a row as it scored the extended one, bit for
  // bit. Trees that ask for indicators ask for the texts (detail/ask_texts.h). Compiled where it
  // was. Its ModelVerification is dropped: it is of other inputs.
  //
  // Refuses a document that does more with a column concerned than to replace missing values and to
  // count the texts that it does not declare as missing (outliers, other treatments of invalid
  // values), that takes it for another type than a string, a float or a double, and one that
  // replaces a missing value of a column that new ones are computed from, where that cannot be told
  // from the value before (nearest neighbours).
  [[nodiscard]] base::Result<pmml::Document> attach(pmml::Document document) const;

 private:
  DerivedFeatures() = default;

  std::vector<detail::DerivedColumn> columns_;
  std::vector<detail::Vocabulary> vocabularies_;  // Of the texts they are computed from.
  double smoothing_ = 0;
  int folds_ = 0;
  std::uint64_t seed_ = 0;
};

}  // namespace learn
