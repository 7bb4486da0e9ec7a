// SPDX-License-Identifier: Apache-2.0
// What a scorer is made of; private to the room.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pmml/compile/compiled.h"
#include "pmml/interpret/interpreter.h"
#include "pmml/score/scorer.h"

namespace pmml {

// A text that is one of a field's values, found by hash without copying it.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept {
    return std::hash<std::string_view>{}(text);
  }
};
using TextIndex = std::unordered_map<std::string, std::size_t, TextHash, std::equal_to<>>;

struct Scorer::Program {
  // Kept only where the document is interpreted: compiled, it is not needed any more.
  struct Interpreted {
    explicit Interpreted(const Document& source) : document(source), interpreter(document) {}
    Document document;
    Interpreter interpreter;
  };

  MiningFunction function = MiningFunction::kRegression;
  std::unique_ptr<const Interpreted> interpreted;
  std::vector<InputField> inputs;
  std::vector<DataField> data_fields;  // Of each input.
  std::vector<bool> closed;            // The input declares its values.
  std::vector<bool> text_matters;      // Of every row: an unlisted one is not enough.
  std::vector<TextIndex> categories;   // Of each input.
  std::unordered_map<std::string, std::size_t, TextHash, std::equal_to<>> input_index;
  std::string target_name;
  std::vector<std::string> target_categories;
  std::vector<OutputInfo> outputs;
  std::unique_ptr<const Compiled> compiled;  // Null: the interpreter scores.
  std::string why_interpreted;
};

struct Workspace::State {
  const Scorer::Program* program;
  Prediction prediction;
  std::vector<double> probabilities;
  std::vector<double> outputs;
  std::vector<std::string> output_texts;  // Filled by the interpreter.
  std::vector<RawInput> raw;
  std::vector<std::vector<std::string>> texts;  // Texts kept by encode(), by input.
  std::vector<TextIndex> text_index;
  std::vector<double> row;  // A row gathered from columns.
  History history;          // The rows scored with this workspace, where the document looks back.
  std::vector<const double*> block_columns;
  std::vector<double*> block_out;
  Compiled::Memory memory;
};

}  // namespace pmml
