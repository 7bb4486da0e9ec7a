// SPDX-License-Identifier: Apache-2.0
#include "pmml/read/matrix.h"

#include <algorithm>
#include <cmath>

namespace pmml::detail {
namespace {

enum class Kind { kAny, kDiagonal, kSymmetric };
constexpr Names<Kind, 4> kKinds = {{{"any", Kind::kAny},
                                    {"diagonal", Kind::kDiagonal},
                                    {"symmetric", Kind::kSymmetric},
                                    {"sparse", Kind::kAny}}};

std::vector<double> parse_numbers(const Element& element, const std::vector<std::string>& tokens) {
  std::vector<double> numbers;
  numbers.reserve(tokens.size());
  for (const std::string& token : tokens) {
    const auto number = parse_pmml_number(token);
    if (!number || std::isnan(*number))
      element.refuse("holds '" + token + "', which is not a number");
    numbers.push_back(number.value_or(0));
  }
  return numbers;
}

// The rows of numbers that a Matrix spells by Array elements; a symmetric one may leave out what
// lies above its diagonal.
Matrix from_arrays(const Element& element, const std::vector<Element>& arrays, Kind kind) {
  std::vector<std::vector<double>> rows;
  rows.reserve(arrays.size());
  for (const Element& array : arrays) rows.push_back(read_numbers(array));
  Matrix matrix;
  if (kind == Kind::kDiagonal) {
    if (rows.size() != 1) {
      element.refuse("kind=\"diagonal\" needs exactly one Array, the diagonal");
      return matrix;
    }
    matrix.rows = matrix.columns = rows[0].size();
  } else {
    matrix.rows = rows.size();
    matrix.columns = kind == Kind::kSymmetric ? rows.size() : rows[0].size();
  }
  if (matrix.rows > kMaxMatrixCells / std::max<std::size_t>(matrix.columns, 1)) {
    element.refuse("has more than " + std::to_string(kMaxMatrixCells) + " cells");
    return {};
  }
  matrix.values.assign(matrix.rows * matrix.columns, 0);
  if (kind == Kind::kDiagonal) {
    const double off = element.number("offDiagDefault", 0);
    std::ranges::fill(matrix.values, off);
    for (std::size_t i = 0; i < matrix.rows; ++i)
      matrix.values[i * matrix.columns + i] = rows[0][i];
    return matrix;
  }
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const bool triangle = kind == Kind::kSymmetric && rows[r].size() == r + 1;
    if (!triangle && rows[r].size() != matrix.columns) {
      arrays[r].refuse("has " + std::to_string(rows[r].size()) + " numbers; row " +
                       std::to_string(r + 1) + " of this Matrix needs " +
                       std::to_string(kind == Kind::kSymmetric ? r + 1 : matrix.columns));
      return {};
    }
    for (std::size_t c = 0; c < rows[r].size(); ++c) {
      matrix.values[r * matrix.columns + c] = rows[r][c];
      if (triangle) matrix.values[c * matrix.columns + r] = rows[r][c];
    }
  }
  return matrix;
}

// A Matrix of MatCell elements, or of defaults alone; its sizes come from its attributes.
Matrix from_cells(const Element& element, const std::vector<Element>& cells, Kind kind) {
  if (!element.find("nbRows") || !element.find("nbCols")) {
    element.refuse("without Array it needs the attributes nbRows and nbCols");
    return {};
  }
  Matrix matrix;
  matrix.rows = read_count(element, "nbRows", 1, kMaxMatrixCells);
  matrix.columns = read_count(element, "nbCols", 1, kMaxMatrixCells);
  if (matrix.rows > kMaxMatrixCells / matrix.columns) {
    element.refuse("has more than " + std::to_string(kMaxMatrixCells) + " cells");
    return {};
  }
  matrix.values.assign(matrix.rows * matrix.columns, element.number("offDiagDefault", 0));
  const double diagonal = element.number("diagDefault", 0);
  for (std::size_t i = 0; i < std::min(matrix.rows, matrix.columns); ++i)
    matrix.values[i * matrix.columns + i] = diagonal;
  for (const Element& cell : cells) {
    cell.only({"row", "col"});
    const std::size_t row = read_count(cell, "row", 1, matrix.rows) - 1;
    const std::size_t column = read_count(cell, "col", 1, matrix.columns) - 1;
    const auto number = parse_pmml_number(cell.content());
    if (!number || std::isnan(*number))
      cell.refuse("holds '" + cell.content() + "', which is not a number");
    matrix.values[row * matrix.columns + column] = number.value_or(0);
    if (kind == Kind::kSymmetric && column < matrix.rows && row < matrix.columns)
      matrix.values[column * matrix.columns + row] = number.value_or(0);
  }
  return matrix;
}

}  // namespace

std::size_t read_count(const Element& element, const char* attribute, std::size_t least,
                       std::size_t most) {
  const double number = element.required_number(attribute);
  if (number == std::floor(number) && number >= static_cast<double>(least) &&
      number <= static_cast<double>(most)) {
    return static_cast<std::size_t>(number);
  }
  element.refuse("attribute " + std::string(attribute) + " is '" + element.text(attribute) +
                 "': expected an integer from " + std::to_string(least) + " to " +
                 std::to_string(most));
  return least;
}

std::vector<double> read_numbers(const Element& array) {
  return parse_numbers(array, read_array(array));
}

std::vector<double> read_numbers(const Element& array, std::size_t expected_size) {
  std::vector<double> numbers = read_numbers(array);
  if (numbers.size() != expected_size) {
    array.refuse("has " + std::to_string(numbers.size()) + " numbers; " +
                 std::to_string(expected_size) + " are needed");
    numbers.assign(std::min(expected_size, kMaxMatrixCells), 0);
  }
  return numbers;
}

bool is_sparse_array(std::string_view element) {
  return element == "REAL-SparseArray" || element == "INT-SparseArray";
}

SparseArray read_sparse_array(const Element& element) {
  element.only({"n", "defaultValue"});
  SparseArray array;
  array.default_value = element.number("defaultValue", 0);
  std::vector<double> indices;
  std::vector<double> values;
  for (const Element& child : element.children()) {
    if (child.is("Indices")) {
      indices = read_numbers(child);
    } else if (child.is("REAL-Entries") || child.is("INT-Entries")) {
      values = read_numbers(child);
    } else {
      child.refuse_here();
    }
  }
  if (indices.size() != values.size()) {
    element.refuse("has " + std::to_string(indices.size()) + " indices for " +
                   std::to_string(values.size()) + " entries");
    return array;
  }
  if (element.find("n")) array.size = read_count(element, "n", 0, kMaxArraySize);
  const std::size_t most = element.find("n") ? array.size : kMaxArraySize;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    if (indices[i] != std::floor(indices[i]) || indices[i] < 1 ||
        indices[i] > static_cast<double>(most)) {
      element.refuse("an index is not an integer from 1 to " + std::to_string(most));
      return array;
    }
    array.entries.push_back({static_cast<std::size_t>(indices[i]) - 1, values[i]});
  }
  std::ranges::stable_sort(array.entries, {}, &SparseArray::Entry::index);
  for (std::size_t i = 1; i < array.entries.size(); ++i) {
    if (array.entries[i].index == array.entries[i - 1].index)
      element.refuse("states index " + std::to_string(array.entries[i].index + 1) + " twice");
  }
  if (!element.find("n") && !array.entries.empty()) array.size = array.entries.back().index + 1;
  return array;
}

Matrix read_matrix(const Element& element) {
  element.only({"kind", "nbRows", "nbCols", "diagDefault", "offDiagDefault"});
  const Kind kind = element.choice("kind", kKinds, Kind::kAny);
  std::vector<Element> arrays;
  std::vector<Element> cells;
  for (const Element& child : element.children()) {
    if (child.is("Array")) {
      arrays.push_back(child);
    } else if (child.is("MatCell")) {
      cells.push_back(child);
    } else {
      child.refuse_here();
    }
  }
  if (arrays.empty()) return from_cells(element, cells, kind);
  if (element.text("kind") == "sparse")
    element.refuse("is sparse, which MatCells are, not an Array");
  if (!cells.empty()) element.refuse("has both Array and MatCell; one of them is needed");
  Matrix matrix = from_arrays(element, arrays, kind);
  for (const auto& [attribute, size] :
       {std::pair{"nbRows", matrix.rows}, std::pair{"nbCols", matrix.columns}}) {
    if (const auto stated = element.find_number(attribute);
        stated && *stated != static_cast<double>(size)) {
      element.refuse("attribute " + std::string(attribute) + " is '" + element.text(attribute) +
                     "', its Arrays give " + std::to_string(size));
    }
  }
  return matrix;
}

}  // namespace pmml::detail
