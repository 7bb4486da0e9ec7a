// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/matrix.h"

namespace pmml::detail {
namespace {

template <class Range, class Text>
std::string joined(const Range& range, const Text& text) {
  std::string result;
  for (const auto& one : range) {
    if (!result.empty()) result += ' ';
    result += text(one);
  }
  return result;
}

std::string quoted(const std::string& value) {
  if (!value.empty() && value.find_first_of(" \t\r\n\"\\") == std::string::npos) return value;
  std::string result = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + "\"";
}

}  // namespace

void write_number_array(std::span<const double> numbers, XmlText& xml) {
  xml.open("Array");
  xml.attribute("n", std::to_string(numbers.size()));
  xml.attribute("type", "real");
  xml.content(joined(numbers, spell));
}

void write_string_array(const std::vector<std::string>& values, XmlText& xml) {
  xml.open("Array");
  xml.attribute("n", std::to_string(values.size()));
  xml.attribute("type", "string");
  xml.content(joined(values, quoted));
}

void write_sparse_array(const SparseArray& array, XmlText& xml) {
  xml.open("REAL-SparseArray");
  xml.attribute("n", std::to_string(array.size));
  if (array.default_value != 0) xml.number("defaultValue", array.default_value);
  if (!array.entries.empty()) {
    xml.open("Indices");
    xml.content(joined(array.entries, [](const SparseArray::Entry& entry) {
      return std::to_string(entry.index + 1);
    }));
    xml.open("REAL-Entries");
    xml.content(
        joined(array.entries, [](const SparseArray::Entry& entry) { return spell(entry.value); }));
  }
  xml.close();
}

void write_matrix(const Matrix& matrix, XmlText& xml) {
  xml.open("Matrix");
  xml.attribute("nbRows", std::to_string(matrix.rows));
  xml.attribute("nbCols", std::to_string(matrix.columns));
  const std::span<const double> values(matrix.values);
  for (std::size_t row = 0; row < matrix.rows; ++row)
    write_number_array(values.subspan(row * matrix.columns, matrix.columns), xml);
  xml.close();
}

}  // namespace pmml::detail
