// SPDX-License-Identifier: Apache-2.0
// The training records of a NearestNeighborModel, ready to be compared with rows: made once for a
// document, not once a row.
#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "pmml/document/document.h"

namespace pmml {

class Names;

struct NeighborTable {
  // Texts are compared as numbers that stand for them.
  struct Input {
    bool is_text = false;
    std::unordered_map<std::string, double> codes = {};
  };
  struct Target {
    std::string field = {};
    bool is_categorical = false;
    std::vector<double> numbers = {};           // By record, where it is not categorical.
    std::vector<std::string> categories = {};   // In order of appearance.
    std::vector<std::size_t> counts = {};       // Records by category.
    std::vector<std::size_t> category_of = {};  // By record.
  };
  std::vector<Input> inputs = {};
  std::vector<double> coordinates = {};  // Record by record, one per input.
  std::vector<Target> targets = {};
  std::vector<std::string> ids = {};  // By record.
  std::string failure = {};           // What the records lack; empty where they can be compared.

  [[nodiscard]] std::span<const double> record(std::size_t index) const {
    return std::span(coordinates).subspan(index * inputs.size(), inputs.size());
  }
};

using NeighborTables = std::unordered_map<const Model*, std::unique_ptr<const NeighborTable>>;

// One table for every NearestNeighborModel in the document, which must be free of cycles.
NeighborTables make_neighbor_tables(const Document& document, const Names& names);

// The fields that a NearestNeighborModel predicts; none for functionName="clustering".
std::vector<std::string> predicted_fields(const Model& model);

}  // namespace pmml
