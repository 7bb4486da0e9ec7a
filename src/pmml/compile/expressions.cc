// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/expressions.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "pmml/interpret/functions.h"
#include "pmml/interpret/value.h"

namespace pmml::detail {
namespace {

using Op = ExpressionUnit::Op;
using Unit = std::optional<ExpressionUnit>;

// Whole numbers are exact up to here; beyond, the interpreter says that a result is invalid.
constexpr double kExact = 0x1p53;
constexpr std::size_t kMostUnits = 2'000;
constexpr std::size_t kMostCells = 1 << 16;

bool is_text(const ExpressionUnit& unit) { return unit.type == DataType::kString; }

std::size_t index_in(std::vector<std::string>& categories, const std::string& text) {
  const auto found = std::ranges::find(categories, text);
  if (found != categories.end()) return static_cast<std::size_t>(found - categories.begin());
  categories.push_back(text);
  return categories.size() - 1;
}

// A value of the document as a slot holds it. A text becomes the index of a category, which is
// added where it is new.
std::optional<double> held(const Value& value, std::vector<std::string>& categories) {
  if (value.missing) return kMissing;
  if (value.type == DataType::kString) return static_cast<double>(index_in(categories, value.text));
  if (is_number(value.type) || value.type == DataType::kBoolean) return value.number;
  return std::nullopt;
}

ExpressionUnit rounded(ExpressionUnit unit) {
  if (unit.type != DataType::kFloat) return unit;
  ExpressionUnit result{.op = Op::kReal, .type = DataType::kFloat};
  result.function = [](double x) { return static_cast<double>(static_cast<float>(x)); };
  result.arguments.push_back(std::move(unit));
  return result;
}

// The values that MapValues and Discretize state, all of one type: of `as`, of their dataType, or
// of what they look like.
class Stated {
 public:
  Stated(std::optional<DataType> declared, std::optional<DataType> as)
      : declared_(declared), as_(as) {}

  std::optional<double> operator()(const std::optional<std::string>& text) {
    if (!text) return kMissing;
    const auto value = declared_ ? parse_value(*text, *declared_) : parse_constant(*text);
    if (!value) return std::nullopt;
    return of(*value);
  }
  std::optional<double> of(const Value& value) {
    if (value.missing) return kMissing;
    const auto typed = as_ ? cast(value, *as_) : value;
    if (!typed || (type_ && *type_ != typed->type)) return std::nullopt;
    type_ = typed->type;
    return held(*typed, categories_);
  }
  // Gives a unit the type of what has been stated.
  void finish(ExpressionUnit& unit) {
    unit.type = type_.value_or(as_.value_or(declared_.value_or(DataType::kDouble)));
    unit.categories = std::move(categories_);
  }

 private:
  std::optional<DataType> declared_;
  std::optional<DataType> as_;
  std::optional<DataType> type_;
  std::vector<std::string> categories_;
};

struct RealFunction {
  std::string_view name;
  double (*function)(double);
  bool keeps_type;  // A whole number stays one.
};
constexpr RealFunction kRealFunctions[] = {
    {"exp", [](double x) { return std::exp(x); }, false},
    {"ln", [](double x) { return std::log(x); }, false},
    {"log10", [](double x) { return std::log10(x); }, false},
    {"sqrt", [](double x) { return std::sqrt(x); }, false},
    {"expm1", [](double x) { return std::expm1(x); }, false},
    {"ln1p", [](double x) { return std::log1p(x); }, false},
    {"sin", [](double x) { return std::sin(x); }, false},
    {"cos", [](double x) { return std::cos(x); }, false},
    {"tan", [](double x) { return std::tan(x); }, false},
    {"asin", [](double x) { return std::asin(x); }, false},
    {"acos", [](double x) { return std::acos(x); }, false},
    {"atan", [](double x) { return std::atan(x); }, false},
    {"sinh", [](double x) { return std::sinh(x); }, false},
    {"cosh", [](double x) { return std::cosh(x); }, false},
    {"tanh", [](double x) { return std::tanh(x); }, false},
    {"abs", [](double x) { return std::abs(x); }, true},
    {"floor", [](double x) { return std::floor(x); }, true},
    {"ceil", [](double x) { return std::ceil(x); }, true},
    {"round", [](double x) { return std::floor(x + 0.5); }, true},
    {"rint", [](double x) { return std::nearbyint(x); }, true},
};

constexpr std::pair<std::string_view, Op> kComparisons[] = {
    {"equal", Op::kEqual},         {"notEqual", Op::kNotEqual},
    {"lessThan", Op::kLess},       {"lessOrEqual", Op::kLessOrEqual},
    {"greaterThan", Op::kGreater}, {"greaterOrEqual", Op::kGreaterOrEqual},
};
constexpr std::pair<std::string_view, Op> kAggregates[] = {
    {"min", Op::kMinimum}, {"max", Op::kMaximum},     {"sum", Op::kSum},
    {"avg", Op::kAverage}, {"product", Op::kProduct},
};
constexpr std::pair<std::string_view, Op> kArithmetic[] = {
    {"+", Op::kAdd},
    {"-", Op::kSubtract},
    {"*", Op::kMultiply},
    {"/", Op::kDivide},
    {"modulo", Op::kModulo},
    {"pow", Op::kPower},
    {"threshold", Op::kThreshold},
};

template <std::size_t N>
std::optional<Op> find_op(const std::pair<std::string_view, Op> (&names)[N],
                          std::string_view name) {
  const auto found = std::ranges::find(names, name, &std::pair<std::string_view, Op>::first);
  return found == std::end(names) ? std::nullopt : std::optional(found->second);
}

class Compilation {
 public:
  Compilation(const Document& document, const NameScope& scope)
      : document_(document), scope_(scope) {}

  Unit compile(const Expression& expression, std::optional<DataType> as) {
    if (++units_ > kMostUnits) return std::nullopt;
    if (const auto* reference = std::get_if<FieldRef>(&expression.is)) return field(*reference, as);
    if (const auto* one = std::get_if<Constant>(&expression.is)) return constant(*one);
    if (const auto* norm = std::get_if<NormDiscrete>(&expression.is)) return indicator(*norm);
    if (const auto* norm = std::get_if<NormContinuous>(&expression.is)) return piecewise(*norm);
    if (const auto* bins = std::get_if<Discretize>(&expression.is)) return discretize(*bins, as);
    if (const auto* map = std::get_if<MapValues>(&expression.is)) return map_values(*map, as);
    if (const auto* call = std::get_if<Apply>(&expression.is)) return apply(*call, as);
    return std::nullopt;
  }

  // The unit's value in another type, where every value has one.
  static Unit convert(ExpressionUnit unit, DataType type) {
    if (unit.type == type) return unit;
    if (is_text(unit)) {
      ExpressionUnit table{.op = Op::kTable, .type = type};
      Stated stated(DataType::kString, type);
      for (const std::string& category : unit.categories) {
        const auto number = stated(category);
        if (!number) return std::nullopt;
        table.numbers.push_back(*number);
      }
      // Of an index of ours no other value comes.
      table.numbers.push_back(kMissing);
      table.numbers.push_back(kMissing);
      table.strides.push_back(1);
      stated.finish(table);
      table.type = type;
      table.arguments.push_back(std::move(unit));
      return table;
    }
    const bool from_number = is_number(unit.type) || unit.type == DataType::kBoolean;
    if (!from_number) return std::nullopt;
    const bool whole = unit.type == DataType::kInteger || unit.type == DataType::kBoolean;
    if (type == DataType::kDouble || (type == DataType::kInteger && whole)) {
      unit.type = type;
      return unit;
    }
    if (type != DataType::kFloat) return std::nullopt;
    unit.type = type;
    return rounded(std::move(unit));
  }

 private:
  [[nodiscard]] const ExpressionUnit* parameter(const std::string& name) const {
    if (parameters_ == nullptr) return nullptr;
    const auto found = parameters_->find(name);
    return found == parameters_->end() ? nullptr : &found->second;
  }

  // A field, or a parameter of the function whose body this is.
  Unit named(const std::string& name) const {
    if (parameters_ != nullptr) {
      const ExpressionUnit* unit = parameter(name);
      return unit == nullptr ? std::nullopt : std::optional(*unit);
    }
    const SlotInfo* info = scope_.find(name);
    if (info == nullptr) return std::nullopt;
    ExpressionUnit unit{.op = Op::kSlot, .type = info->type, .slot = info->slot};
    unit.low = info->low;
    unit.high = info->high;
    if (is_index(*info) && info->type != DataType::kBoolean) {
      // A text that the document does not name is no category.
      if (info->is_input && info->source == nullptr) return std::nullopt;
      unit.categories = *info->categories;
    }
    return unit;
  }

  Unit field(const FieldRef& reference, std::optional<DataType> as) const {
    Unit unit = named(reference.field);
    if (!unit || !reference.map_missing_to) return unit;
    return or_else(*std::move(unit), *reference.map_missing_to, as);
  }

  // A constant in the place of a missing value. It must be of the unit's type, or both of the type
  // that the whole becomes: the unit's type has to be true of every row.
  static Unit or_else(ExpressionUnit unit, const std::string& text, std::optional<DataType> as) {
    Value value = parse_constant(text);
    if (value.type != unit.type && as) {
      Unit converted = convert(std::move(unit), *as);
      const auto typed = cast(value, *as);
      if (!converted || !typed) return std::nullopt;
      unit = *std::move(converted);
      value = *typed;
    }
    if (value.missing || value.type != unit.type) return std::nullopt;
    ExpressionUnit result{.op = Op::kOrElse, .type = unit.type};
    if (is_text(unit)) {
      result.categories = unit.categories;
      result.otherwise = static_cast<double>(index_in(result.categories, value.text));
    } else {
      result.otherwise = value.number;
      result.low = std::min(unit.low, value.number);
      result.high = std::max(unit.high, value.number);
    }
    result.arguments.push_back(std::move(unit));
    return result;
  }

  static Unit constant(const Constant& constant) {
    if (constant.missing ||
        (constant.text.empty() && constant.type && *constant.type != DataType::kString) ||
        constant.text == "NaN")
      return std::nullopt;
    const auto value = constant.text.empty() ? std::optional(text_value(""))
                       : constant.type       ? parse_value(constant.text, *constant.type)
                                             : parse_constant(constant.text);
    if (!value || value->missing) return std::nullopt;
    ExpressionUnit unit{.type = value->type};
    const auto number = held(*value, unit.categories);
    if (!number) return std::nullopt;
    unit.value = unit.low = unit.high = *number;
    return unit;
  }

  Unit indicator(const NormDiscrete& norm) const {
    const SlotInfo* info = parameters_ == nullptr ? scope_.find(norm.field) : nullptr;
    if (info == nullptr || norm.thermometer) return std::nullopt;
    // What is no value of the field's type is never equal.
    const auto value = info->type == DataType::kString || parse_value(norm.value, info->type)
                           ? operand(norm.value, *info)
                           : std::optional(kMissing);
    if (!value) return std::nullopt;
    return ExpressionUnit{.op = Op::kIndicator,
                          .value = *value,
                          .otherwise = norm.map_missing_to.value_or(kMissing),
                          .slot = info->slot};
  }

  Unit number_of(const std::string& name) const {
    Unit unit = named(name);
    if (!unit || !is_number(unit->type)) return std::nullopt;
    return unit;
  }

  Unit piecewise(const NormContinuous& norm) const {
    Unit argument = number_of(norm.field);
    if (!argument) return std::nullopt;
    ExpressionUnit unit{.op = Op::kPiecewise};
    unit.otherwise = norm.map_missing_to.value_or(kMissing);
    unit.outliers = norm.outliers;
    for (const auto& point : norm.points) unit.pairs.emplace_back(point.original, point.normalized);
    unit.arguments.push_back(*std::move(argument));
    return unit;
  }

  Unit discretize(const Discretize& discretize, std::optional<DataType> as) const {
    Unit argument = number_of(discretize.field);
    if (!argument) return std::nullopt;
    Stated stated(discretize.type, as);
    ExpressionUnit unit{.op = Op::kBins};
    for (const auto& bin : discretize.bins) {
      const auto value = stated(bin.value);
      if (!value) return std::nullopt;
      unit.bins.push_back({bin.interval, *value});
    }
    const auto missing = stated(discretize.map_missing_to);
    const auto otherwise = stated(discretize.default_value);
    if (!missing || !otherwise) return std::nullopt;
    unit.otherwise = *missing;
    unit.value = *otherwise;
    stated.finish(unit);
    unit.arguments.push_back(*std::move(argument));
    return unit;
  }

  Unit map_values(const MapValues& map, std::optional<DataType> as) const {
    if (parameters_ != nullptr) return std::nullopt;
    const SlotInfo* first = scope_.find(map.columns[0].field);
    if (first == nullptr) return std::nullopt;
    if (map.columns.size() == 1 && is_number(first->type)) return look_up(map, as);
    return table(map, as);
  }

  Unit look_up(const MapValues& map, std::optional<DataType> as) const {
    Unit argument = number_of(map.columns[0].field);
    if (!argument) return std::nullopt;
    Stated stated(map.type, as);
    ExpressionUnit unit{.op = Op::kLookUp};
    for (const auto& row : map.rows) {
      const auto key = parse_value(row.keys[0], argument->type);
      if (!key || key->missing) continue;
      const auto value = stated(row.output);
      if (!value) return std::nullopt;
      unit.pairs.emplace_back(key->number, *value);
    }
    // Of equal keys the first counts.
    std::ranges::stable_sort(unit.pairs, {}, &std::pair<double, double>::first);
    const auto repeated = std::ranges::unique(unit.pairs, {}, &std::pair<double, double>::first);
    unit.pairs.erase(repeated.begin(), repeated.end());
    const auto missing = stated(map.map_missing_to);
    const auto otherwise = stated(map.default_value);
    if (!missing || !otherwise) return std::nullopt;
    unit.otherwise = *missing;
    unit.value = *otherwise;
    stated.finish(unit);
    unit.arguments.push_back(*std::move(argument));
    return unit;
  }

  Unit table(const MapValues& map, std::optional<DataType> as) const {
    Stated stated(map.type, as);
    const auto missing = stated(map.map_missing_to);
    const auto otherwise = stated(map.default_value);
    if (!missing || !otherwise) return std::nullopt;
    ExpressionUnit unit{.op = Op::kTable};
    std::vector<const std::vector<std::string>*> categories;
    std::size_t cells = 1;
    for (const auto& column : map.columns) {
      const SlotInfo* info = scope_.find(column.field);
      if (info == nullptr || !is_index(*info) || info->type != DataType::kString)
        return std::nullopt;
      unit.arguments.push_back({.op = Op::kSlot, .type = info->type, .slot = info->slot});
      unit.strides.push_back(static_cast<std::uint32_t>(cells));
      categories.push_back(info->categories);
      cells *= info->categories->size() + 2;
      if (cells > kMostCells) return std::nullopt;
    }
    unit.numbers.assign(cells, *otherwise);
    const auto place = [&](std::size_t column, std::size_t cell) {
      return cell / unit.strides[column] % (categories[column]->size() + 2);
    };
    for (std::size_t cell = 0; cell < cells; ++cell) {
      for (std::size_t c = 0; c < categories.size(); ++c) {
        if (place(c, cell) == categories[c]->size() + 1) unit.numbers[cell] = *missing;
      }
    }
    // Of rows with equal keys the first counts.
    for (auto row = map.rows.rbegin(); row != map.rows.rend(); ++row) {
      std::size_t cell = 0;
      bool known = true;
      for (std::size_t c = 0; c < categories.size() && known; ++c) {
        const auto found = std::ranges::find(*categories[c], row->keys[c]);
        known = found != categories[c]->end();
        cell += static_cast<std::size_t>(found - categories[c]->begin()) * unit.strides[c];
      }
      if (!known) continue;
      const auto value = stated(row->output);
      if (!value) return std::nullopt;
      unit.numbers[cell] = *value;
    }
    stated.finish(unit);
    return unit;
  }

  Unit apply(const Apply& apply, std::optional<DataType> as) {
    if (apply.function == "if") return branch(apply, as);
    std::vector<ExpressionUnit> arguments;
    for (const Expression& argument : apply.arguments) {
      Unit unit = compile(argument, std::nullopt);
      if (!unit) return std::nullopt;
      arguments.push_back(*std::move(unit));
    }
    const std::vector<ExpressionUnit> watched =
        apply.map_missing_to ? arguments : std::vector<ExpressionUnit>();
    const Function* builtin = find_function(apply.function);
    Unit result = builtin != nullptr ? call(builtin->name, std::move(arguments))
                                     : call_defined(apply.function, std::move(arguments));
    if (!result) return std::nullopt;
    if (apply.map_missing_to) {
      Value value = parse_constant(*apply.map_missing_to);
      if (value.type != result->type && as) {
        const auto typed = cast(value, *as);
        result = convert(*std::move(result), *as);
        if (!result || !typed) return std::nullopt;
        value = *typed;
      }
      if (value.missing || value.type != result->type || is_text(*result)) return std::nullopt;
      ExpressionUnit unit{.op = Op::kUnlessMissing, .type = result->type};
      unit.otherwise = value.number;
      unit.low = std::min(result->low, value.number);
      unit.high = std::max(result->high, value.number);
      unit.arguments.push_back(*std::move(result));
      unit.arguments.insert(unit.arguments.end(), watched.begin(), watched.end());
      result = std::move(unit);
    }
    if (apply.default_value) return or_else(*std::move(result), *apply.default_value, as);
    return result;
  }

  Unit branch(const Apply& apply, std::optional<DataType> as) {
    if (apply.arguments.size() != 3 || apply.map_missing_to) return std::nullopt;
    Unit condition = compile(apply.arguments[0], std::nullopt);
    Unit yes = compile(apply.arguments[1], as);
    Unit no = compile(apply.arguments[2], as);
    if (!condition || !yes || !no || condition->type != DataType::kBoolean) return std::nullopt;
    if (as) {
      yes = convert(*std::move(yes), *as);
      no = convert(*std::move(no), *as);
      if (!yes || !no) return std::nullopt;
    }
    if (yes->type != no->type) return std::nullopt;
    ExpressionUnit unit{.op = Op::kIf, .type = yes->type};
    unit.low = std::min(yes->low, no->low);
    unit.high = std::max(yes->high, no->high);
    if (is_text(unit)) {
      unit.categories = yes->categories;
      no = renumbered(*std::move(no), unit.categories);
      if (!no) return std::nullopt;
    }
    unit.arguments.push_back(*std::move(condition));
    unit.arguments.push_back(*std::move(yes));
    unit.arguments.push_back(*std::move(no));
    if (apply.default_value) return or_else(std::move(unit), *apply.default_value, as);
    return unit;
  }

  // A text unit whose indices mean the same as others' do.
  static Unit renumbered(ExpressionUnit unit, std::vector<std::string>& categories) {
    ExpressionUnit table{.op = Op::kTable, .type = DataType::kString};
    for (const std::string& category : unit.categories)
      table.numbers.push_back(static_cast<double>(index_in(categories, category)));
    table.numbers.push_back(kMissing);
    table.numbers.push_back(kMissing);
    table.strides.push_back(1);
    table.arguments.push_back(std::move(unit));
    return table;
  }

  Unit call(std::string_view name, std::vector<ExpressionUnit> arguments) {
    const auto all = [&](auto test) { return std::ranges::all_of(arguments, test); };
    const bool numbers = all([](const ExpressionUnit& a) { return is_number(a.type); });
    const bool truths = all([](const ExpressionUnit& a) { return a.type == DataType::kBoolean; });
    if (name == "isMissing" || name == "isNotMissing") {
      ExpressionUnit unit{.op = name == "isMissing" ? Op::kIsMissing : Op::kIsNotMissing,
                          .type = DataType::kBoolean};
      unit.arguments = std::move(arguments);
      return unit;
    }
    if (name == "and" || name == "or" || name == "not") {
      if (!truths) return std::nullopt;
      ExpressionUnit unit{.op = name == "and"  ? Op::kAnd
                                : name == "or" ? Op::kOr
                                               : Op::kNot,
                          .type = DataType::kBoolean};
      unit.arguments = std::move(arguments);
      return unit;
    }
    if (name == "isIn" || name == "isNotIn") return membership(name == "isIn", arguments);
    if (const auto op = find_op(kComparisons, name)) return comparison(*op, std::move(arguments));
    if (!numbers) return std::nullopt;
    const auto real = std::ranges::find(kRealFunctions, name, &RealFunction::name);
    if (real != std::end(kRealFunctions)) return real_function(*real, std::move(arguments[0]));
    if (const auto op = find_op(kAggregates, name)) return aggregate(*op, std::move(arguments));
    if (const auto op = find_op(kArithmetic, name)) return arithmetic(*op, std::move(arguments));
    return std::nullopt;
  }

  static Unit real_function(const RealFunction& real, ExpressionUnit argument) {
    ExpressionUnit unit{.op = Op::kReal};
    unit.function = real.function;
    unit.type =
        argument.type == DataType::kInteger && !real.keeps_type ? DataType::kDouble : argument.type;
    if (argument.type == DataType::kInteger && real.keeps_type) {
      const double most = std::max(std::abs(argument.low), std::abs(argument.high));
      unit.low = -most;
      unit.high = most;
    }
    unit.arguments.push_back(std::move(argument));
    return rounded(std::move(unit));
  }

  // A whole number that may leave the exact ones is for the interpreter.
  static Unit bounded(ExpressionUnit unit, double low, double high) {
    if (unit.type != DataType::kInteger) return rounded(std::move(unit));
    if (!(low >= -kExact && high <= kExact)) return std::nullopt;
    unit.low = low;
    unit.high = high;
    return unit;
  }

  static Unit arithmetic(Op op, std::vector<ExpressionUnit> arguments) {
    const ExpressionUnit& x = arguments[0];
    const ExpressionUnit& y = arguments[1];
    ExpressionUnit unit{.op = op};
    const auto either = [&](DataType type) { return x.type == type || y.type == type; };
    unit.type = either(DataType::kDouble)  ? DataType::kDouble
                : either(DataType::kFloat) ? DataType::kFloat
                                           : DataType::kInteger;
    const bool whole = unit.type == DataType::kInteger;
    const bool fixed = y.op == Op::kConstant;
    double low = x.low;
    double high = x.high;
    switch (op) {
      case Op::kAdd:
        low += y.low;
        high += y.high;
        break;
      case Op::kSubtract:
        low -= y.high;
        high -= y.low;
        break;
      case Op::kMultiply: {
        const auto [least, most] =
            std::minmax({x.low * y.low, x.low * y.high, x.high * y.low, x.high * y.high});
        low = least;
        high = most;
        break;
      }
      case Op::kDivide:
        if (whole && !(fixed && y.value != 0)) return std::nullopt;
        if (whole) unit.op = Op::kDivideWhole;
        high = std::max(std::abs(low), std::abs(high));
        low = -high;
        break;
      case Op::kModulo:
        if (!fixed || y.value == 0) return std::nullopt;
        high = std::abs(y.value);
        low = -high;
        break;
      case Op::kPower:
        if (whole && !(fixed && y.value >= 0)) return std::nullopt;
        high = std::max(1.0, std::pow(std::max(std::abs(low), std::abs(high)), y.value));
        low = -high;
        break;
      default:
        low = 0;
        high = 1;
        break;
    }
    unit.arguments = std::move(arguments);
    return bounded(std::move(unit), low, high);
  }

  static Unit aggregate(Op op, std::vector<ExpressionUnit> arguments) {
    ExpressionUnit unit{.op = op, .type = arguments[0].type};
    double low = arguments[0].low;
    double high = arguments[0].high;
    double least = 0;
    double most = 0;
    double product = 1;
    for (const ExpressionUnit& argument : arguments) {
      // The type of the result would depend on which of them are missing.
      if (argument.type != unit.type) return std::nullopt;
      low = std::min(low, argument.low);
      high = std::max(high, argument.high);
      least += std::min(argument.low, 0.0);
      most += std::max(argument.high, 0.0);
      product *= std::max({std::abs(argument.low), std::abs(argument.high), 1.0});
    }
    if (op == Op::kAverage && unit.type == DataType::kInteger) unit.type = DataType::kDouble;
    unit.arguments = std::move(arguments);
    if (op == Op::kSum) return bounded(std::move(unit), least, most);
    if (op == Op::kProduct) return bounded(std::move(unit), -product, product);
    return bounded(std::move(unit), low, high);
  }

  static Unit comparison(Op op, std::vector<ExpressionUnit> arguments) {
    ExpressionUnit unit{.op = op, .type = DataType::kBoolean};
    if (is_number(arguments[0].type) && is_number(arguments[1].type)) {
      unit.arguments = std::move(arguments);
      return unit;
    }
    const bool truths =
        arguments[0].type == DataType::kBoolean && arguments[1].type == DataType::kBoolean;
    const bool texts = is_text(arguments[0]) && is_text(arguments[1]);
    if ((op != Op::kEqual && op != Op::kNotEqual) || (!texts && !truths)) return std::nullopt;
    if (texts) {
      std::vector<std::string> categories = arguments[0].categories;
      Unit right = renumbered(std::move(arguments[1]), categories);
      arguments[1] = *std::move(right);
    }
    unit.arguments = std::move(arguments);
    return unit;
  }

  static Unit membership(bool inside, std::vector<ExpressionUnit>& arguments) {
    ExpressionUnit unit{.op = Op::kMember, .type = DataType::kBoolean};
    const ExpressionUnit& value = arguments[0];
    if (!is_number(value.type) && !is_text(value)) return std::nullopt;
    for (std::size_t i = 1; i < arguments.size(); ++i) {
      const ExpressionUnit& member = arguments[i];
      if (member.op != Op::kConstant || is_text(member) != is_text(value) ||
          (!is_text(member) && !is_number(member.type)))
        return std::nullopt;
      if (!is_text(value)) {
        unit.numbers.push_back(member.value);
        continue;
      }
      const auto found = std::ranges::find(value.categories, member.categories[0]);
      if (found != value.categories.end())
        unit.numbers.push_back(static_cast<double>(found - value.categories.begin()));
    }
    unit.arguments.push_back(std::move(arguments[0]));
    if (inside) return unit;
    ExpressionUnit negated{.op = Op::kNot, .type = DataType::kBoolean};
    negated.arguments.push_back(std::move(unit));
    return negated;
  }

  // The body of a function of the document, with its arguments in the place of its parameters.
  Unit call_defined(const std::string& name, std::vector<ExpressionUnit> arguments) {
    const auto function = std::ranges::find(document_.functions, name, &DefineFunction::name);
    if (function == document_.functions.end() || function->parameters.size() != arguments.size())
      return std::nullopt;
    std::map<std::string, ExpressionUnit> parameters;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const Parameter& parameter = function->parameters[i];
      Unit argument = std::move(arguments[i]);
      if (parameter.type) argument = convert(*std::move(argument), *parameter.type);
      if (!argument) return std::nullopt;
      parameters.emplace(parameter.name, *std::move(argument));
    }
    const auto* const outside = parameters_;
    parameters_ = &parameters;
    Unit body = compile(function->body, function->type);
    parameters_ = outside;
    if (!body || !function->type) return body;
    return convert(*std::move(body), *function->type);
  }

  const Document& document_;
  const NameScope& scope_;
  const std::map<std::string, ExpressionUnit>* parameters_ = nullptr;
  std::size_t units_ = 0;
};

}  // namespace

std::optional<ExpressionUnit> ExpressionCompiler::compile(const Expression& expression,
                                                          const NameScope& scope,
                                                          std::optional<DataType> as) const {
  Unit unit = Compilation(document_, scope).compile(expression, as);
  if (!unit || !as) return unit;
  return Compilation::convert(*std::move(unit), *as);
}

}  // namespace pmml::detail
