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

// 1 where the field has the value, otherwise 0. As a thermometer (up to 3.x): 1 where an ordinal
// field has the value or one behind it.
struct NormDiscrete {
  std::string field = {};
  std::string value = {};
  bool thermometer = false;
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

enum class TermWeights {
  kTermFrequency,
  kBinary,
  kLogarithmic,
  kAugmentedNormalizedTermFrequency,
};
enum class CountHits { kAllHits, kBestHits };

// How a text is changed before its words are counted: row after row of a table, and again while a
// row changes something, where it is recursive.
struct TextIndexNormalization {
  struct Row {
    std::string in = {};
    std::string out = {};
    bool is_regex = false;
    bool operator==(const Row&) const = default;
  };
  bool recursive = false;
  // Those of the TextIndex, where absent.
  std::optional<bool> case_sensitive = {};
  std::optional<int> max_levenshtein_distance = {};
  std::optional<std::string> word_separator = {};
  std::optional<bool> tokenize = {};
  std::vector<Row> rows = {};
  bool operator==(const TextIndexNormalization&) const = default;
};

// How often a term, one word or several in a row, stands in a text.
struct TextFrequency {
  std::string text_field = {};
  TermWeights weights = TermWeights::kTermFrequency;
  bool case_sensitive = false;
  int max_levenshtein_distance = 0;
  CountHits count_hits = CountHits::kAllHits;
  std::string word_separator = "\\s+";   // A regular expression.
  std::optional<std::string> word = {};  // x-wordRE: what a word is, instead of what parts words.
  bool tokenize = true;                  // false: the term may stand anywhere in the text.
  std::vector<TextIndexNormalization> normalizations = {};
  std::vector<Expression> term;  // One.
  bool operator==(const TextFrequency&) const;
};

enum class LagAggregate { kNone, kAverage, kMax, kMedian, kMin, kProduct, kSum };

// The value that a field had n rows ago, or the aggregate of the n rows before this one. Rows count
// while the block indicators have the values they have in this row.
struct Lag {
  std::string field = {};
  int n = 1;
  LagAggregate aggregate = LagAggregate::kNone;
  std::vector<std::string> block_indicators = {};
  bool operator==(const Lag&) const = default;
};

enum class AggregateFunction { kCount, kSum, kAverage, kMin, kMax };

// Over the rows up to this one that have its value of the group field; over all rows where there is
// none.
struct Aggregate {
  std::string field = {};
  AggregateFunction function = AggregateFunction::kCount;
  std::optional<std::string> group_field = {};
  bool operator==(const Aggregate&) const = default;
};

struct Expression {
  std::variant<Constant, FieldRef, NormContinuous, NormDiscrete, Discretize, MapValues, Apply,
               TextFrequency, Lag, Aggregate>
      is = {};
  bool operator==(const Expression&) const;
};

}  // namespace pmml
