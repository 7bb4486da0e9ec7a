// SPDX-License-Identifier: Apache-2.0
// From a table to a model: features prepared, logistic regression fitted, the PMML document
// returned. The document holds all of the preparation, so whatever scores it does precisely what
// training saw:
//   numeric columns as they are (missing → the mean of the training rows, if training saw missing
//   values there); text columns as one indicator per value (missing → a value of its own; a value
//   never seen → no indicator).
// The document offers probabilities of both values, and 1 in the output `offer` exactly where the
// probability of the positive one is above the threshold.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/table.h"
#include "learn/columns.h"
#include "learn/labels.h"
#include "learn/logistic_regression.h"
#include "pmml/document/document.h"
#include "profit/economics.h"

namespace learn {

struct TrainOptions {
  std::string target = {};
  std::string positive = {};               // See read_labels.
  std::vector<std::string> features = {};  // Empty: every column but the target and the excluded.
  std::vector<std::string> exclude = {};   // Keys, leaks.
  std::optional<profit::Economics> economics = {};  // Gives the threshold 1/q.
  std::optional<double> threshold = {};             // Instead of 1/q. Neither: 0.5.
  LogisticOptions logistic = {};
  std::size_t most_categories = 1000;  // A text column with more values is no feature: refused.
  std::string name = {};               // The model's name in the document.
};

struct TrainedModel {
  pmml::Document document;
  LogisticFit fit;  // Weights of the design's columns: numeric features first, then indicators.
  double threshold = 0.5;
  std::size_t rows = 0;
  std::size_t columns = 0;  // Of the design.
  std::int64_t positives = 0;
  std::string positive;  // The value that means "accepts".
  std::string negative;
  std::vector<std::string> features;  // Columns of the table that are used.
  std::vector<LeakWarning> leaks;
  std::vector<std::string>
      notes;  // Columns left out because they are constant or empty; columns like ids.
};

// Trains on every row of the table. Threads: options.logistic.threads; the result is the same with
// any number.
base::Result<TrainedModel> train(const data::Table& table, const TrainOptions& options);

}  // namespace learn
