// SPDX-License-Identifier: Apache-2.0
// A typed value as the interpreter sees it.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "pmml/document/types.h"

namespace pmml {

struct Value {
  DataType type = DataType::kString;
  bool missing = true;
  bool valid = true;      // false: kept by invalidValueTreatment="asIs".
  double number = 0;      // Numbers (a float holds a rounded one); booleans 0 and 1; dates in days,
                          // dateTimes in seconds since 1970; times in seconds since midnight;
                          // elapsed times as they count.
  std::string text = {};  // Strings.
};

// Rounded to float for kFloat. What is not a number is missing, wherever it comes from.
Value number_value(DataType type, double number);
Value text_value(std::string text);
Value boolean_value(bool value);

// The value that a text spells in a type; nothing where it spells none. Integers may be written
// "4.0".
std::optional<Value> parse_value(std::string_view text, DataType type);
// The same, but what a document compares an integer field with, or puts in its place, may be
// "70.5".
std::optional<Value> parse_operand(std::string_view text, DataType type);
// A constant without a type: integer, double or string, whichever it looks like first.
Value parse_constant(std::string_view text);
// Nothing where the value has no counterpart in the type (2.5 as an integer).
std::optional<Value> cast(const Value& value, DataType type);
std::string to_text(const Value& value);

// Both present. Compared in the type of the left one; nothing where the right one has no
// counterpart there.
std::optional<int> compare(const Value& left, const Value& right);

// Do two spellings name the same category? "1" and "1.0" do, "true" and "1" do, "01" and "1" do.
bool same_category(std::string_view a, std::string_view b);

}  // namespace pmml
