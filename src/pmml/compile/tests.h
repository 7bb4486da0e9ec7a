// SPDX-License-Identifier: Apache-2.0
// Predicates as tests over slots, in three-valued logic: for segments, which are selected by them.
#pragma once
#include "pmml/compile/names.h"
#include "pmml/compile/units.h"

namespace pmml::detail {

class TestCompiler {
 public:
  explicit TestCompiler(Tests& tests) : tests_(tests) {}
  Test compile(const Predicate& predicate, const NameScope& scope);
  // False once a predicate was met that only the interpreter evaluates.
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  const SlotInfo* find(std::string_view name, const NameScope& scope);
  Test compile_simple(const SimplePredicate& predicate, const NameScope& scope);
  Test compile_set(const SimpleSetPredicate& predicate, const NameScope& scope);

  Tests& tests_;
  bool ok_ = true;
};

}  // namespace pmml::detail
