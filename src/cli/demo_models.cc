// SPDX-License-Identifier: Apache-2.0
#include "cli/demo_models.h"

#include <chrono>
#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/number.h"
#include "cli/figures.h"
#include "cli/terminal.h"
#include "data/csv.h"
#include "learn/evaluate.h"
#include "learn/train.h"
#include "pmml/read/read.h"
#include "pmml/write/write.h"
#include "profit/economics.h"
#include "shop/training_data.h"

namespace cli {
namespace {

class Stopwatch {
 public:
  [[nodiscard]] std::string seconds() const {
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start_;
    return base::format_fixed(passed.count(), 1) + " s";
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

std::string base_path(const std::string& folder) { return folder + "/base.pmml"; }
std::string candidate_path(const std::string& folder) { return folder + "/candidate.pmml"; }

}  // namespace

base::Result<DemoModels> train_demo_models(const DemoModelOptions& options) {
  DemoModels models{.base_path = base_path(options.folder),
                    .candidate_path = candidate_path(options.folder),
                    .base = {},
                    .candidate = {}};
  const std::string training_csv = options.folder + "/train.csv";
  const std::string held_out_csv = options.folder + "/held-out.csv";

  const Stopwatch writing;
  TRY(shop::write_training_csv(training_csv, {.rows = options.training_rows, .seed = options.seed},
                               progress_line("past customers")));
  TRY(shop::write_training_csv(
      held_out_csv,
      {.rows = options.held_out_rows, .seed = options.seed, .first_row = options.training_rows}));
  std::printf(
      "%s past customers to learn from and %s held out: age, sex, 110 purchase flags, bought or "
      "not (%s)\n",
      base::format_count(options.training_rows).c_str(),
      base::format_count(options.held_out_rows).c_str(), writing.seconds().c_str());

  const Stopwatch reading;
  TRY_ASSIGN(const data::Table training, data::read_csv(training_csv));
  TRY_ASSIGN(const data::Table held_out, data::read_csv(held_out_csv));
  const std::string read_in = reading.seconds();

  TRY_ASSIGN(
      const profit::Economics economics,
      profit::economics_from_money(options.money.price, shop::cost_of_showing(options.money)));
  learn::TrainOptions base_options;
  base_options.target = "bought";
  base_options.features = {"age", "man", "woman"};
  base_options.threshold = 0.5;
  base_options.name = "base";
  learn::TrainOptions careful_options = base_options;
  careful_options.threshold.reset();
  careful_options.economics = economics;
  learn::TrainOptions candidate_options;
  candidate_options.target = "bought";
  candidate_options.exclude = {"uuid"};
  candidate_options.economics = economics;
  candidate_options.name = "candidate";
  const Stopwatch fitting;
  TRY_ASSIGN(learn::TrainedModel base_model, learn::train(training, base_options));
  TRY_ASSIGN(const learn::TrainedModel careful_base, learn::train(training, careful_options));
  TRY_ASSIGN(learn::TrainedModel candidate_model, learn::train(training, candidate_options));
  std::printf("CSV read in %s; base (age, sex) and candidate (age, sex, purchases) trained in %s\n",
              read_in.c_str(), fitting.seconds().c_str());
  models.base = std::move(base_model.document);
  models.candidate = std::move(candidate_model.document);

  std::printf(
      "An accepted offer brings %s $, a shown one costs %s $ of other sales: q = %s, worth showing "
      "when p > 1/q = %s\n\n",
      base::format_fixed(economics.income, 2).c_str(),
      base::format_fixed(economics.cost, 2).c_str(), base::format_fixed(economics.q(), 4).c_str(),
      base::format_fixed(profit::break_even_threshold(economics), 3).c_str());
  const std::vector<learn::Candidate> candidates = {
      {"candidate", &models.candidate},
      {"base, as deployed", &models.base},
      {"base, if it had used 1/q", &careful_base.document}};
  TRY_ASSIGN(const std::vector<learn::Evaluation> evaluations,
             learn::rank(candidates, held_out, "bought", economics));
  std::printf("On the held-out customers:\n%s", format_evaluations(evaluations, economics).c_str());

  TRY(base::write_file(models.base_path, pmml::write(models.base)));
  TRY(base::write_file(models.candidate_path, pmml::write(models.candidate)));
  return models;
}

base::Result<DemoModels> read_demo_models(const std::string& folder) {
  DemoModels models{.base_path = base_path(folder),
                    .candidate_path = candidate_path(folder),
                    .base = {},
                    .candidate = {}};
  TRY_ASSIGN(const std::string base_text, base::read_file(models.base_path));
  TRY_ASSIGN(models.base, pmml::read(base_text));
  TRY_ASSIGN(const std::string candidate_text, base::read_file(models.candidate_path));
  TRY_ASSIGN(models.candidate, pmml::read(candidate_text));
  return models;
}

}  // namespace cli
