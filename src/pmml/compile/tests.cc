// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/tests.h"

#include <algorithm>

namespace pmml::detail {

const SlotInfo* TestCompiler::find(std::string_view name, const NameScope& scope) {
  const SlotInfo* info = scope.find(name);
  if (info == nullptr) ok_ = false;
  return info;
}

Test TestCompiler::compile(const Predicate& predicate, const NameScope& scope) {
  if (std::holds_alternative<True>(predicate.is)) return {};
  if (std::holds_alternative<False>(predicate.is)) return {.op = Op::kFalse};
  if (const auto* simple = std::get_if<SimplePredicate>(&predicate.is))
    return compile_simple(*simple, scope);
  if (const auto* set = std::get_if<SimpleSetPredicate>(&predicate.is))
    return compile_set(*set, scope);
  const auto& compound = std::get<CompoundPredicate>(predicate.is);
  std::vector<std::uint32_t> children;
  for (const Predicate& child : compound.children) {
    const Test test = compile(child, scope);
    children.push_back(static_cast<std::uint32_t>(tests_.tests.size()));
    tests_.tests.push_back(test);
  }
  auto& all = tests_.children;
  Test test{.first = static_cast<std::uint32_t>(all.size()),
            .count = static_cast<std::uint32_t>(children.size())};
  all.insert(all.end(), children.begin(), children.end());
  switch (compound.boolean_operator) {
    case BooleanOperator::kAnd:
      test.op = Op::kAnd;
      break;
    case BooleanOperator::kOr:
      test.op = Op::kOr;
      break;
    case BooleanOperator::kXor:
      test.op = Op::kXor;
      break;
    case BooleanOperator::kSurrogate:
      test.op = Op::kSurrogate;
      break;
  }
  return test;
}

Test TestCompiler::compile_simple(const SimplePredicate& predicate, const NameScope& scope) {
  const SlotInfo* info = find(predicate.field, scope);
  if (info == nullptr) return {};
  Test test{.slot = info->slot};
  switch (predicate.comparison) {
    case Comparison::kEqual:
      test.op = Op::kEqual;
      break;
    case Comparison::kNotEqual:
      test.op = Op::kNotEqual;
      break;
    case Comparison::kLessThan:
      test.op = Op::kLess;
      break;
    case Comparison::kLessOrEqual:
      test.op = Op::kLessOrEqual;
      break;
    case Comparison::kGreaterThan:
      test.op = Op::kGreater;
      break;
    case Comparison::kGreaterOrEqual:
      test.op = Op::kGreaterOrEqual;
      break;
    case Comparison::kIsMissing:
      test.op = Op::kIsMissing;
      return test;
    case Comparison::kIsNotMissing:
      test.op = Op::kIsNotMissing;
      return test;
  }
  const bool ordered = test.op != Op::kEqual && test.op != Op::kNotEqual;
  // Texts and ordinal fields are ordered by what their field declares: for the interpreter.
  if (ordered && (is_index(*info) || info->ordered_by_list)) ok_ = false;
  const auto value = operand(predicate.value, *info);
  if (!value) ok_ = false;
  test.value = value.value_or(0);
  return test;
}

Test TestCompiler::compile_set(const SimpleSetPredicate& predicate, const NameScope& scope) {
  const SlotInfo* info = find(predicate.field, scope);
  if (info == nullptr) return {};
  Test test{.slot = info->slot};
  if (is_index(*info)) {
    auto& members = tests_.members;
    test.op = predicate.is_in ? Op::kInCategories : Op::kNotInCategories;
    test.first = static_cast<std::uint32_t>(members.size());
    test.count = static_cast<std::uint32_t>(info->categories->size());
    members.resize(members.size() + test.count, 0);
    for (const std::string& text : predicate.values) {
      const auto value = operand(text, *info);
      if (value && *value >= 0) members[test.first + static_cast<std::size_t>(*value)] = 1;
    }
    return test;
  }
  auto& numbers = tests_.numbers;
  test.op = predicate.is_in ? Op::kInNumbers : Op::kNotInNumbers;
  test.first = static_cast<std::uint32_t>(numbers.size());
  for (const std::string& text : predicate.values) {
    if (const auto value = operand(text, *info)) numbers.push_back(*value);
  }
  test.count = static_cast<std::uint32_t>(numbers.size()) - test.first;
  return test;
}

}  // namespace pmml::detail
