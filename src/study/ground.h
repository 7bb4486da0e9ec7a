// SPDX-License-Identifier: Apache-2.0
// What all models of a study stand on: the same rows, split once, with the same money; and what is
// made of them for several models at once.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/table.h"
#include "learn/columns.h"
#include "learn/derived_features.h"
#include "learn/labels.h"
#include "learn/prepared.h"
#include "learn/smote.h"
#include "learn/train.h"
#include "profit/amounts.h"
#include "profit/economics.h"
#include "study/evaluation.h"

namespace study {

struct Rows {
  data::Table table;
  learn::Labels labels;
  // What an acceptance of each row would bring, expected before it is asked, and what an offer to
  // it costs. Empty where all rows are alike.
  std::vector<double> incomes = {}, costs = {};

  [[nodiscard]] bool have_amounts() const { return !incomes.empty(); }
  [[nodiscard]] profit::AmountRows amounts() const { return {labels.values, incomes, costs}; }
};

// What offers are decided by, row for row: above a threshold an offer is made. The probabilities;
// where rows have amounts of their own p·i − c.
base::Result<std::vector<double>> keys_of(const Rows& rows, std::vector<double> probabilities);

// The offers to learn from, and those to choose thresholds and to test on where they are not taken
// from them.
struct Tables {
  data::Table offers;
  std::optional<data::Table> validation = {};
  std::optional<data::Table> test = {};
};

struct GroundOptions {
  std::string target = {};
  std::string positive = {};               // See learn::read_labels.
  std::vector<std::string> features = {};  // Empty: every column but the target and the excluded.
  std::vector<std::string> exclude = {};
  // Columns with an income and a cost for each row (numbers, none missing). Empty: that of the
  // economics. They are attributes like any other unless they are excluded.
  std::string income_column = {};
  std::string cost_column = {};
  // "COLUMN" (1: control) or "COLUMN=VALUE": who was not contacted, by lot. Controls only measure:
  // models learn from the others, thresholds and all money but an Uplift's are of the others.
  std::string control = {};
  Evaluation evaluation = {};
  std::uint64_t seed = 1;
  int threads = 2;
};

// What is made of the training rows before a model sees them.
struct Preparation {
  double row_share = 1;  // A stratified share of them, in (0, 1].
  // Synthetic acceptances. Plain SMOTE stands between indicators, which its rows have in place of
  // texts; the nominal variant between rows of texts.
  enum class Smote { kNone, kPlain, kNominal } smote = Smote::kNone;
  learn::SmoteDistances distances = learn::SmoteDistances::kScaled;
  bool indicators = false;  // Texts as indicators, numbers like any others.

  auto operator<=>(const Preparation&) const = default;
};

// Immutable but for what it remembers; all functions may be called from several threads.
class Ground {
 public:
  // Refuses what learn::train refuses, shares that leave a part without rows of both classes,
  // further tables without the columns, and an evaluation that cannot be had of these tables.
  static base::Result<Ground> prepare(Tables tables, const profit::Economics& economics,
                                      const GroundOptions& options);
  Ground(Ground&&) noexcept;
  ~Ground();

  // Where models are evaluated in rounds: train() are all rows, validation() is empty, and test()
  // are the rows tested in the first repeat, round after round.
  [[nodiscard]] const Rows& train() const;
  [[nodiscard]] const Rows& validation() const;
  [[nodiscard]] const Rows& test() const;
  // A ground each, with rows held out once; empty where that is so of this one.
  [[nodiscard]] const std::vector<Ground>& rounds() const;
  // The controls among the test rows; in rounds only those of the first repeat have them. Empty
  // without a control group.
  [[nodiscard]] const Rows& controls() const;
  // The row among the offers, from 0, of each row of test(), where there are rounds.
  [[nodiscard]] const std::vector<std::uint32_t>& tested() const;
  [[nodiscard]] const profit::Economics& economics() const;
  [[nodiscard]] const GroundOptions& options() const;
  // The attributes, in the order of the table.
  [[nodiscard]] const std::vector<std::string>& attributes() const;
  // What a person should know before trusting any figure: leaks, drift.
  [[nodiscard]] const std::vector<std::string>& warnings() const;
  // Which columns those of them are about that are about columns.
  [[nodiscard]] const learn::ColumnNotes& column_notes() const;
  // "rows=…; columns=…; content=…; …": what a study's file belongs to.
  [[nodiscard]] const std::string& fingerprint() const;

  // Made once, with their attributes ready for every learner.
  struct TrainingRows {
    const Rows* rows = nullptr;
    const learn::Prepared* prepared = nullptr;             // Of the attributes.
    const std::vector<std::string>* attributes = nullptr;  // Where texts are indicators, those.
    // What makes the indicators of a row as it comes; null where there are none.
    const learn::DerivedFeatures* encoding = nullptr;
  };
  [[nodiscard]] base::Result<TrainingRows> training_rows(const Preparation& preparation) const;
  // Their attributes by recursive elimination on them, the one kept longest first. Remembered.
  [[nodiscard]] base::Result<const std::vector<std::string>*> ranked_attributes(
      const Preparation& preparation) const;

 private:
  struct State;
  explicit Ground(std::unique_ptr<State> state);
  static base::Result<void> hold_out(Tables& tables, const learn::Labels& labels,
                                     std::vector<Rows> controls, State& state);
  static base::Result<void> add_rounds(const data::Table& offers, const learn::Labels& labels,
                                       std::vector<Rows> controls, State& state);
  std::unique_ptr<State> state_;
};

}  // namespace study
