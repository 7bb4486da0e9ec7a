// SPDX-License-Identifier: Apache-2.0
// What every learner takes and what it gives back.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/column.h"
#include "learn/labels.h"
#include "pmml/document/document.h"

namespace learn {

// Rows to learn from; everything is borrowed for the call.
struct TrainingSet {
  std::vector<const data::Column*> columns;  // The features; of equal length, values may miss.
  const Labels* labels = nullptr;            // One for each row; both classes occur.
  std::span<const double> weights = {};      // Empty, or a finite weight ≥ 0 for each row.
};

// What has nothing to do with the kind of model.
struct LearnerSettings {
  int threads = 2;                     // The model is the same with any number.
  std::uint64_t seed = 1;              // For learners that draw lots.
  std::size_t most_categories = 1000;  // A text column with more values is refused.
  std::string name = {};               // The model's name in the document.
};

// How much a column tells this model: shares that add up to 1 over the columns, 0 for a column it
// does not use. Comparable inside one model only; each learner's header says what it measures.
struct Importance {
  std::string column;
  double share = 0;
};

struct Trained {
  // Classifies the target: probabilities of both values, `offer` where that of the positive one is
  // above 0.5 (pmml::add_decision moves the threshold).
  pmml::Document document;
  std::vector<Importance> importance;  // In the order of the training set; empty where a learner
                                       // measures none.
  std::vector<std::string> notes;  // What a person should know: columns left out, no convergence.
};

}  // namespace learn
