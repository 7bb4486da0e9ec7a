// SPDX-License-Identifier: Apache-2.0
#include "pmml/write/predicate.h"

#include <string>

namespace pmml::detail {
namespace {

void write_one(const True&, XmlText& xml) {
  xml.open("True");
  xml.close();
}

void write_one(const False&, XmlText& xml) {
  xml.open("False");
  xml.close();
}

void write_one(const SimplePredicate& predicate, XmlText& xml) {
  xml.open("SimplePredicate");
  xml.attribute("field", predicate.field);
  xml.choice("operator", kComparisons, predicate.comparison);
  if (!is_unary(predicate.comparison)) xml.attribute("value", predicate.value);
  xml.close();
}

std::string array_of(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) {
    if (!text.empty()) text += ' ';
    text += '"';
    for (const char c : value) {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
    text += '"';
  }
  return text;
}

void write_one(const SimpleSetPredicate& predicate, XmlText& xml) {
  xml.open("SimpleSetPredicate");
  xml.attribute("field", predicate.field);
  xml.attribute("booleanOperator", predicate.is_in ? "isIn" : "isNotIn");
  xml.open("Array");
  xml.attribute("type", "string");
  xml.attribute("n", std::to_string(predicate.values.size()));
  xml.content(array_of(predicate.values));
  xml.close();
}

void write_one(const CompoundPredicate& predicate, XmlText& xml) {
  xml.open("CompoundPredicate");
  xml.choice("booleanOperator", kBooleanOperators, predicate.boolean_operator);
  for (const Predicate& child : predicate.children) write_predicate(child, xml);
  xml.close();
}

}  // namespace

void write_predicate(const Predicate& predicate, XmlText& xml) {
  std::visit([&](const auto& one) { write_one(one, xml); }, predicate.is);
}

}  // namespace pmml::detail
