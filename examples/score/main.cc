// SPDX-License-Identifier: Apache-2.0
// Loads a model, binds its fields, scores one row, then a hundred thousand as columns.
#include <cstdio>
#include <span>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "pmml/read/read.h"
#include "pmml/score/scorer.h"

namespace {

base::Result<pmml::Scorer> load(const std::string& path) {
  TRY_ASSIGN(const std::string xml, base::read_file(path));
  TRY_ASSIGN(const pmml::Document document, pmml::read(xml));
  return pmml::Scorer::compile(document);
}

base::Result<std::size_t> bind(const pmml::Scorer& scorer, const std::string& name) {
  if (const auto input = scorer.input(name)) return *input;
  return base::input_error("the model has no input '" + name + "'");
}

base::Result<void> run(const std::string& path) {
  TRY_ASSIGN(const pmml::Scorer scorer, load(path));
  // Once: where each field stands in a row, and which results are wanted.
  TRY_ASSIGN(const std::size_t age, bind(scorer, "age"));
  TRY_ASSIGN(const std::size_t city, bind(scorer, "city"));
  TRY_ASSIGN(const std::size_t visits, bind(scorer, "visits"));
  const auto yes = scorer.target_category("yes");
  const auto offer = scorer.output("offer");
  if (!yes || !offer) return base::input_error("the model gives no offer");

  // One row; one workspace per thread.
  pmml::Workspace workspace(scorer);
  std::vector<double> row(scorer.inputs().size(), pmml::kMissing);
  row[age] = 41;
  row[city] = scorer.encode(city, "Quito");
  const pmml::Prediction& prediction = scorer.score(row, workspace);
  if (prediction.status != pmml::Status::kOk) return base::input_error("the row has no result");
  std::printf("P(yes) = %.6f, offer = %.0f\n", prediction.probabilities[*yes],
              prediction.outputs[*offer]);

  // Many rows, as columns.
  constexpr std::size_t kRows = 100'000;
  std::vector<std::vector<double>> columns(scorer.inputs().size(), std::vector<double>(kRows));
  for (std::size_t r = 0; r < kRows; ++r) {
    columns[age][r] = static_cast<double>(18 + r % 60);
    columns[city][r] = scorer.encode(city, r % 2 == 0 ? "Lima" : "La Paz");
    columns[visits][r] = static_cast<double>(r % 5);
  }
  const std::vector<std::span<const double>> spans(columns.begin(), columns.end());
  std::vector<double> offers(kRows);
  scorer.score_columns(spans, {pmml::Wanted::Figure::kOutput, *offer}, workspace, offers);
  std::size_t shown = 0;
  for (const double decision : offers) shown += decision == 1 ? 1 : 0;
  std::printf("%zu of %zu customers are shown the offer\n", shown, kRows);
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: score MODEL.pmml\n");
    return 2;
  }
  const base::Result<void> result = run(argv[1]);
  if (result) return 0;
  std::fprintf(stderr, "%s\n", result.error().message.c_str());
  return 1;
}
