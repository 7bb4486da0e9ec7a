// SPDX-License-Identifier: Apache-2.0
#include "pmml/interpret/predicate.h"

namespace pmml {
namespace {

std::optional<bool> evaluate_one(const True&, Scope&) { return true; }
std::optional<bool> evaluate_one(const False&, Scope&) { return false; }

bool holds(Comparison comparison, int order) {
  switch (comparison) {
    case Comparison::kEqual:
      return order == 0;
    case Comparison::kNotEqual:
      return order != 0;
    case Comparison::kLessThan:
      return order < 0;
    case Comparison::kLessOrEqual:
      return order <= 0;
    case Comparison::kGreaterThan:
      return order > 0;
    case Comparison::kGreaterOrEqual:
      return order >= 0;
    case Comparison::kIsMissing:
    case Comparison::kIsNotMissing:
      break;
  }
  return false;
}

std::optional<bool> evaluate_one(const SimplePredicate& predicate, Scope& scope) {
  return evaluate_comparison(predicate.field, predicate.comparison, predicate.value, scope);
}

std::optional<bool> evaluate_one(const SimpleSetPredicate& predicate, Scope& scope) {
  const Value& value = scope.lookup(predicate.field);
  if (value.missing) return std::nullopt;
  for (const std::string& text : predicate.values) {
    const auto candidate = parse_operand(text, value.type);
    if (candidate && compare(value, *candidate) == 0) return predicate.is_in;
  }
  return !predicate.is_in;
}

// For `and`, false decides; for `or`, true does.
std::optional<bool> decide(const CompoundPredicate& predicate, Scope& scope, bool decisive) {
  bool unknown = false;
  for (const Predicate& child : predicate.children) {
    const auto truth = evaluate(child, scope);
    if (!truth) {
      unknown = true;
    } else if (*truth == decisive) {
      return decisive;
    }
  }
  if (unknown) return std::nullopt;
  return !decisive;
}

std::optional<bool> evaluate_one(const CompoundPredicate& predicate, Scope& scope) {
  switch (predicate.boolean_operator) {
    case BooleanOperator::kAnd:
      return decide(predicate, scope, false);
    case BooleanOperator::kOr:
      return decide(predicate, scope, true);
    case BooleanOperator::kXor: {
      bool odd = false;
      for (const Predicate& child : predicate.children) {
        const auto truth = evaluate(child, scope);
        if (!truth) return std::nullopt;
        odd = odd != *truth;
      }
      return odd;
    }
    case BooleanOperator::kSurrogate:
      for (const Predicate& child : predicate.children) {
        if (const auto truth = evaluate(child, scope)) return truth;
      }
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::optional<bool> evaluate_comparison(const std::string& field, Comparison comparison,
                                        std::string_view with, Scope& scope) {
  const Value& value = scope.lookup(field);
  if (comparison == Comparison::kIsMissing) return value.missing;
  if (comparison == Comparison::kIsNotMissing) return !value.missing;
  if (value.missing) return std::nullopt;
  const auto other = parse_operand(with, value.type);
  if (!other) return comparison == Comparison::kNotEqual;
  auto order = compare(value, *other);
  if (comparison != Comparison::kEqual && comparison != Comparison::kNotEqual) {
    const auto left = ordinal_rank(scope, field, value);
    const auto right = ordinal_rank(scope, field, *other);
    if (left && right) order = *left < *right ? -1 : (*left > *right ? 1 : 0);
  }
  if (!order) return comparison == Comparison::kNotEqual;
  return holds(comparison, *order);
}

std::optional<bool> evaluate(const Predicate& predicate, Scope& scope) {
  return std::visit([&](const auto& one) { return evaluate_one(one, scope); }, predicate.is);
}

}  // namespace pmml
