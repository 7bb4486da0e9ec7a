// SPDX-License-Identifier: Apache-2.0
#include "pmml/read/expression.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "pmml/read/read.h"

namespace pmml::detail {
namespace {

constexpr std::array<std::string_view, 11> kExpressions = {
    "Constant", "FieldRef",  "NormContinuous", "NormDiscrete", "Discretize",    "MapValues",
    "Apply",    "Aggregate", "TextIndex",      "Lag",          "BlockIndicator"};

Constant read_constant(const Element& element) {
  element.only({"dataType", "missing"});
  Constant constant;
  constant.type = element.find_choice("dataType", kDataTypes);
  constant.text = element.content();
  constant.missing = element.boolean("missing", false);
  if (constant.type && is_number(*constant.type) && !constant.missing && !constant.text.empty() &&
      !parse_pmml_number(constant.text)) {
    element.refuse("'" + constant.text + "' is not a number, as its dataType says");
  }
  return constant;
}

NormContinuous read_norm_continuous(const Element& element) {
  element.only({"field", "mapMissingTo", "outliers"});
  NormContinuous norm;
  norm.field = element.required("field");
  norm.map_missing_to = element.find_number("mapMissingTo");
  norm.outliers = element.choice("outliers", kOutlierTreatments, OutlierTreatment::kAsIs);
  for (const Element& child : element.children()) {
    if (!child.is("LinearNorm")) {
      child.refuse_here();
      continue;
    }
    child.only({"orig", "norm"});
    norm.points.push_back({child.required_number("orig"), child.required_number("norm")});
    if (norm.points.size() > 1 &&
        !(norm.points[norm.points.size() - 2].original < norm.points.back().original)) {
      child.refuse("orig must be greater than that of the LinearNorm before");
    }
  }
  if (norm.points.size() < 2) element.refuse("two or more LinearNorm are needed");
  return norm;
}

NormDiscrete read_norm_discrete(const Element& element) {
  element.only({"field", "value", "method", "mapMissingTo"});
  const std::string method = element.find("method").value_or("indicator");
  if (method != "indicator" && method != "thermometer")
    element.refuse("method is '" + method + "': expected indicator or thermometer");
  return {.field = element.required("field"),
          .value = element.required("value"),
          .thermometer = method == "thermometer",
          .map_missing_to = element.find_number("mapMissingTo")};
}

Discretize read_discretize(const Element& element) {
  element.only({"field", "mapMissingTo", "defaultValue", "dataType"});
  Discretize result;
  result.field = element.required("field");
  result.map_missing_to = element.find("mapMissingTo");
  result.default_value = element.find("defaultValue");
  result.type = element.find_choice("dataType", kDataTypes);
  for (const Element& child : element.children()) {
    if (!child.is("DiscretizeBin")) {
      child.refuse_here();
      continue;
    }
    child.only({"binValue"});
    Discretize::Bin bin;
    bin.value = child.required("binValue");
    const auto intervals = child.children();
    if (intervals.size() != 1 || !intervals[0].is("Interval")) {
      child.refuse("exactly one Interval is needed");
      continue;
    }
    bin.interval = read_interval(intervals[0]);
    result.bins.push_back(std::move(bin));
  }
  return result;
}

// The cell of a row of an InlineTable; prefixes of namespaces do not matter.
std::optional<std::string> find_cell(const Element& row, std::string_view column) {
  const auto local = [](std::string_view name) { return name.substr(name.find(':') + 1); };
  for (const pugi::xml_node child : row.node().children()) {
    if (child.type() == pugi::node_element && local(child.name()) == local(column))
      return Element(child, row.source()).content();
  }
  return std::nullopt;
}

MapValues::Row read_row(const Element& row, const MapValues& table) {
  MapValues::Row result;
  const auto cell = [&](const std::string& column) { return find_cell(row, column); };
  for (const auto& column : table.columns) {
    auto value = cell(column.column);
    if (!value) row.refuse("the row has no cell for column '" + column.column + "'");
    result.keys.push_back(value.value_or(""));
  }
  result.output = cell(table.output_column);
  return result;
}

MapValues read_map_values(const Element& element) {
  element.only({"mapMissingTo", "defaultValue", "outputColumn", "dataType"});
  MapValues map;
  map.output_column = element.required("outputColumn");
  map.map_missing_to = element.find("mapMissingTo");
  map.default_value = element.find("defaultValue");
  map.type = element.find_choice("dataType", kDataTypes);
  const auto children = element.children();
  for (const Element& child : children) {
    if (child.is("FieldColumnPair")) {
      child.only({"field", "column"});
      map.columns.push_back({child.required("field"), child.required("column")});
    }
  }
  for (const Element& child : children) {
    if (child.is("FieldColumnPair")) continue;
    if (!child.is("InlineTable")) {
      child.refuse_here();
      continue;
    }
    for (const Element& row : child.children()) map.rows.push_back(read_row(row, map));
  }
  return map;
}

Apply read_apply(const Element& element, int nesting) {
  element.only({"function", "mapMissingTo", "defaultValue", "invalidValueTreatment"});
  Apply apply;
  apply.function = element.required("function");
  apply.map_missing_to = element.find("mapMissingTo");
  apply.default_value = element.find("defaultValue");
  // Up to 4.1 the attribute now called defaultValue was spelled mapMissingTo.
  if (element.source().version <= 41 && !apply.default_value)
    std::swap(apply.map_missing_to, apply.default_value);
  apply.invalid_treatment =
      element.choice("invalidValueTreatment", kInvalidTreatments, InvalidTreatment::kReturnInvalid);
  if (apply.invalid_treatment == InvalidTreatment::kAsValue)
    element.refuse("invalidValueTreatment asValue is not for Apply");
  for (const Element& child : element.children())
    apply.arguments.push_back(read_expression(child, nesting + 1));
  return apply;
}

std::optional<int> read_distance(const Element& element) {
  const auto distance = element.find_number("maxLevenshteinDistance");
  if (!distance) return std::nullopt;
  constexpr double kFarthest = 64;
  if (!(*distance >= 0 && *distance <= kFarthest && *distance == std::floor(*distance))) {
    element.refuse("maxLevenshteinDistance must be a whole number from 0 to 64");
    return 0;
  }
  return static_cast<int>(*distance);
}

std::optional<bool> find_boolean(const Element& element, const char* attribute) {
  if (!element.find(attribute)) return std::nullopt;
  return element.boolean(attribute, false);
}

TextIndexNormalization read_normalization(const Element& element) {
  element.only({"inField", "outField", "regexField", "recursive", "isCaseSensitive",
                "maxLevenshteinDistance", "wordSeparatorCharacterRE", "tokenize"});
  TextIndexNormalization result;
  result.recursive = element.boolean("recursive", false);
  result.case_sensitive = find_boolean(element, "isCaseSensitive");
  result.max_levenshtein_distance = read_distance(element);
  result.word_separator = element.find("wordSeparatorCharacterRE");
  result.tokenize = find_boolean(element, "tokenize");
  const std::string in = element.find("inField").value_or("string");
  const std::string out = element.find("outField").value_or("stem");
  const std::string regex = element.find("regexField").value_or("regex");
  for (const Element& child : element.children()) {
    if (!child.is("InlineTable")) {
      child.refuse_here();
      continue;
    }
    for (const Element& row : child.children()) {
      const auto from = find_cell(row, in);
      const auto to = find_cell(row, out);
      if (!from || !to) row.refuse("the row needs the cells '" + in + "' and '" + out + "'");
      const std::string is_regex = find_cell(row, regex).value_or("false");
      if (is_regex != "true" && is_regex != "false" && is_regex != "1" && is_regex != "0")
        row.refuse("the cell '" + regex + "' is '" + is_regex + "': expected true or false");
      result.rows.push_back(
          {from.value_or(""), to.value_or(""), is_regex == "true" || is_regex == "1"});
    }
  }
  return result;
}

TextFrequency read_text_index(const Element& element, int nesting) {
  element.only({"textField", "localTermWeights", "isCaseSensitive", "maxLevenshteinDistance",
                "countHits", "wordSeparatorCharacterRE", "tokenize", "x-wordRE"});
  TextFrequency result;
  result.text_field = element.required("textField");
  result.weights = element.choice("localTermWeights", kTermWeights, TermWeights::kTermFrequency);
  result.case_sensitive = element.boolean("isCaseSensitive", false);
  result.max_levenshtein_distance = read_distance(element).value_or(0);
  result.count_hits = element.choice("countHits", kCountHits, CountHits::kAllHits);
  if (const auto separator = element.find("wordSeparatorCharacterRE"))
    result.word_separator = *separator;
  result.word = element.find("x-wordRE");
  result.tokenize = element.boolean("tokenize", true);
  for (const Element& child : element.children()) {
    if (child.is("TextIndexNormalization")) {
      result.normalizations.push_back(read_normalization(child));
    } else if (result.term.empty()) {
      result.term.push_back(read_expression(child, nesting + 1));
    } else {
      child.refuse("only one expression may stand here");
    }
  }
  if (result.term.empty()) {
    element.refuse("an expression is needed, the term to be counted");
    result.term.emplace_back();
  }
  return result;
}

Lag read_lag(const Element& element) {
  element.only({"field", "n", "aggregate"});
  constexpr double kFarthest = 100'000;
  Lag lag;
  lag.field = element.required("field");
  const double n = element.number("n", 1);
  if (!(n >= 1 && n <= kFarthest && n == std::floor(n))) {
    element.refuse("n must be a whole number from 1 to 100000");
  } else {
    lag.n = static_cast<int>(n);
  }
  if (element.find("aggregate").value_or("") == "stddev") {
    element.refuse(
        "the standard does not say whether aggregate=\"stddev\" divides by n or by n - 1; "
        "compute it from sums");
  } else {
    lag.aggregate = element.choice("aggregate", kLagAggregates, LagAggregate::kNone);
  }
  for (const Element& child : element.children()) {
    if (!child.is("BlockIndicator")) {
      child.refuse_here();
      continue;
    }
    child.only({"field"});
    lag.block_indicators.push_back(child.required("field"));
  }
  return lag;
}

Aggregate read_aggregate(const Element& element) {
  element.only({"field", "function", "groupField"});
  Aggregate aggregate;
  aggregate.field = element.required("field");
  if (!element.find("function")) element.refuse("attribute function is required");
  if (element.find("function").value_or("") == "multiset") {
    element.refuse(
        "function=\"multiset\" gives a collection, which no expression or model takes; a model "
        "of transactions reads its items from the field itself");
  } else {
    aggregate.function = element.choice("function", kAggregateFunctions, AggregateFunction::kCount);
  }
  aggregate.group_field = element.find("groupField");
  return aggregate;
}

}  // namespace

bool is_expression(std::string_view name) {
  return std::ranges::find(kExpressions, name) != kExpressions.end();
}

Expression read_expression(const Element& element, int nesting) {
  if (nesting > kMaxNesting) {
    element.refuse("expressions nest more than " + std::to_string(kMaxNesting) + " deep");
    return {};
  }
  if (element.is("Constant")) return {read_constant(element)};
  if (element.is("FieldRef")) {
    element.only({"field", "mapMissingTo"});
    return {FieldRef{.field = element.required("field"),
                     .map_missing_to = element.find("mapMissingTo")}};
  }
  if (element.is("NormContinuous")) return {read_norm_continuous(element)};
  if (element.is("NormDiscrete")) return {read_norm_discrete(element)};
  if (element.is("Discretize")) return {read_discretize(element)};
  if (element.is("MapValues")) return {read_map_values(element)};
  if (element.is("Apply")) return {read_apply(element, nesting)};
  if (element.is("TextIndex")) return {read_text_index(element, nesting)};
  if (element.is("Lag")) return {read_lag(element)};
  if (element.is("Aggregate")) return {read_aggregate(element)};
  element.refuse_here();
  return {};
}

Expression read_only_expression(const Element& parent,
                                std::initializer_list<std::string_view> beside) {
  std::optional<Expression> result;
  for (const Element& child : parent.children()) {
    if (std::ranges::find(beside, child.name()) != beside.end()) continue;
    if (result) child.refuse("only one expression may stand here");
    result = read_expression(child);
  }
  if (!result) parent.refuse("an expression is needed");
  return result.value_or(Expression{});
}

}  // namespace pmml::detail
