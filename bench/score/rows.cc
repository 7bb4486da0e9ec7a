// SPDX-License-Identifier: Apache-2.0
#include "score/rows.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/number.h"

namespace bench {
namespace {

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(at, begin), text.size());
    parts.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

base::Result<std::vector<std::string>> read_lines(const std::string& path) {
  TRY_ASSIGN(const std::string text, base::read_file(path));
  std::vector<std::string> lines = split(text, '\n');
  if (lines.back().empty()) lines.pop_back();
  return lines;
}

}  // namespace

base::Result<Model> read_model(const std::string& folder) {
  TRY_ASSIGN(const std::string text, base::read_file(folder + "/model.json"));
  const auto facts = nlohmann::json::parse(text, nullptr, false);
  if (facts.is_discarded()) return base::input_error(folder + "/model.json is not JSON");
  Model model{.file = folder + "/model.pmml",
              .output = facts["output"],
              .nodes = facts["nodes"],
              .trees = facts["trees"],
              .splits = facts["splits"],
              .relative = facts["relative"],
              .absolute = facts["absolute"],
              .cells = {},
              .expected = {}};
  TRY_ASSIGN(const std::vector<std::string> rows, read_lines(folder + "/rows.csv"));
  for (const std::string& line : rows) model.cells.push_back(split(line, ','));
  TRY_ASSIGN(const std::vector<std::string> expected, read_lines(folder + "/expected.csv"));
  for (std::size_t r = 1; r < expected.size(); ++r)
    model.expected.push_back(base::parse_double(expected[r]).value_or(pmml::kMissing));
  if (model.expected.size() + 1 != model.cells.size())
    return base::input_error(folder + ": rows.csv and expected.csv differ in their number of rows");
  return model;
}

base::Result<Rows> bind(const Model& model, const pmml::Scorer& scorer) {
  const std::size_t width = scorer.inputs().size();
  Rows rows{.count = model.expected.size(), .width = width, .by_row = {}, .columns = {}};
  rows.by_row.resize(rows.count * width);
  rows.columns.assign(width, std::vector<double>(rows.count));
  for (std::size_t i = 0; i < width; ++i) {
    const auto& header = model.cells[0];
    const auto found = std::find(header.begin(), header.end(), scorer.inputs()[i].name);
    if (found == header.end())
      return base::input_error("rows.csv has no column '" + scorer.inputs()[i].name + "'");
    const auto at = static_cast<std::size_t>(found - header.begin());
    for (std::size_t r = 0; r < rows.count; ++r)
      rows.by_row[r * width + i] = rows.columns[i][r] = scorer.encode(i, model.cells[r + 1][at]);
  }
  return rows;
}

}  // namespace bench
