// SPDX-License-Identifier: Apache-2.0
// The folder of one model: its document, the rows to score and what the library made of them.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "pmml/score/scorer.h"

namespace bench {

struct Model {
  std::string file;    // The path of the document.
  std::string output;  // The output field that is compared.
  std::size_t nodes = 0;
  std::size_t trees = 0;
  std::size_t splits = 0;
  double relative = 0;  // How far an engine may be from the library.
  double absolute = 0;
  std::vector<std::vector<std::string>> cells;  // The first line names the columns.
  std::vector<double> expected;                 // One per row.
};

// Reads model.json, rows.csv and expected.csv. The files are those of models.py: no quotes.
base::Result<Model> read_model(const std::string& folder);

// The rows as a scorer takes them.
struct Rows {
  std::size_t count = 0;
  std::size_t width = 0;
  std::vector<double> by_row;                // count × width.
  std::vector<std::vector<double>> columns;  // width × count.
  [[nodiscard]] std::span<const double> row(std::size_t r) const {
    return std::span(by_row).subspan(r * width, width);
  }
};
base::Result<Rows> bind(const Model& model, const pmml::Scorer& scorer);

}  // namespace bench
