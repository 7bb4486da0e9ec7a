// SPDX-License-Identifier: Apache-2.0
// One column computed from others: its values in a table, and the expression that computes them in
// a document.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "data/table.h"
#include "pmml/document/expression.h"

namespace learn::detail {

inline constexpr const char* kOtherCombination = "(other)";

// The texts that a column holds in the rows fitted on.
struct Vocabulary {
  std::string column;
  std::vector<std::string> texts;
};

// labels[i] from edges[i − 1] to below edges[i]; one label more than edges.
struct Bins {
  std::string column;
  std::vector<double> edges;
  std::vector<std::string> labels;
};
struct Product {
  std::string first;
  std::string second;
};
struct Cross {
  std::string first;
  std::string second;
  std::vector<std::pair<std::string, std::string>> known;  // The combinations with a value each.
};
struct Logarithm {
  std::string column;
};
// 1 where the column holds the text, otherwise 0.
struct TextIndicator {
  std::string column;
  std::optional<std::string> text;  // Nothing: 1 where it is missing.
};
// A number for each text.
struct TextNumbers {
  std::string column;
  std::vector<std::pair<std::string, double>> numbers;
  double missing = 0;
  double unseen = 0;
  bool is_target_rate = false;
};

struct DerivedColumn {
  std::string name;
  std::variant<Bins, Product, Cross, Logarithm, TextIndicator, TextNumbers> is;
};

[[nodiscard]] bool is_text(const DerivedColumn& derived);
// Whether it is computed from numbers.
[[nodiscard]] bool takes_numbers(const DerivedColumn& derived);
// The columns that it is computed from.
[[nodiscard]] std::vector<std::string> sources_of(const DerivedColumn& derived);
[[nodiscard]] std::string label_of(const std::string& first, const std::string& second);

base::Result<data::Column> compute(const DerivedColumn& derived, const data::Table& table);

// The same of the fields of these names; a text has `missing` where it is missing, if there is one.
pmml::Expression expression_of(const DerivedColumn& derived,
                               const std::optional<std::string>& missing);

}  // namespace learn::detail
