// SPDX-License-Identifier: Apache-2.0
// All models of a study: the recipes given, and those a search proposes. What has ended is kept in
// the study's folder; a study that is stopped goes on from there, and further processes may work on
// the same folder.
#pragma once
#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "study/ground.h"
#include "study/search.h"
#include "study/train.h"

namespace study {

struct SearchPlan {
  std::vector<std::string> learners;
  SearchOptions options;
};

struct RunOptions {
  std::vector<Recipe> recipes;
  std::optional<SearchPlan> search;
  // Made if it is not there: study.sqlite, and models/ with the best as PMML; in rounds also what
  // they said of the rows (study/out_of_fold.h).
  std::string folder;
  std::size_t keep = 10;  // How many of the best models are kept as files.
  ThresholdRule threshold = ThresholdRule::kBest;
  int threads =
      2;  // So many models are trained at a time; the figures are the same with any number.
};

struct RunProgress {
  std::size_t done = 0, total = 0;  // Models, each counted as often as it has rounds.
  std::string best = {};            // The name of the best so far, with its RAP on the test rows.
  std::optional<double> best_rap = {};
};

struct RunResult {
  std::vector<Model> models;  // In the order of the recipes, then of the search's trials.
  bool stopped = false;       // Before all were done.
  std::size_t resumed = 0;    // Of the models, taken from the file.
};

// A model that cannot be trained is no error: it stands in the result with its reason. Errors:
// names twice, a folder that cannot be written, a file of another study.
base::Result<RunResult> run(const Ground& ground, const RunOptions& options,
                            const std::stop_token& stop,
                            const std::function<void(const RunProgress&)>& progress);

// The file of a kept model in the study's folder.
std::string model_path(const std::string& folder, const Model& model);

}  // namespace study
