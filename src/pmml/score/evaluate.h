// SPDX-License-Identifier: Apache-2.0
// Compiled expressions over a row's slots, wherever the row keeps them.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>

#include "pmml/compile/units.h"

namespace pmml::detail {

// slots(i) is the value in slot i.
template <class Slots>
double evaluate(const ExpressionUnit& e, const Slots& slots);

// Aggregates pass over missing values; of nothing else than missing values the result is missing.
template <class Slots>
double aggregate(const ExpressionUnit& e, const Slots& slots) {
  using enum ExpressionUnit::Op;
  double result = e.op == kProduct ? 1 : 0;
  double count = 0;
  for (const ExpressionUnit& argument : e.arguments) {
    const double x = evaluate(argument, slots);
    if (std::isnan(x)) continue;
    switch (e.op) {
      case kMinimum:
        result = count == 0 || x < result ? x : result;
        break;
      case kMaximum:
        result = count == 0 || x > result ? x : result;
        break;
      case kProduct:
        result *= x;
        break;
      default:
        result += x;
        break;
    }
    ++count;
  }
  if (count == 0) return kMissing;
  return e.op == kAverage ? result / count : result;
}

// One decisive argument decides whatever is missing.
template <class Slots>
double logical(const ExpressionUnit& e, const Slots& slots) {
  const bool decisive = e.op == ExpressionUnit::Op::kOr;
  bool unknown = false;
  for (const ExpressionUnit& argument : e.arguments) {
    const double value = evaluate(argument, slots);
    if (std::isnan(value)) {
      unknown = true;
    } else if ((value != 0) == decisive) {
      return decisive ? 1 : 0;
    }
  }
  return unknown ? kMissing : (decisive ? 0 : 1);
}

template <class Slots>
double table(const ExpressionUnit& e, const Slots& slots) {
  std::size_t cell = 0;
  for (std::size_t i = 0; i < e.arguments.size(); ++i) {
    const std::size_t end = i + 1 < e.strides.size() ? e.strides[i + 1] : e.numbers.size();
    const std::size_t categories = end / e.strides[i] - 2;
    const double x = evaluate(e.arguments[i], slots);
    std::size_t index = categories;  // Of a value that is none of them.
    if (std::isnan(x)) {
      index = categories + 1;
    } else if (x >= 0 && x < static_cast<double>(categories)) {
      index = static_cast<std::size_t>(x);
    }
    cell += index * e.strides[i];
  }
  return e.numbers[cell];
}

inline double look_up(const ExpressionUnit& e, double x) {
  const auto found = std::ranges::lower_bound(e.pairs, x, {}, &std::pair<double, double>::first);
  return found != e.pairs.end() && found->first == x ? found->second : e.value;
}

inline double bin_of(const ExpressionUnit& e, double x) {
  for (const ExpressionUnit::Bin& bin : e.bins) {
    if (contains(bin.interval, x)) return bin.value;
  }
  return e.value;
}

inline double piecewise(const ExpressionUnit& e, double x) {
  const std::size_t last = e.pairs.size() - 1;
  if (x < e.pairs[0].first || x > e.pairs[last].first) {
    if (e.outliers == OutlierTreatment::kAsMissingValues) return e.otherwise;
    if (e.outliers == OutlierTreatment::kAsExtremeValues)
      return x < e.pairs[0].first ? e.pairs[0].second : e.pairs[last].second;
  }
  // The first piece whose right end is not below x, or the last one.
  const auto right = std::ranges::lower_bound(e.pairs.begin() + 1, e.pairs.end() - 1, x, {},
                                              &std::pair<double, double>::first);
  const auto& [from, low] = *(right - 1);
  const auto& [to, high] = *right;
  return low + (x - from) / (to - from) * (high - low);
}

template <class Slots>
double evaluate(const ExpressionUnit& e, const Slots& slots) {
  using enum ExpressionUnit::Op;
  const auto argument = [&](std::size_t i) { return evaluate(e.arguments[i], slots); };
  switch (e.op) {
    case kSlot:
      return slots(e.slot);
    case kConstant:
      return e.value;
    case kIndicator: {
      const double x = slots(e.slot);
      return std::isnan(x) ? e.otherwise : (x == e.value ? 1 : 0);
    }
    case kIsMissing:
      return std::isnan(argument(0)) ? 1 : 0;
    case kIsNotMissing:
      return std::isnan(argument(0)) ? 0 : 1;
    case kIf: {
      const double condition = argument(0);
      return std::isnan(condition) ? kMissing : argument(condition != 0 ? 1 : 2);
    }
    case kOrElse: {
      const double x = argument(0);
      return std::isnan(x) ? e.otherwise : x;
    }
    case kUnlessMissing:
      for (std::size_t i = 1; i < e.arguments.size(); ++i) {
        if (std::isnan(argument(i))) return e.otherwise;
      }
      return argument(0);
    case kAnd:
    case kOr:
      return logical(e, slots);
    case kMinimum:
    case kMaximum:
    case kSum:
    case kProduct:
    case kAverage:
      return aggregate(e, slots);
    case kTable:
      return table(e, slots);
    default:
      break;
  }
  const double x = argument(0);
  if (std::isnan(x)) return e.otherwise;
  switch (e.op) {
    case kReal:
      return e.function(x);
    case kNot:
      return x == 0 ? 1 : 0;
    case kMember:
      return std::ranges::find(e.numbers, x) != e.numbers.end() ? 1 : 0;
    case kLookUp:
      return look_up(e, x);
    case kBins:
      return bin_of(e, x);
    case kPiecewise:
      return piecewise(e, x);
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
    case kDivideWhole:
      return std::trunc(x / y);
    case kModulo:
      return x - y * std::floor(x / y);
    case kPower:
      return std::pow(x, y);
    case kThreshold:
      return x > y ? 1 : 0;
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
