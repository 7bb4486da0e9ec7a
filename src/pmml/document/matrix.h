// SPDX-License-Identifier: Apache-2.0
// Matrices and sparse vectors of numbers (PMML 4.4 «GeneralStructure», Matrix and SparseArray).
#pragma once
#include <cstddef>
#include <vector>

namespace pmml {

// Every cell, row by row: values.size() == rows * columns.
struct Matrix {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<double> values = {};
  [[nodiscard]] double at(std::size_t row, std::size_t column) const {
    return values[row * columns + column];
  }
  bool operator==(const Matrix&) const = default;
};

// A vector of which only some entries are stated; the others are default_value.
struct SparseArray {
  struct Entry {
    std::size_t index = 0;  // From 0; the document counts from 1.
    double value = 0;
    bool operator==(const Entry&) const = default;
  };
  std::size_t size = 0;
  double default_value = 0;
  std::vector<Entry> entries = {};  // By rising index, each once, all less than size.
  bool operator==(const SparseArray&) const = default;
};

}  // namespace pmml
