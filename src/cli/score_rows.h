// SPDX-License-Identifier: Apache-2.0
// A model bound to the columns of a delimited text, and rows of that text scored by it: what
// `score`, `model check` and `model diff` share, and the one place that calls the scorer.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "data/csv_stream.h"
#include "pmml/document/document.h"
#include "pmml/score/scorer.h"

namespace CLI {
class App;
}

namespace cli {

struct ModelFile {
  std::string path;
  std::string digest;  // SHA-256 of the file's bytes, hexadecimal.
  std::size_t bytes = 0;
  pmml::Document document;
  pmml::Scorer scorer;
};

// Read, checked, its verification records reproduced. Every refusal names the path.
base::Result<ModelFile> load_model(const std::string& path);
base::Result<ModelFile> load_model(const std::string& path, std::string_view text);

struct BindOptions {
  std::vector<std::string> missing = {"NA",
                                      "N/A"};  // Cells, beside the empty one, that say nothing.
  bool allow_missing_columns = false;  // A lacking input is missing in every row, not an error.
};

// --missing and --allow-missing-columns, for every command that scores rows.
void add_bind_options(CLI::App& command, BindOptions& options);

// Immutable, shared by all threads. The model outlives it.
class BoundModel {
 public:
  // Refuses a text that lacks an input of the model, naming each and the nearest column there is.
  static base::Result<BoundModel> bind(const ModelFile& model, std::span<const std::string> columns,
                                       const BindOptions& options);

  [[nodiscard]] const pmml::Scorer& scorer() const { return model_->scorer; }
  // The results of a row: the outputs of the model; where it has none, the prediction, followed
  // for a classification by the probability of each category.
  [[nodiscard]] std::span<const std::string> result_names() const { return result_names_; }
  [[nodiscard]] std::optional<std::size_t> result(std::string_view name) const;
  [[nodiscard]] bool has_outputs() const { return !scorer().outputs().empty(); }
  // Inputs without a column (allow_missing_columns), and columns that are no input.
  [[nodiscard]] std::span<const std::string> lacking() const { return lacking_; }
  [[nodiscard]] std::span<const std::string> unused() const { return unused_; }
  [[nodiscard]] std::size_t columns() const { return columns_.size(); }

 private:
  friend class RowScorer;
  explicit BoundModel(const ModelFile& model) : model_(&model) {}
  [[nodiscard]] bool is_missing(std::string_view text) const;

  const ModelFile* model_;
  BindOptions options_;
  std::vector<std::string> columns_;
  std::vector<std::optional<std::size_t>> column_of_;  // Of each input.
  std::vector<std::string> result_names_, lacking_, unused_;
};

// One per thread. The bound model outlives it. Rows are scored one by one,
//
//   const pmml::Prediction& prediction = scorer.score(cells);
//
// or, many times faster, collected and scored together:
//
//   for (const auto& cells : rows) scorer.collect(cells);
//   scorer.score_collected();
//   for (std::size_t r = 0; r < rows.size(); ++r) use(scorer.select(r));
//   scorer.forget_rows();
class RowScorer {
 public:
  explicit RowScorer(const BoundModel& model);

  // A row whose number of cells is not that of the columns is refused as well. Valid until the
  // next call.
  const pmml::Prediction& score(std::span<const data::CsvCell> cells);

  // The same for rows together. Rows are selected in their order, as a model may look back on them.
  void collect(std::span<const data::CsvCell> cells);
  void score_collected();
  const pmml::Prediction& select(std::size_t row);
  void forget_rows();

  // Of the row scored or selected last: a result as text, empty where there is none; as a number,
  // NaN for a text and where there is none.
  [[nodiscard]] std::string result(std::size_t index) const;
  [[nodiscard]] double number(std::size_t index) const;
  // The prediction itself, whether or not an output of the model shows it.
  [[nodiscard]] std::string prediction() const;

  // Why the row scored or selected last, of these cells, was refused, for people: "column 'age'
  // holds 'abc'".
  [[nodiscard]] std::string refusal(std::span<const data::CsvCell> cells) const;

  // Gives back the memory of texts that the model does not list; the last result is gone then.
  void forget_texts();

 private:
  void encode_row(std::span<const data::CsvCell> cells);
  [[nodiscard]] double encode(std::size_t input, const data::CsvCell& cell);
  const pmml::Prediction& score_row();
  [[nodiscard]] const std::string* category() const;

  const BoundModel& model_;
  const pmml::Scorer& scorer_;
  pmml::Workspace workspace_;
  std::vector<double> row_;
  // Of the rows collected: whether it has the right number of cells, its cells by input, and its
  // figures as `wanted_` lists them; the first tells the prediction.
  std::vector<bool> whole_;
  std::vector<std::vector<double>> columns_;
  std::vector<pmml::Wanted> wanted_;
  std::vector<std::vector<double>> figures_;
  std::vector<double> results_;  // Of the row selected: the figures behind the first.
  std::string storage_;
  pmml::Prediction last_;
  bool ragged_ = false;
  bool keeps_texts_ = false;
};

// "a, b, c and 4 more".
std::string list_some(std::span<const std::string> names);

}  // namespace cli
