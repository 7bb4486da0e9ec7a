// SPDX-License-Identifier: Apache-2.0
// Arrays and matrices of numbers. Every size that a document states is checked against what the
// document holds, or against the limits below, before memory is taken for it.
#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

#include "pmml/document/matrix.h"
#include "pmml/read/element.h"

namespace pmml::detail {

inline constexpr std::size_t kMaxMatrixCells = std::size_t{1} << 24;
inline constexpr std::size_t kMaxArraySize = std::size_t{1} << 31;  // Of a sparse one.

// An attribute that counts or points at something: an integer between `least` and `most`; anything
// else is refused, and gives `least`.
std::size_t read_count(const Element& element, const char* attribute, std::size_t least,
                       std::size_t most);

// The numbers of an Array, or of the elements that hold bare lists of them (Indices, REAL-Entries,
// …); a token that is no number, or NaN, is refused.
std::vector<double> read_numbers(const Element& array);
std::vector<double> read_numbers(const Element& array, std::size_t expected_size);

[[nodiscard]] bool is_sparse_array(std::string_view element);
// A REAL-SparseArray or INT-SparseArray. Without the attribute n its size is that of its largest
// index.
SparseArray read_sparse_array(const Element& element);

// A Matrix of any kind (diagonal, symmetric, any; Array or MatCell) made a full one.
Matrix read_matrix(const Element& element);

}  // namespace pmml::detail
