// SPDX-License-Identifier: Apache-2.0
// Predicates of tree nodes and segments, in three-valued logic (PMML 4.4 «TreeModel»,
// «Predicates»).
#pragma once
#include <string>
#include <variant>
#include <vector>

namespace pmml {

struct Predicate;

struct True {
  bool operator==(const True&) const = default;
};
struct False {
  bool operator==(const False&) const = default;
};

enum class Comparison {
  kEqual,
  kNotEqual,
  kLessThan,
  kLessOrEqual,
  kGreaterThan,
  kGreaterOrEqual,
  kIsMissing,
  kIsNotMissing
};

// Does it compare with no value?
[[nodiscard]] constexpr bool is_unary(Comparison comparison) {
  return comparison == Comparison::kIsMissing || comparison == Comparison::kIsNotMissing;
}

struct SimplePredicate {
  std::string field = {};
  Comparison comparison = Comparison::kEqual;
  std::string value;  // In the field's type = {}; empty for kIsMissing and kIsNotMissing.
  bool operator==(const SimplePredicate&) const = default;
};

struct SimpleSetPredicate {
  std::string field = {};
  bool is_in = true;  // false: isNotIn.
  std::vector<std::string> values = {};
  bool operator==(const SimpleSetPredicate&) const = default;
};

enum class BooleanOperator { kAnd, kOr, kXor, kSurrogate };

struct CompoundPredicate {
  BooleanOperator boolean_operator = BooleanOperator::kAnd;
  std::vector<Predicate> children;
  bool operator==(const CompoundPredicate&) const;
};

struct Predicate {
  std::variant<True, False, SimplePredicate, SimpleSetPredicate, CompoundPredicate> is = {};
  bool operator==(const Predicate&) const;
};

}  // namespace pmml
