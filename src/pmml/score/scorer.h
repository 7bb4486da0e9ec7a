// SPDX-License-Identifier: Apache-2.0
// A document made ready to score rows of doubles, fast.
//
//   TRY_ASSIGN(const pmml::Document document, pmml::read(xml));
//   TRY_ASSIGN(const pmml::Scorer scorer, pmml::Scorer::compile(document));
//   pmml::Workspace workspace(scorer);                       // one per thread
//   std::vector<double> row(scorer.inputs().size(), pmml::kMissing);
//   row[*scorer.input("age")] = 41;
//   row[*scorer.input("city")] = scorer.encode(*scorer.input("city"), "Lima");
//   const pmml::Prediction& prediction = scorer.score(row, workspace);
//   if (prediction.status == pmml::Status::kOk) use(prediction.outputs[*scorer.output("offer")]);
//
// A row of transactional association rules is one basket: its item field holds them all, spelled as
// a PMML Array, separated by blanks and quoted where they hold blanks, and encoded with a
// workspace: scorer.encode(item, "tea \"oat cake\"", workspace). A row of a time series asks for
// one forecast: a field of it says how many periods ahead of the last observation, from 1.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pmml/document/document.h"

namespace pmml {

// What a cell of a row may hold instead of a number: quiet NaNs that differ in their payload. Any
// other NaN counts as missing.
inline constexpr double kMissing = std::bit_cast<double>(std::uint64_t{0x7ff8'0000'0000'0000});
inline constexpr double kInvalid = std::bit_cast<double>(
    std::uint64_t{0x7ff8'0000'0000'0001});  // Not of the field's type or values.
inline constexpr double kUnlisted = std::bit_cast<double>(
    std::uint64_t{0x7ff8'0000'0000'0002});  // Valid, but named nowhere in the model.
[[nodiscard]] inline bool is_invalid(double cell) {
  return std::bit_cast<std::uint64_t>(cell) == 0x7ff8'0000'0000'0001;
}
[[nodiscard]] inline bool is_unlisted(double cell) {
  return std::bit_cast<std::uint64_t>(cell) == 0x7ff8'0000'0000'0002;
}

// How a cell spells a value of the field.
enum class Encoding {
  kNumber,  // The number itself. A date: its days since 1970-01-01; a dateTime: its seconds since
            // then; a time: its seconds since midnight; the others their own count.
  kIndex,   // The index of its text in `categories`.
};

struct InputField {
  std::string name = {};
  DataType type = DataType::kDouble;
  OpType op_type = OpType::kContinuous;
  Encoding encoding = Encoding::kNumber;
  std::vector<std::string> categories =
      {};  // kIndex: the declared values, or those that the model names.
};

struct OutputInfo {
  std::string name = {};
  DataType type = DataType::kDouble;
  ResultFeature feature = ResultFeature::kPredictedValue;
};

enum class Status {
  kOk,
  kNoResult,  // The model has no answer: a value it needs is missing.
  kRefused,   // A MiningField refuses a value of the row, or an expression has no valid result.
};

inline constexpr std::size_t kNoCategory = static_cast<std::size_t>(-1);

// Valid until the workspace scores another row or ends.
struct Prediction {
  Status status = Status::kNoResult;
  double number = kMissing;               // Regression: the value after Targets.
  std::size_t category = kNoCategory;     // Classification: index into Scorer::target_categories().
  std::span<const double> probabilities;  // One per target category (NaN where the model gives
                                          // none); empty for regression.
  std::span<const double>
      outputs;  // One per output: numbers, booleans as 0 and 1, NaN where missing or a text.
};

class Scorer;

// The memory that scoring a row needs: one per thread, made for one scorer, which must outlive it.
// It also remembers earlier rows, for a document whose Lag or Aggregate looks back on them: such
// rows are scored in their order, with one workspace; a new workspace begins a new sequence.
class Workspace {
 public:
  explicit Workspace(const Scorer& scorer);
  Workspace(Workspace&&) noexcept;
  Workspace& operator=(Workspace&&) noexcept;
  ~Workspace();

 private:
  friend class Scorer;
  struct State;
  std::unique_ptr<State> state_;
};

// Which figure of every row score_columns() writes.
struct Wanted {
  enum class Figure { kNumber, kCategory, kProbability, kOutput };
  Figure figure = Figure::kNumber;
  std::size_t index = 0;  // kProbability: of the target category; kOutput: of the output.
};

// Immutable; any number of threads may score with one scorer, each with its own workspace.
class Scorer {
 public:
  // Refuses a document that contradicts itself, and one whose ModelVerification records it does not
  // reproduce.
  static base::Result<Scorer> compile(const Document& document);

  // The same, but only interprets: slow, and the oracle of compile(). Their predictions agree in
  // every bit.
  static base::Result<Scorer> interpret(const Document& document);

  Scorer(Scorer&&) noexcept;
  Scorer& operator=(Scorer&&) noexcept;
  ~Scorer();

  // A row has one cell per input, in this order (the active fields of the model, in the order of
  // its MiningSchema).
  [[nodiscard]] std::span<const InputField> inputs() const;
  [[nodiscard]] std::optional<std::size_t> input(std::string_view name) const;

  // The cell for a text of a file: kMissing for an empty text or one declared missing; kInvalid for
  // a text that is not of the field's type or values; kUnlisted for a text of an open field that
  // the model never names.
  [[nodiscard]] double encode(std::size_t input, std::string_view text) const;
  // The same, but keeps a text that is not in `categories` in the workspace, so that text functions
  // and asIs see it.
  [[nodiscard]] double encode(std::size_t input, std::string_view text, Workspace& workspace) const;

  // Of the answer: that of the last link, where a chain's functionName is mixed.
  [[nodiscard]] MiningFunction function() const;
  // Does the score of a row depend on the rows before it (Lag, Aggregate)?
  [[nodiscard]] bool looks_back() const;
  [[nodiscard]] const std::string& target_name() const;  // Empty if the model names none.
  [[nodiscard]] std::span<const std::string> target_categories() const;
  [[nodiscard]] std::optional<std::size_t> target_category(std::string_view text) const;

  // The final output fields of the document.
  [[nodiscard]] std::span<const OutputInfo> outputs() const;
  [[nodiscard]] std::optional<std::size_t> output(std::string_view name) const;
  // An output of the row scored last, as text; empty where missing.
  [[nodiscard]] std::string output_text(std::size_t output, const Workspace& workspace) const;
  // The same of any prediction of a compiled() scorer, such as one put together from columns.
  [[nodiscard]] std::string output_text(std::size_t output, const Prediction& prediction) const;

  // Is this document scored without its interpreter? Such rows allocate nothing.
  [[nodiscard]] bool compiled() const;
  // Which construct of the document has no compiled form, for people; empty where it is compiled,
  // and where interpret() made the scorer.
  [[nodiscard]] const std::string& why_interpreted() const;

  const Prediction& score(std::span<const double> row, Workspace& workspace) const;

  // Rows as columns: columns.size() == inputs().size(), every column at least out.size() long;
  // out[r] is the wanted figure of row r, NaN where the row has none.
  void score_columns(std::span<const std::span<const double>> columns, const Wanted& wanted,
                     Workspace& workspace, std::span<double> out) const;
  // The same for several figures at once: out[w][r] is figure w of row r.
  void score_columns(std::span<const std::span<const double>> columns,
                     std::span<const Wanted> wanted, Workspace& workspace,
                     std::span<const std::span<double>> out) const;

 private:
  friend class Workspace;
  struct Program;
  static base::Result<Scorer> make(const Document& document, bool compiled);
  explicit Scorer(std::unique_ptr<const Program> program);
  std::unique_ptr<const Program> program_;
};

}  // namespace pmml
