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
  if (element.find("method").value_or("indicator") != "indicator")
    element.refuse("only method=\"indicator\" is supported");
  return {.field = element.required("field"),
          .value = element.required("value"),
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

MapValues::Row read_row(const Element& row, const MapValues& table) {
  MapValues::Row result;
  const auto cell = [&](const std::string& column) -> std::optional<std::string> {
    for (const pugi::xml_node child : row.node().children()) {
      if (child.type() != pugi::node_element) continue;
      std::string_view name = child.name();
      if (name.find(':') != std::string_view::npos) name.remove_prefix(name.find(':') + 1);
      std::string_view wanted = column;
      if (wanted.find(':') != std::string_view::npos) wanted.remove_prefix(wanted.find(':') + 1);
      if (name == wanted) return Element(child, row.source()).content();
    }
    return std::nullopt;
  };
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
