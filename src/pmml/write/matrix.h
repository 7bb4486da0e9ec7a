// SPDX-License-Identifier: Apache-2.0
// Arrays and matrices of numbers.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pmml/document/matrix.h"
#include "pmml/write/text.h"

namespace pmml::detail {

void write_number_array(std::span<const double> numbers, XmlText& xml);
// An Array of type string; values that hold blanks or quotes are quoted.
void write_string_array(const std::vector<std::string>& values, XmlText& xml);
void write_sparse_array(const SparseArray& array, XmlText& xml);
void write_matrix(const Matrix& matrix, XmlText& xml);

}  // namespace pmml::detail
