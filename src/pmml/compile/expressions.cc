// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/expressions.h"

#include <algorithm>

#include "pmml/interpret/value.h"

namespace pmml::detail {
namespace {

std::optional<ExpressionUnit> compile_constant(const Constant& constant) {
  if (constant.missing || constant.text.empty() || constant.text == "NaN") return std::nullopt;
  const auto value =
      constant.type ? parse_value(constant.text, *constant.type) : parse_constant(constant.text);
  if (!value || value->missing || !(is_number(value->type) || value->type == DataType::kBoolean))
    return std::nullopt;
  return ExpressionUnit{.type = value->type, .value = value->number};
}

std::optional<ExpressionUnit> compile_apply(const Apply& apply, const NameScope& scope) {
  using enum ExpressionUnit::Op;
  struct Entry {
    std::string_view name;
    ExpressionUnit::Op op;
    enum class Kind { kArithmetic, kReal, kComparison, kLogic, kMissing, kIf } kind;
  };
  using Kind = Entry::Kind;
  static constexpr Entry kEntries[] = {
      {"+", kAdd, Kind::kArithmetic},
      {"-", kSubtract, Kind::kArithmetic},
      {"*", kMultiply, Kind::kArithmetic},
      {"/", kDivide, Kind::kArithmetic},
      {"exp", kExp, Kind::kReal},
      {"ln", kLn, Kind::kReal},
      {"sqrt", kSqrt, Kind::kReal},
      {"abs", kAbs, Kind::kReal},
      {"equal", kEqual, Kind::kComparison},
      {"notEqual", kNotEqual, Kind::kComparison},
      {"lessThan", kLess, Kind::kComparison},
      {"lessOrEqual", kLessOrEqual, Kind::kComparison},
      {"greaterThan", kGreater, Kind::kComparison},
      {"greaterOrEqual", kGreaterOrEqual, Kind::kComparison},
      {"and", kAnd, Kind::kLogic},
      {"or", kOr, Kind::kLogic},
      {"not", kNot, Kind::kLogic},
      {"isMissing", kIsMissing, Kind::kMissing},
      {"isNotMissing", kIsNotMissing, Kind::kMissing},
      {"if", kIf, Kind::kIf},
  };
  const auto entry = std::ranges::find(kEntries, apply.function, &Entry::name);
  if (entry == std::end(kEntries) || apply.map_missing_to || apply.default_value)
    return std::nullopt;
  ExpressionUnit unit{.op = entry->op};
  for (const Expression& argument : apply.arguments) {
    auto compiled = compile_expression(argument, scope);
    if (!compiled) return std::nullopt;
    unit.arguments.push_back(*std::move(compiled));
  }
  const auto& arguments = unit.arguments;
  const auto all = [&](auto test) {
    return std::ranges::all_of(arguments,
                               [&](const ExpressionUnit& argument) { return test(argument.type); });
  };
  const bool numbers = all([](DataType type) { return is_number(type); });
  // Integers and floats have rules of their own; with a double among them the sum is a double's.
  const bool doubles = numbers && std::ranges::any_of(arguments, [](const auto& a) {
                         return a.type == DataType::kDouble;
                       });
  switch (entry->kind) {
    case Kind::kArithmetic:
    case Kind::kReal:
      if (!doubles) return std::nullopt;
      unit.type = DataType::kDouble;
      return unit;
    case Kind::kComparison:
      if (!numbers) return std::nullopt;
      unit.type = DataType::kBoolean;
      return unit;
    case Kind::kLogic:
      if (!all([](DataType type) { return type == DataType::kBoolean; })) return std::nullopt;
      unit.type = DataType::kBoolean;
      return unit;
    case Kind::kMissing:
      unit.type = DataType::kBoolean;
      return unit;
    case Kind::kIf:
      if (arguments.size() != 3 || arguments[0].type != DataType::kBoolean ||
          arguments[1].type != arguments[2].type) {
        return std::nullopt;
      }
      unit.type = arguments[1].type;
      return unit;
  }
  return std::nullopt;
}

}  // namespace

std::optional<ExpressionUnit> compile_expression(const Expression& expression,
                                                 const NameScope& scope) {
  if (const auto* reference = std::get_if<FieldRef>(&expression.is)) {
    const SlotInfo* info = scope.find(reference->field);
    if (info == nullptr || reference->map_missing_to ||
        (is_index(*info) && info->type != DataType::kBoolean))
      return std::nullopt;
    return ExpressionUnit{.op = ExpressionUnit::Op::kSlot, .type = info->type, .slot = info->slot};
  }
  if (const auto* constant = std::get_if<Constant>(&expression.is))
    return compile_constant(*constant);
  if (const auto* norm = std::get_if<NormDiscrete>(&expression.is)) {
    const SlotInfo* info = scope.find(norm->field);
    if (info == nullptr || info->type == DataType::kInteger) return std::nullopt;
    const auto value = operand(norm->value, *info);
    if (!value) return std::nullopt;
    return ExpressionUnit{.op = ExpressionUnit::Op::kIndicator,
                          .value = *value,
                          .otherwise = norm->map_missing_to.value_or(kMissing),
                          .slot = info->slot};
  }
  if (const auto* apply = std::get_if<Apply>(&expression.is)) return compile_apply(*apply, scope);
  return std::nullopt;
}

bool casts(DataType from, DataType to) {
  if (from == to) return true;
  if (to == DataType::kDouble || to == DataType::kFloat)
    return is_number(from) || from == DataType::kBoolean;
  return to == DataType::kInteger && from == DataType::kBoolean;
}

}  // namespace pmml::detail
