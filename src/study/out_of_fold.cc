// SPDX-License-Identifier: Apache-2.0
#include "study/out_of_fold.h"

#include <filesystem>

#include "base/number.h"
#include "data/csv.h"
#include "study/run.h"

namespace study {

std::string out_of_fold_path(const std::string& folder, const Model& model) {
  return std::filesystem::path(model_path(folder, model)).replace_extension(".rows.csv").string();
}

std::string write_out_of_fold(const Ground& ground, const MadeModel& made) {
  const std::vector<std::uint8_t>& labels = ground.test().labels.values;
  const std::vector<std::uint8_t> offers = unpack(made.model.decisions, labels.size());
  std::string text = "row,round,accepted,probability,offer\n";
  std::size_t row = 0;
  for (std::size_t round = 0; row < labels.size(); ++round) {
    const std::size_t end = row + ground.rounds()[round].test().labels.values.size();
    for (; row < end; ++row) {
      text += std::to_string(ground.tested()[row] + 1) + "," + std::to_string(round + 1) + "," +
              (labels[row] != 0 ? "1," : "0,") + base::format_double(made.out_of_fold[row]) +
              (offers[row] != 0 ? ",1\n" : ",0\n");
    }
  }
  return text;
}

base::Result<std::vector<double>> read_out_of_fold(const std::string& path, const Ground& ground,
                                                   const Model& model) {
  TRY_ASSIGN(const data::Table table, data::read_csv(path, {}));
  TRY_ASSIGN(const std::size_t probability, table.index_of("probability"));
  TRY_ASSIGN(const std::size_t offer, table.index_of("offer"));
  const data::Column& offers = table.columns()[offer];
  std::vector<std::uint8_t> decisions(table.rows());
  for (std::size_t row = 0; row < decisions.size(); ++row)
    decisions[row] = offers.numeric() && offers.number(row) == 1 ? 1 : 0;
  const bool is_the_model = table.rows() == ground.test().labels.values.size() &&
                            table.columns()[probability].numeric() &&
                            table.columns()[probability].missing() == 0 &&
                            pack(decisions) == model.decisions;
  if (is_the_model) return table.columns()[probability].numbers();
  return base::input_error("the file '" + path + "' does not offer to the rows that '" +
                           model.recipe.name + "' was ranked by: it is another model's");
}

}  // namespace study
