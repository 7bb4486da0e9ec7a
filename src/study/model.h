// SPDX-License-Identifier: Apache-2.0
// One model of a study, measured.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "learn/training_set.h"
#include "learn/uplift_figures.h"
#include "metric/confusion.h"
#include "study/recipe.h"

namespace study {

// Offers to the rows of a table, 64 a word: bit r mod 64 of word r / 64.
using Decisions = std::vector<std::uint64_t>;
Decisions pack(const std::vector<std::uint8_t>& offers);
std::vector<std::uint8_t> unpack(const Decisions& decisions, std::size_t rows);

// What a model earned in one round of a study that is evaluated in rounds.
struct RoundFigures {
  metric::Confusion test;
  std::optional<double> rap = {};  // Nothing where nothing can be achieved.
  double profit_per_customer = 0;  // Per test row.
  std::optional<double> roi = {};  // Nothing where nothing was offered.
};

struct Model {
  Recipe recipe;
  double row_share = 1;  // Of the training rows that it was trained on (a search's early rungs).
  std::string failure = {};  // Why there is no model; then nothing below is set.

  // Offers where the probability is above it; where rows have amounts of their own, where p·i − c
  // is.
  double threshold = 0.5;
  metric::Confusion validation;  // With that threshold, on the rows that it was chosen on.
  metric::Confusion test;
  Decisions decisions = {};  // On the test rows.
  // In rounds each has a threshold of its own, counts are sums over all rounds, and `decisions` are
  // those of the first repeat; `threshold` is the file's.
  std::vector<RoundFigures> rounds = {};
  // By the rows' own amounts, where they have them (profit/amounts.h).
  std::optional<double> validation_rap_by_row = {}, test_rap_by_row = {};
  // Of the probabilities on the test rows; nothing where there are none or they are not defined.
  std::optional<double> auc = {}, average_precision = {}, brier = {}, log_loss = {},
                        calibration_error = {};
  // Where there is a control group; in rounds of those of the first repeat together.
  std::optional<learn::Uplift> uplift = {};
  // To train: bins and their like, fitting, calibrating. Neither the scoring, nor what several
  // models share (synthetic rows, the order of elimination).
  double seconds = 0;
  double seconds_of_rounds = 0;  // The same of the rounds' models together.
  double nanoseconds_a_row = 0;  // To score a test row, one thread.
  std::int64_t bytes = 0;        // Of the document as a file.
  std::vector<learn::Importance> importance = {};
  std::vector<std::string> notes = {};
};

// Everything but the recipe and the decisions as JSON, and back.
std::string write_figures(const Model& model);
base::Result<Model> read_figures(const std::string& json, Recipe recipe, Decisions decisions);

}  // namespace study
