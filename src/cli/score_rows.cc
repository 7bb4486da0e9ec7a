// SPDX-License-Identifier: Apache-2.0
#include "cli/score_rows.h"

#include <openssl/evp.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/file.h"
#include "base/number.h"
#include "data/table.h"
#include "pmml/read/read.h"

namespace cli {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::string_view without_blanks(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  CHECK(EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    text += kDigits[digest[i] >> 4];
    text += kDigits[digest[i] & 15];
  }
  return text;
}

std::string shortened(std::string_view text) {
  constexpr std::size_t kShown = 40;
  return "'" + std::string(text.substr(0, kShown)) + (text.size() > kShown ? "…'" : "'");
}

// Whether the field's values and intervals, as far as they can be told without its type, take it.
bool outside_intervals(const pmml::DataField& field, double value) {
  return !field.intervals.empty() &&
         std::ranges::none_of(field.intervals, [&](const pmml::Interval& interval) {
           return pmml::contains(interval, value);
         });
}

}  // namespace

void add_bind_options(CLI::App& command, BindOptions& options) {
  command
      .add_option("--missing", options.missing,
                  "What else than an empty cell says that a value is missing (default: NA,N/A)")
      ->delimiter(',');
  command.add_flag("--allow-missing-columns", options.allow_missing_columns,
                   "Take inputs of the model that have no column as missing in every row");
}

base::Result<ModelFile> load_model(const std::string& path) {
  TRY_ASSIGN(const std::string text, base::read_file(path));
  return load_model(path, text);
}

base::Result<ModelFile> load_model(const std::string& path, std::string_view text) {
  const std::string source = path == "-" ? "standard input" : path;
  base::Result<pmml::Document> document = pmml::read(text);
  if (!document) {
    return base::Error{document.error().kind, source + ": " + document.error().message};
  }
  base::Result<pmml::Scorer> scorer = pmml::Scorer::compile(*document);
  if (!scorer) return base::Error{scorer.error().kind, source + ": " + scorer.error().message};
  return ModelFile{.path = source,
                   .digest = sha256(text),
                   .bytes = text.size(),
                   .document = *std::move(document),
                   .scorer = *std::move(scorer)};
}

std::string list_some(std::span<const std::string> names) {
  constexpr std::size_t kMostShown = 8;
  std::string text;
  for (const std::string& name : names.first(std::min(names.size(), kMostShown))) {
    text += (text.empty() ? "'" : ", '") + name + "'";
  }
  if (names.size() > kMostShown) {
    text += " and " + std::to_string(names.size() - kMostShown) + " more";
  }
  return text;
}

base::Result<BoundModel> BoundModel::bind(const ModelFile& model,
                                          std::span<const std::string> columns,
                                          const BindOptions& options) {
  BoundModel bound(model);
  bound.options_ = options;
  bound.columns_.assign(columns.begin(), columns.end());
  std::vector<bool> used(columns.size());
  for (const pmml::InputField& input : model.scorer.inputs()) {
    const auto found = std::ranges::find(columns, input.name);
    if (found == columns.end()) {
      bound.lacking_.push_back(input.name);
      bound.column_of_.emplace_back();
      continue;
    }
    bound.column_of_.emplace_back(found - columns.begin());
    used[*bound.column_of_.back()] = true;
  }
  if (!bound.lacking_.empty() && !options.allow_missing_columns) {
    const std::string hint = data::suggestion(bound.lacking_.front(), columns);
    return base::input_error("no column " + list_some(bound.lacking_) + ", which the model needs" +
                             hint + " (--allow-missing-columns takes it as missing in every row)");
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!used[i] && columns[i] != model.scorer.target_name()) bound.unused_.push_back(columns[i]);
  }
  for (const pmml::OutputInfo& output : model.scorer.outputs()) {
    bound.result_names_.push_back(output.name);
  }
  if (bound.result_names_.empty()) {
    bound.result_names_.emplace_back("prediction");
    for (const std::string& category : model.scorer.target_categories()) {
      bound.result_names_.push_back("probability(" + category + ")");
    }
  }
  return bound;
}

bool BoundModel::is_missing(std::string_view text) const {
  return text.empty() || std::ranges::find(options_.missing, text) != options_.missing.end();
}

std::optional<std::size_t> BoundModel::result(std::string_view name) const {
  const auto found = std::ranges::find(result_names_, name);
  if (found == result_names_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - result_names_.begin());
}

RowScorer::RowScorer(const BoundModel& model)
    : model_(model),
      scorer_(model.scorer()),
      workspace_(scorer_),
      row_(scorer_.inputs().size(), pmml::kMissing),
      columns_(row_.size()) {
  using enum pmml::Wanted::Figure;
  const bool classifies = scorer_.function() == pmml::MiningFunction::kClassification;
  wanted_.push_back({.figure = classifies ? kCategory : kNumber});
  const std::size_t results = model.has_outputs() ? scorer_.outputs().size()
                              : classifies        ? scorer_.target_categories().size()
                                                  : 0;
  for (std::size_t i = 0; i < results; ++i)
    wanted_.push_back({.figure = model.has_outputs() ? kOutput : kProbability, .index = i});
  figures_.resize(wanted_.size());
  results_.resize(results);
}

double RowScorer::encode(std::size_t input, const data::CsvCell& cell) {
  const std::string_view text = data::content(cell, storage_);
  const std::string_view bare = cell.quoted ? text : without_blanks(text);
  if (model_.is_missing(bare)) return pmml::kMissing;
  const pmml::InputField& field = scorer_.inputs()[input];
  if (field.encoding == pmml::Encoding::kNumber) return scorer_.encode(input, bare);
  // Blanks are part of a category's name where the model knows it so, and else those of the file.
  double value = scorer_.encode(input, text);
  const bool known = !pmml::is_unlisted(value) && !pmml::is_invalid(value);
  if (known) return value;
  value = scorer_.encode(input, bare, workspace_);
  keeps_texts_ |= value >= static_cast<double>(field.categories.size());
  return value;
}

void RowScorer::encode_row(std::span<const data::CsvCell> cells) {
  ragged_ = cells.size() != model_.columns();
  for (std::size_t input = 0; input < row_.size() && !ragged_; ++input) {
    const std::optional<std::size_t> column = model_.column_of_[input];
    if (column) row_[input] = encode(input, cells[*column]);
  }
}

const pmml::Prediction& RowScorer::score_row() {
  last_ = {};
  last_.status = pmml::Status::kRefused;
  if (!ragged_) last_ = scorer_.score(row_, workspace_);
  return last_;
}

const pmml::Prediction& RowScorer::score(std::span<const data::CsvCell> cells) {
  encode_row(cells);
  return score_row();
}

void RowScorer::collect(std::span<const data::CsvCell> cells) {
  encode_row(cells);
  whole_.push_back(!ragged_);
  for (std::size_t input = 0; input < row_.size(); ++input) columns_[input].push_back(row_[input]);
}

void RowScorer::score_collected() {
  if (!scorer_.compiled()) return;  // A row is interpreted when it is selected.
  std::vector<std::span<const double>> columns(columns_.begin(), columns_.end());
  std::vector<std::span<double>> figures;
  for (std::vector<double>& column : figures_) {
    column.resize(whole_.size());
    figures.emplace_back(column);
  }
  scorer_.score_columns(columns, wanted_, workspace_, figures);
}

// A row without an answer is scored again by itself: columns do not tell why there is none.
const pmml::Prediction& RowScorer::select(std::size_t row) {
  ragged_ = !whole_[row];
  if (ragged_ || !scorer_.compiled() || std::isnan(figures_[0][row])) {
    for (std::size_t input = 0; input < row_.size(); ++input) row_[input] = columns_[input][row];
    return score_row();
  }
  last_ = {};
  last_.status = pmml::Status::kOk;
  if (wanted_[0].figure == pmml::Wanted::Figure::kCategory) {
    last_.category = static_cast<std::size_t>(figures_[0][row]);
  } else {
    last_.number = figures_[0][row];
  }
  for (std::size_t i = 0; i < results_.size(); ++i) results_[i] = figures_[i + 1][row];
  (model_.has_outputs() ? last_.outputs : last_.probabilities) = results_;
  return last_;
}

void RowScorer::forget_rows() {
  whole_.clear();
  for (std::vector<double>& column : columns_) column.clear();
}

const std::string* RowScorer::category() const {
  const auto categories = scorer_.target_categories();
  return last_.category < categories.size() ? &categories[last_.category] : nullptr;
}

std::string RowScorer::result(std::size_t index) const {
  if (last_.status == pmml::Status::kRefused) return "";
  if (model_.has_outputs()) {
    return scorer_.compiled() ? scorer_.output_text(index, last_)
                              : scorer_.output_text(index, workspace_);
  }
  if (last_.status != pmml::Status::kOk) return "";
  if (index == 0) return prediction();
  const double value =
      index - 1 < last_.probabilities.size() ? last_.probabilities[index - 1] : kNone;
  return std::isnan(value) ? "" : base::format_double(value);
}

std::string RowScorer::prediction() const {
  if (last_.status != pmml::Status::kOk) return "";
  if (const std::string* name = category()) return *name;
  return std::isnan(last_.number) ? "" : base::format_double(last_.number);
}

double RowScorer::number(std::size_t index) const {
  if (last_.status == pmml::Status::kRefused) return kNone;
  if (model_.has_outputs()) return last_.outputs[index];
  if (last_.status != pmml::Status::kOk) return kNone;
  if (index == 0) return category() != nullptr ? kNone : last_.number;
  return index - 1 < last_.probabilities.size() ? last_.probabilities[index - 1] : kNone;
}

std::string RowScorer::refusal(std::span<const data::CsvCell> cells) const {
  if (ragged_) {
    return "has " + std::to_string(cells.size()) + " cells, the header " +
           std::to_string(model_.columns());
  }
  std::string storage;
  for (std::size_t input = 0; input < row_.size(); ++input) {
    const pmml::InputField& field = scorer_.inputs()[input];
    const std::optional<std::size_t> column = model_.column_of_[input];
    if (!column) continue;
    const std::string_view text = without_blanks(data::content(cells[*column], storage));
    if (model_.is_missing(text)) continue;
    const double value = scorer_.encode(input, text);
    const auto data_field = std::ranges::find(model_.model_->document.data_dictionary, field.name,
                                              &pmml::DataField::name);
    const bool outside = field.encoding == pmml::Encoding::kNumber && !std::isnan(value) &&
                         data_field != model_.model_->document.data_dictionary.end() &&
                         outside_intervals(*data_field, value);
    if (pmml::is_invalid(value) || outside) {
      return "column '" + field.name + "' holds " + shortened(text) + ", which is " +
             (outside ? "outside the field's range" : "no value of the field");
    }
  }
  return "the model refuses its values";
}

void RowScorer::forget_texts() {
  if (!keeps_texts_) return;
  workspace_ = pmml::Workspace(scorer_);
  last_ = {};
  keeps_texts_ = false;
}

}  // namespace cli
