// SPDX-License-Identifier: Apache-2.0
#include "pmml/score/scorer.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "base/check.h"
#include "base/number.h"
#include "pmml/compile/check.h"
#include "pmml/compile/inputs.h"
#include "pmml/compile/row_sets.h"
#include "pmml/compile/verify.h"
#include "pmml/interpret/value.h"
#include "pmml/score/program.h"

namespace pmml {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

}  // namespace

Scorer::Scorer(std::unique_ptr<const Program> program) : program_(std::move(program)) {}
Scorer::Scorer(Scorer&&) noexcept = default;
Scorer& Scorer::operator=(Scorer&&) noexcept = default;
Scorer::~Scorer() = default;

namespace {

// Two different texts that mean one value ("1" and "true"): results could not tell them apart.
base::Result<void> check_target_categories(const std::vector<std::string>& categories) {
  std::map<double, const std::string*> numbers;
  std::map<bool, const std::string*> booleans;
  const auto refuse = [](const std::string& one, const std::string& other) {
    return base::input_error("the target's values '" + one + "' and '" + other +
                             "' are one value in two spellings: spell it alike everywhere");
  };
  for (const std::string& category : categories) {
    if (const auto number = base::parse_double(category)) {
      const auto [known, added] = numbers.emplace(*number, &category);
      if (!added) return refuse(*known->second, category);
    }
    const bool is_true = same_category(category, "true");
    if (!is_true && !same_category(category, "false")) continue;
    const auto [known, added] = booleans.emplace(is_true, &category);
    if (!added) return refuse(*known->second, category);
  }
  return {};
}

}  // namespace

base::Result<Scorer> Scorer::compile(const Document& document) { return make(document, true); }
base::Result<Scorer> Scorer::interpret(const Document& document) { return make(document, false); }

base::Result<Scorer> Scorer::make(const Document& document, bool compiled) {
  TRY(check(document));
  auto program = std::make_unique<Program>();
  program->function = answer_function(document.model);
  std::unordered_map<std::string_view, const DataField*> dictionary;
  for (const DataField& field : document.data_dictionary) dictionary.emplace(field.name, &field);
  const std::vector<const MiningField*> fields = row_fields(document);
  const Mentioned mentioned = gather_mentions(document);
  for (const MiningField* field : fields) {
    const DataField& data = *dictionary.at(field->name);
    InputField input = describe_input(data, *field, mentioned);
    TextIndex index;
    for (std::size_t i = 0; i < input.categories.size(); ++i) index.emplace(input.categories[i], i);
    program->input_index.emplace(field->name, program->inputs.size());
    program->data_fields.push_back(data);
    program->closed.push_back(declares_values(data));
    program->text_matters.push_back(mentioned.texts_at_once.contains(field->name));
    program->categories.push_back(std::move(index));
    program->inputs.push_back(std::move(input));
  }
  program->target_name = target_field(document);
  program->target_categories = categories_of_target(document);
  TRY(check_target_categories(program->target_categories));
  program->outputs = describe_outputs(document);
  if (compiled && !mentioned.strays.empty()) {
    program->why_interpreted = "the input '" + *mentioned.strays.begin() +
                               "' may be replaced by a value that it does not declare, and "
                               "something asks for that value";
  } else if (compiled) {
    program->compiled = Compiled::make({.document = document,
                                        .fields = fields,
                                        .inputs = program->inputs,
                                        .data_fields = program->data_fields,
                                        .target_categories = program->target_categories,
                                        .outputs = program->outputs},
                                       program->why_interpreted);
  }
  if (!program->compiled)
    program->interpreted = std::make_unique<const Program::Interpreted>(document);
  Scorer scorer{std::move(program)};
  TRY(verify(document, scorer));
  return scorer;
}

std::span<const InputField> Scorer::inputs() const { return program_->inputs; }

std::optional<std::size_t> Scorer::input(std::string_view name) const {
  const auto found = program_->input_index.find(name);
  return found == program_->input_index.end() ? std::nullopt : std::optional(found->second);
}

double Scorer::encode(std::size_t input, std::string_view text) const {
  CHECK(input < program_->inputs.size());
  if (text.empty()) return kMissing;
  const DataField& data = program_->data_fields[input];
  for (const FieldValue& value : data.values) {
    if (value.property == FieldValue::Property::kMissing && value.value == text) return kMissing;
  }
  const InputField& field = program_->inputs[input];
  if (field.encoding == Encoding::kNumber) {
    const auto value = parse_value(text, is_time(field.type) ? field.type : DataType::kDouble);
    return value && !value->missing ? value->number : kInvalid;
  }
  if (field.type == DataType::kBoolean) {
    const auto value = parse_value(text, DataType::kBoolean);
    return value ? value->number : kInvalid;
  }
  const auto& categories = program_->categories[input];
  if (const auto found = categories.find(text); found != categories.end())
    return static_cast<double>(found->second);
  return program_->closed[input] ? kInvalid : kUnlisted;
}

double Scorer::encode(std::size_t input, std::string_view text, Workspace& workspace) const {
  const double cell = encode(input, text);
  const InputField& field = program_->inputs[input];
  const bool keeps = (is_unlisted(cell) || is_invalid(cell)) &&
                     field.encoding == Encoding::kIndex && field.type != DataType::kBoolean;
  if (!keeps) return cell;
  Workspace::State& state = *workspace.state_;
  auto& texts = state.texts[input];
  auto& index = state.text_index[input];
  auto found = index.find(text);
  if (found == index.end()) {
    found = index.emplace(std::string(text), field.categories.size() + texts.size()).first;
    texts.emplace_back(text);
  }
  return static_cast<double>(found->second);
}

MiningFunction Scorer::function() const { return program_->function; }
bool Scorer::looks_back() const {
  return program_->interpreted != nullptr &&
         !program_->interpreted->interpreter.names().memories().empty();
}
const std::string& Scorer::target_name() const { return program_->target_name; }
std::span<const std::string> Scorer::target_categories() const {
  return program_->target_categories;
}

std::optional<std::size_t> Scorer::target_category(std::string_view text) const {
  const auto& categories = program_->target_categories;
  auto found = std::ranges::find(categories, text);
  if (found == categories.end()) {
    found = std::ranges::find_if(
        categories, [&](const std::string& category) { return same_category(category, text); });
  }
  if (found == categories.end()) return std::nullopt;
  return static_cast<std::size_t>(found - categories.begin());
}

std::span<const OutputInfo> Scorer::outputs() const { return program_->outputs; }

std::optional<std::size_t> Scorer::output(std::string_view name) const {
  const auto found = std::ranges::find(program_->outputs, name, &OutputInfo::name);
  if (found == program_->outputs.end()) return std::nullopt;
  return static_cast<std::size_t>(found - program_->outputs.begin());
}

bool Scorer::compiled() const { return program_->compiled != nullptr; }
const std::string& Scorer::why_interpreted() const { return program_->why_interpreted; }

Workspace::Workspace(const Scorer& scorer) : state_(std::make_unique<State>()) {
  const Scorer::Program& program = *scorer.program_;
  state_->program = &program;
  state_->probabilities.resize(
      scorer.function() == MiningFunction::kClassification ? program.target_categories.size() : 0);
  state_->outputs.resize(program.outputs.size(), kNone);
  state_->output_texts.resize(program.outputs.size());
  state_->raw.resize(program.inputs.size());
  state_->texts.resize(program.inputs.size());
  state_->text_index.resize(program.inputs.size());
  state_->row.resize(program.inputs.size());
  state_->block_columns.resize(program.inputs.size());
  if (program.compiled) program.compiled->prepare(state_->memory);
}
Workspace::Workspace(Workspace&&) noexcept = default;
Workspace& Workspace::operator=(Workspace&&) noexcept = default;
Workspace::~Workspace() = default;

namespace {

// A cell of a row as the interpreter takes it; nothing where only the text could tell.
std::optional<RawInput> raw_input(const InputField& field, bool closed, bool text_matters,
                                  const std::vector<std::string>& kept, double cell) {
  RawInput raw;
  if (std::isnan(cell) && !is_invalid(cell) && !is_unlisted(cell)) return raw;
  raw.missing = false;
  if (field.encoding == Encoding::kNumber) {
    raw.unreadable = std::isnan(cell);
    if (!raw.unreadable) raw.number = cell;
    return raw;
  }
  const std::size_t listed = field.categories.size();
  const bool is_index = cell >= 0 && cell == std::floor(cell);
  if (is_index && cell < static_cast<double>(listed + kept.size())) {
    const auto index = static_cast<std::size_t>(cell);
    raw.text = index < listed ? field.categories[index] : kept[index - listed];
    return raw;
  }
  if ((!is_index && !is_unlisted(cell)) || closed || field.type != DataType::kString) {
    raw.unreadable = true;
    return raw;
  }
  // Some text of an open field that the model does not name.
  if (text_matters) return std::nullopt;
  raw.text = kUnlistedText;
  return raw;
}

}  // namespace

const Prediction& Scorer::score(std::span<const double> row, Workspace& workspace) const {
  const Program& program = *program_;
  Workspace::State& state = *workspace.state_;
  CHECK(state.program == &program && row.size() == program.inputs.size());
  Prediction& prediction = state.prediction;
  prediction = {};
  prediction.outputs = state.outputs;
  prediction.probabilities = state.probabilities;
  if (program.compiled) {
    program.compiled->score(row, state.memory, prediction, state.probabilities, state.outputs);
    return prediction;
  }
  std::ranges::fill(state.probabilities, kNone);
  std::ranges::fill(state.outputs, kNone);
  for (std::string& text : state.output_texts) text.clear();
  for (std::size_t i = 0; i < row.size(); ++i) {
    const auto raw = raw_input(program.inputs[i], program.closed[i], program.text_matters[i],
                               state.texts[i], row[i]);
    if (!raw) {
      prediction.status = Status::kRefused;
      return prediction;
    }
    state.raw[i] = *raw;
  }
  const Interpretation interpretation =
      program.interpreted->interpreter.interpret(state.raw, &state.history);
  if (interpretation.invalid) {
    prediction.status = Status::kRefused;
    return prediction;
  }
  const Outcome& outcome = interpretation.outcome;
  if (!outcome.missing) {
    prediction.status = Status::kOk;
    if (outcome.function == MiningFunction::kRegression ||
        outcome.function == MiningFunction::kTimeSeries) {
      prediction.number = outcome.number;
    } else if (!outcome.category.empty()) {
      prediction.category = target_category(outcome.category).value_or(kNoCategory);
      // A model may choose a category without giving probabilities.
      for (std::size_t i = 0; i < state.probabilities.size() && !outcome.distribution.empty(); ++i)
        state.probabilities[i] = outcome.probability(program.target_categories[i]);
    }
  }
  for (std::size_t i = 0; i < program.outputs.size(); ++i) {
    const std::string& name = program.outputs[i].name;
    Value value;
    if (const auto found =
            std::ranges::find(outcome.outputs, name, &std::pair<std::string, Value>::first);
        found != outcome.outputs.end()) {
      value = found->second;
    } else if (const auto target = std::ranges::find(outcome.targets, name,
                                                     &std::pair<std::string, Outcome>::first);
               target != outcome.targets.end() && !target->second.missing) {
      value = target->second.function == MiningFunction::kRegression
                  ? number_value(DataType::kDouble, target->second.number)
                  : text_value(target->second.category);
    }
    state.output_texts[i] = to_text(value);
    if (!value.missing && value.type != DataType::kString) state.outputs[i] = value.number;
  }
  return prediction;
}

std::string Scorer::output_text(std::size_t output, const Workspace& workspace) const {
  const Workspace::State& state = *workspace.state_;
  CHECK(output < program_->outputs.size());
  if (!program_->compiled) return state.output_texts[output];
  return output_text(output, state.prediction);
}

std::string Scorer::output_text(std::size_t output, const Prediction& prediction) const {
  CHECK(program_->compiled && output < prediction.outputs.size());
  const OutputInfo& info = program_->outputs[output];
  if (prediction.status == Status::kRefused) return "";
  if (info.feature == ResultFeature::kReport) return "";
  if (info.type == DataType::kString) {
    // The compiled form knows one other output that is a text: the predicted category.
    return prediction.category == kNoCategory ? ""
                                              : program_->target_categories[prediction.category];
  }
  const double value = prediction.outputs[output];
  return std::isnan(value) ? "" : to_text(number_value(info.type, value));
}

namespace {

double figure_of(const Prediction& prediction, const Wanted& wanted) {
  if (prediction.status == Status::kRefused) return kNone;
  switch (wanted.figure) {
    case Wanted::Figure::kNumber:
      return prediction.number;
    case Wanted::Figure::kCategory:
      return prediction.category == kNoCategory ? kNone : static_cast<double>(prediction.category);
    case Wanted::Figure::kProbability:
      return prediction.status == Status::kOk ? prediction.probabilities[wanted.index] : kNone;
    case Wanted::Figure::kOutput:
      return prediction.outputs[wanted.index];
  }
  return kNone;
}

}  // namespace

void Scorer::score_columns(std::span<const std::span<const double>> columns, const Wanted& wanted,
                           Workspace& workspace, std::span<double> out) const {
  score_columns(columns, std::span(&wanted, 1), workspace, std::span(&out, 1));
}

void Scorer::score_columns(std::span<const std::span<const double>> columns,
                           std::span<const Wanted> wanted, Workspace& workspace,
                           std::span<const std::span<double>> out) const {
  const Program& program = *program_;
  CHECK(columns.size() == program.inputs.size() && wanted.size() == out.size());
  if (out.empty()) return;
  const std::size_t rows = out[0].size();
  for (const auto& column : columns) CHECK(column.size() >= rows);
  for (const auto& column : out) CHECK(column.size() == rows);
  for (const Wanted& w : wanted) {
    CHECK(w.figure != Wanted::Figure::kProbability ||
          w.index < workspace.state_->probabilities.size());
    CHECK(w.figure != Wanted::Figure::kOutput || w.index < program.outputs.size());
  }
  std::vector<double>& row = workspace.state_->row;
  const auto score_row = [&](std::size_t r) {
    for (std::size_t c = 0; c < columns.size(); ++c) row[c] = columns[c][r];
    const Prediction& prediction = score(row, workspace);
    for (std::size_t w = 0; w < wanted.size(); ++w) out[w][r] = figure_of(prediction, wanted[w]);
  };
  std::size_t first = 0;
  if (program.compiled && program.compiled->takes_blocks()) {
    auto& block_columns = workspace.state_->block_columns;
    auto& block_out = workspace.state_->block_out;
    block_out.resize(out.size());
    for (; first + detail::kBlockRows <= rows; first += detail::kBlockRows) {
      for (std::size_t c = 0; c < columns.size(); ++c) block_columns[c] = columns[c].data() + first;
      for (std::size_t w = 0; w < out.size(); ++w) block_out[w] = out[w].data() + first;
      std::uint64_t others =
          program.compiled->score_block(block_columns, wanted, workspace.state_->memory, block_out);
      for (; others != 0; others &= others - 1)
        score_row(first + static_cast<std::size_t>(std::countr_zero(others)));
    }
  }
  for (; first < rows; ++first) score_row(first);
}

}  // namespace pmml
