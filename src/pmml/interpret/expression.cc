// SPDX-License-Identifier: Apache-2.0
#include "pmml/interpret/expression.h"

#include <map>

#include "pmml/interpret/functions.h"

namespace pmml {
namespace {

// A function's body sees its parameters, everything else sees fields.
struct Environment {
  Scope& scope;
  const std::map<std::string_view, Value>* parameters;

  [[nodiscard]] Value lookup(const std::string& name) const {
    if (parameters == nullptr) return scope.lookup(name);
    const auto found = parameters->find(name);
    return found == parameters->end() ? Value{} : found->second;
  }
  // The same where the text itself is read.
  [[nodiscard]] Value read(const std::string& name) const {
    Value value = lookup(name);
    if (value.type == DataType::kString && value.text == kUnlistedText)
      scope.fail("the text of field '" + name + "' is read, and the row does not spell it out");
    return value;
  }
};

Value evaluate_in(const Expression& expression, const Environment& environment);

// A text of the document in a type, which check() has seen to be possible.
Value typed(const std::string& text, std::optional<DataType> type, Scope& scope) {
  if (!type) return parse_constant(text);
  auto value = parse_value(text, *type);
  if (!value) scope.fail("'" + text + "' is not of its type");
  return value.value_or(Value{});
}

Value evaluate_one(const Constant& constant, const Environment& environment) {
  if (constant.missing) return Value{};
  // Nothing between the tags is an empty string where a string can stand, and missing where it
  // cannot.
  if (constant.text.empty()) {
    return constant.type.value_or(DataType::kString) == DataType::kString ? text_value("")
                                                                          : Value{};
  }
  if (constant.type &&
      (*constant.type == DataType::kDouble || *constant.type == DataType::kFloat) &&
      constant.text == "NaN") {
    return Value{};
  }
  return typed(constant.text, constant.type, environment.scope);
}

Value evaluate_one(const FieldRef& reference, const Environment& environment) {
  Value value = environment.read(reference.field);
  if (value.missing && reference.map_missing_to) return parse_constant(*reference.map_missing_to);
  return value;
}

Value evaluate_one(const NormContinuous& norm, const Environment& environment) {
  Value value = environment.lookup(norm.field);
  const auto missing = [&] {
    return norm.map_missing_to ? number_value(DataType::kDouble, *norm.map_missing_to) : Value{};
  };
  if (value.missing) return missing();
  const auto number = cast(value, DataType::kDouble);
  if (!number) {
    environment.scope.fail("field '" + norm.field + "' is not a number");
    return Value{};
  }
  const double x = number->number;
  const auto& points = norm.points;
  const std::size_t last = points.size() - 1;
  if (x < points[0].original || x > points[last].original) {
    if (norm.outliers == OutlierTreatment::kAsMissingValues) return missing();
    if (norm.outliers == OutlierTreatment::kAsExtremeValues) {
      return number_value(DataType::kDouble,
                          x < points[0].original ? points[0].normalized : points[last].normalized);
    }
  }
  std::size_t piece = 1;
  while (piece < last && x > points[piece].original) ++piece;
  const auto& a = points[piece - 1];
  const auto& b = points[piece];
  return number_value(
      DataType::kDouble,
      a.normalized + (x - a.original) / (b.original - a.original) * (b.normalized - a.normalized));
}

// 1 where the value is the wanted one or stands behind it in the field's order.
Value thermometer(const NormDiscrete& norm, const Value& value, const std::optional<Value>& wanted,
                  const Environment& environment) {
  if (!wanted) return number_value(DataType::kDouble, 0);
  const auto rank = ordinal_rank(environment.scope, norm.field, value);
  const auto least = ordinal_rank(environment.scope, norm.field, *wanted);
  if (rank && least) return number_value(DataType::kDouble, *rank >= *least ? 1 : 0);
  const auto order = is_number(value.type) ? compare(value, *wanted) : std::nullopt;
  if (!order) {
    environment.scope.fail("field '" + norm.field + "' has a value without a place in its order");
    return Value{};
  }
  return number_value(DataType::kDouble, *order >= 0 ? 1 : 0);
}

Value evaluate_one(const NormDiscrete& norm, const Environment& environment) {
  const Value value = environment.lookup(norm.field);
  if (value.missing)
    return norm.map_missing_to ? number_value(DataType::kDouble, *norm.map_missing_to) : Value{};
  const auto wanted = parse_value(norm.value, value.type);
  if (norm.thermometer) return thermometer(norm, value, wanted, environment);
  return number_value(DataType::kDouble, wanted && compare(value, *wanted) == 0 ? 1 : 0);
}

Value evaluate_one(const Discretize& discretize, const Environment& environment) {
  const Value value = environment.lookup(discretize.field);
  if (value.missing) {
    return discretize.map_missing_to
               ? typed(*discretize.map_missing_to, discretize.type, environment.scope)
               : Value{};
  }
  const auto number = cast(value, DataType::kDouble);
  for (const auto& bin : discretize.bins) {
    if (number && contains(bin.interval, number->number))
      return typed(bin.value, discretize.type, environment.scope);
  }
  return discretize.default_value
             ? typed(*discretize.default_value, discretize.type, environment.scope)
             : Value{};
}

Value evaluate_one(const MapValues& map, const Environment& environment) {
  std::vector<Value> values;
  for (const auto& column : map.columns) {
    values.push_back(environment.lookup(column.field));
    if (values.back().missing)
      return map.map_missing_to ? typed(*map.map_missing_to, map.type, environment.scope) : Value{};
  }
  for (const auto& row : map.rows) {
    bool matches = true;
    for (std::size_t i = 0; i < values.size() && matches; ++i) {
      const auto key = parse_value(row.keys[i], values[i].type);
      matches = key && compare(values[i], *key) == 0;
    }
    if (matches) return row.output ? typed(*row.output, map.type, environment.scope) : Value{};
  }
  return map.default_value ? typed(*map.default_value, map.type, environment.scope) : Value{};
}

Value call(const DefineFunction& function, std::span<const Value> arguments, Scope& scope) {
  std::map<std::string_view, Value> parameters;
  for (std::size_t i = 0; i < function.parameters.size(); ++i) {
    const Parameter& parameter = function.parameters[i];
    auto value = parameter.type ? cast(arguments[i], *parameter.type) : arguments[i];
    if (!value)
      scope.fail("parameter '" + parameter.name + "' of function '" + function.name +
                 "' has another type");
    parameters[parameter.name] = value.value_or(Value{});
  }
  Value result = evaluate_in(function.body, {scope, &parameters});
  auto typed_result = function.type ? cast(result, *function.type) : result;
  if (!typed_result)
    scope.fail("function '" + function.name + "' gives a value that is not of its type");
  return typed_result.value_or(Value{});
}

// Missing condition: missing answer. The branch that is not taken is not evaluated.
Value branch(const Apply& apply, const Environment& environment) {
  const Value condition = evaluate_in(apply.arguments[0], environment);
  if (condition.missing) {
    return apply.map_missing_to ? parse_constant(*apply.map_missing_to) : Value{};
  }
  const auto truth = cast(condition, DataType::kBoolean);
  if (!truth) {
    environment.scope.fail("the condition of 'if' is neither true nor false");
    return Value{};
  }
  const std::size_t taken = truth->number != 0 ? 1 : 2;
  return taken < apply.arguments.size() ? evaluate_in(apply.arguments[taken], environment)
                                        : Value{};
}

Value call(const Apply& apply, const Environment& environment) {
  const Function* builtin = find_function(apply.function);
  if (builtin != nullptr && builtin->name == "if") return branch(apply, environment);
  std::vector<Value> arguments;
  bool any_missing = false;
  for (const Expression& argument : apply.arguments) {
    arguments.push_back(evaluate_in(argument, environment));
    any_missing = any_missing || arguments.back().missing;
  }
  if (any_missing && apply.map_missing_to) return parse_constant(*apply.map_missing_to);
  if (builtin == nullptr) {
    const DefineFunction* function = environment.scope.names().function(apply.function);
    if (function == nullptr) return Value{};
    return call(*function, arguments, environment.scope);
  }
  const auto result = builtin->body != nullptr
                          ? builtin->body(arguments)
                          : builtin->pattern_body(arguments, environment.scope.names().patterns());
  if (result) return *result;
  if (apply.invalid_treatment != InvalidTreatment::kAsMissing) {
    environment.scope.fail("function '" + apply.function +
                           "' has no valid result for its arguments");
  }
  return Value{};
}

Value evaluate_one(const Apply& apply, const Environment& environment) {
  Value result = call(apply, environment);
  if (result.missing && apply.default_value) return parse_constant(*apply.default_value);
  return result;
}

// A text is taken apart once a row, however many terms are looked for in it.
Value evaluate_one(const TextFrequency& index, const Environment& environment) {
  const Value text = environment.read(index.text_field);
  const Value term = evaluate_in(index.term[0], environment);
  if (text.missing || term.missing) return Value{};
  const TextIndexer& indexer = environment.scope.names().text_indexer(index);
  const auto [entry, is_new] = environment.scope.row().texts.try_emplace(&index);
  auto& [known, indexed] = entry->second;
  const std::string whole = to_text(text);
  if (is_new || known != whole) {
    auto fresh = indexer.index(whole);
    if (!fresh) {
      environment.scope.fail("TextIndex of field '" + index.text_field +
                             "': the text is too long, or its normalization has no end");
      return Value{};
    }
    known = whole;
    indexed = *std::move(fresh);
  }
  const bool counts =
      index.weights == TermWeights::kTermFrequency || index.weights == TermWeights::kBinary;
  return number_value(counts ? DataType::kInteger : DataType::kDouble,
                      indexer.weight(indexed, to_text(term)));
}

Value evaluate_one(const Lag& lag, const Environment& environment) {
  Scope& scope = environment.scope;
  const History* history = scope.row().history;
  return history == nullptr ? Value{} : history->lag(lag, scope.names().memories(), scope);
}

Value evaluate_one(const Aggregate& aggregate, const Environment& environment) {
  static const History kNothingBefore;
  Scope& scope = environment.scope;
  const History* history = scope.row().history;
  return (history == nullptr ? kNothingBefore : *history)
      .aggregate(aggregate, scope.names().memories(), scope);
}

Value evaluate_in(const Expression& expression, const Environment& environment) {
  return std::visit([&](const auto& one) { return evaluate_one(one, environment); }, expression.is);
}

}  // namespace

Value evaluate(const Expression& expression, Scope& scope) {
  return evaluate_in(expression, {scope, nullptr});
}

}  // namespace pmml
