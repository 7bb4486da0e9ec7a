// SPDX-License-Identifier: Apache-2.0
// Compiled expressions over a row's slots, wherever the row keeps them.
#pragma once
#include <cmath>
#include <cstddef>

#include "pmml/compile/units.h"

namespace pmml::detail {

// slots(i) is the value in slot i.
template <class Slots>
double evaluate(const ExpressionUnit& e, const Slots& slots) {
  using enum ExpressionUnit::Op;
  const auto argument = [&](std::size_t i) { return evaluate(e.arguments[i], slots); };
  switch (e.op) {
    case kSlot:
      return slots(e.slot);
    case kConstant:
      return e.value;
    case kIndicator:
      return std::isnan(slots(e.slot)) ? e.otherwise : (slots(e.slot) == e.value ? 1 : 0);
    case kIsMissing:
      return std::isnan(argument(0)) ? 1 : 0;
    case kIsNotMissing:
      return std::isnan(argument(0)) ? 0 : 1;
    case kIf: {
      const double condition = argument(0);
      return std::isnan(condition) ? kMissing : argument(condition != 0 ? 1 : 2);
    }
    case kAnd:
    case kOr: {
      const bool decisive = e.op == kOr;
      bool unknown = false;
      for (std::size_t i = 0; i < e.arguments.size(); ++i) {
        const double value = argument(i);
        if (std::isnan(value)) {
          unknown = true;
        } else if ((value != 0) == decisive) {
          return decisive ? 1 : 0;
        }
      }
      return unknown ? kMissing : (decisive ? 0 : 1);
    }
    default:
      break;
  }
  const double x = argument(0);
  if (std::isnan(x)) return kMissing;
  switch (e.op) {
    case kExp:
      return std::exp(x);
    case kLn:
      return std::log(x);
    case kSqrt:
      return std::sqrt(x);
    case kAbs:
      return std::abs(x);
    case kNot:
      return x == 0 ? 1 : 0;
    default:
      break;
  }
  const double y = argument(1);
  if (std::isnan(y)) return kMissing;
  switch (e.op) {
    case kAdd:
      return x + y;
    case kSubtract:
      return x - y;
    case kMultiply:
      return x * y;
    case kDivide:
      return x / y;
    case kEqual:
      return x == y ? 1 : 0;
    case kNotEqual:
      return x != y ? 1 : 0;
    case kLess:
      return x < y ? 1 : 0;
    case kLessOrEqual:
      return x <= y ? 1 : 0;
    case kGreater:
      return x > y ? 1 : 0;
    case kGreaterOrEqual:
      return x >= y ? 1 : 0;
    default:
      return kMissing;
  }
}

}  // namespace pmml::detail
