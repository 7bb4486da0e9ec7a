// SPDX-License-Identifier: Apache-2.0
// Expressions of derived fields, functions and outputs (PMML 4.4 «Transformations», «Functions»).
// Values that a field's type gives meaning to are kept as the document spells them.
#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "pmml/document/types.h"

namespace pmml {

struct Expression;

struct Constant {
  std::optional<DataType> type =
      {};  // Absent: an integer, a double or a string, whichever the text looks like first.
  std::string text = {};
  bool missing = false;
  bool operator==(const Constant&) const = default;
};

struct FieldRef {
  std::string field = {};
  std::optional<std::string> map_missing_to = {};
  bool operator==(const FieldRef&) const = default;
};

enum class OutlierTreatment { kAsIs, kAsMissingValues, kAsExtremeValues };

// Piecewise linear: each pair gives the value at one point; points rise strictly, there are two or
// more.
struct NormContinuous {
  struct LinearNorm {
    double original = 0;
    double normalized = 0;
    bool operator==(const LinearNorm&) const = default;
  };
  std::string field = {};
  std::optional<double> map_missing_to = {};
  OutlierTreatment outliers = OutlierTreatment::kAsIs;  // As is: the first and last piece go on.
  std::vector<LinearNorm> points = {};
  bool operator==(const NormContinuous&) const = default;
};

// 1 where the field has the value, otherwise 0.
struct NormDiscrete {
  std::string field = {};
  std::string value = {};
  std::optional<double> map_missing_to = {};
  bool operator==(const NormDiscrete&) const = default;
};

struct Discretize {
  struct Bin {
    std::string value = {};
    Interval interval = {};
    bool operator==(const Bin&) const = default;
  };
  std::string field = {};
  std::optional<std::string> map_missing_to = {};
  std::optional<std::string> default_value = {};
  std::optional<DataType> type = {};
  std::vector<Bin> bins = {};
  bool operator==(const Discretize&) const = default;
};

// A table from the values of some fields to an output; the first row that matches in every column
// wins.
struct MapValues {
  struct Column {
    std::string field = {};
    std::string column = {};
    bool operator==(const Column&) const = default;
  };
  std::string output_column = {};
  std::vector<Column> columns = {};
  std::optional<std::string> map_missing_to = {};
  std::optional<std::string> default_value = {};
  std::optional<DataType> type = {};
  // One cell per column, then the output; a row without an output cell gives a missing value.
  struct Row {
    std::vector<std::string> keys = {};
    std::optional<std::string> output = {};
    bool operator==(const Row&) const = default;
  };
  std::vector<Row> rows = {};
  bool operator==(const MapValues&) const = default;
};

enum class InvalidTreatment { kReturnInvalid, kAsIs, kAsMissing, kAsValue };

// A built-in function or a DefineFunction of the document.
struct Apply {
  std::string function = {};
  std::vector<Expression> arguments;
  std::optional<std::string> map_missing_to = {};
  std::optional<std::string> default_value = {};
  InvalidTreatment invalid_treatment = InvalidTreatment::kReturnInvalid;
  bool operator==(const Apply&) const;
};

struct Expression {
  std::variant<Constant, FieldRef, NormContinuous, NormDiscrete, Discretize, MapValues, Apply> is =
      {};
  bool operator==(const Expression&) const;
};

}  // namespace pmml
