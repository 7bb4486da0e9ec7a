// SPDX-License-Identifier: Apache-2.0
#include "pmml/read/predicate.h"

#include "pmml/read/read.h"

namespace pmml::detail {

ComparisonText read_comparison(const Element& element) {
  ComparisonText result;
  bool has_field = false;
  bool has_operator = false;
  bool has_value = false;
  element.each_attribute([&](std::string_view name, const char* value) {
    if (name == "field") {
      result.field = value;
      has_field = true;
    } else if (name == "operator") {
      const auto known = find_name(kComparisons, value);
      result.comparison =
          known ? *known : element.choice("operator", kComparisons, Comparison::kEqual);
      has_operator = true;
    } else if (name == "value") {
      result.value = value;
      has_value = true;
    } else {
      return false;
    }
    return true;
  });
  const bool unary = is_unary(result.comparison);
  if (!has_field) element.refuse("attribute field is required");
  if (!has_operator) element.refuse("attribute operator is required");
  if (!has_value && !unary) element.refuse("attribute value is required");
  if (unary) result.value = {};
  return result;
}

namespace {

SimplePredicate read_simple(const Element& element) {
  const ComparisonText text = read_comparison(element);
  return {std::string(text.field), text.comparison, std::string(text.value)};
}

SimpleSetPredicate read_set(const Element& element) {
  element.only({"field", "booleanOperator"});
  SimpleSetPredicate result;
  result.field = element.required("field");
  const std::string which = element.required("booleanOperator");
  if (which != "isIn" && which != "isNotIn")
    element.refuse("booleanOperator is '" + which + "': expected isIn or isNotIn");
  result.is_in = which == "isIn";
  const auto children = element.children();
  if (children.size() != 1 || !children[0].is("Array")) {
    element.refuse("exactly one Array is needed");
    return result;
  }
  result.values = read_array(children[0]);
  return result;
}

CompoundPredicate read_compound(const Element& element, int nesting) {
  element.only({"booleanOperator"});
  CompoundPredicate result;
  if (!element.find("booleanOperator")) element.refuse("attribute booleanOperator is required");
  result.boolean_operator =
      element.choice("booleanOperator", kBooleanOperators, BooleanOperator::kAnd);
  for (const Element& child : element.children())
    result.children.push_back(read_predicate(child, nesting + 1));
  if (result.children.size() < 2) element.refuse("two or more predicates are needed");
  return result;
}

}  // namespace

bool is_predicate(std::string_view name) {
  return name == "True" || name == "False" || name == "SimplePredicate" ||
         name == "SimpleSetPredicate" || name == "CompoundPredicate";
}

Predicate read_predicate(const Element& element, int nesting) {
  if (nesting > kMaxNesting) {
    element.refuse("predicates nest more than " + std::to_string(kMaxNesting) + " deep");
    return {};
  }
  if (element.is("True")) return {True{}};
  if (element.is("False")) return {False{}};
  if (element.is("SimplePredicate")) return {read_simple(element)};
  if (element.is("SimpleSetPredicate")) return {read_set(element)};
  if (element.is("CompoundPredicate")) return {read_compound(element, nesting)};
  element.refuse_here();
  return {};
}

}  // namespace pmml::detail
