// SPDX-License-Identifier: Apache-2.0
// Compiled expressions agree with the interpreter in every bit: random ones of every kind, over
// fields of every type, on rows of likely and unlikely cells.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/number.h"
#include "base/random.h"
#include "pmml/score/compare.h"
#include "pmml/write/write.h"

namespace pmml {
namespace {

class Expressions {
 public:
  explicit Expressions(std::uint64_t seed) : random_(seed) {}

  // A regression whose prediction is a random number, and a text that it looks at.
  Document document() {
    Document document;
    document.data_dictionary = {
        {.name = "d", .type = DataType::kDouble},
        {.name = "f", .type = DataType::kFloat},
        {.name = "i", .type = DataType::kInteger, .intervals = {{.left = -4, .right = 4}}},
        {.name = "j", .type = DataType::kInteger},
        {.name = "s",
         .op_type = OpType::kCategorical,
         .type = DataType::kString,
         .values = {{"red"}, {"green"}, {"blue"}}},
        {.name = "t", .op_type = OpType::kCategorical, .type = DataType::kString},
    };
    for (const DataField& field : document.data_dictionary) {
      MiningField use{.name = field.name};
      use.invalid_treatment =
          one_of<InvalidTreatment>({InvalidTreatment::kReturnInvalid, InvalidTreatment::kAsIs,
                                    InvalidTreatment::kAsMissing});
      if (chance(0.2)) use.missing_replacement = field.type == DataType::kString ? "red" : "2";
      document.model.mining_schema.push_back(std::move(use));
    }
    document.functions = {
        {.name = "half",
         .type = DataType::kDouble,
         .parameters = {{"x", DataType::kDouble}},
         .body = apply("/", {{FieldRef{"x"}}, constant("2", DataType::kDouble)})}};
    auto& fields = document.model.local_transformations;
    fields.push_back({.name = "text",
                      .op_type = OpType::kCategorical,
                      .type = DataType::kString,
                      .expression = text(2)});
    fields.push_back({.name = "value",
                      .type = one_of<DataType>({DataType::kDouble, DataType::kFloat,
                                                DataType::kInteger, DataType::kDouble}),
                      .expression = number(3)});
    fields.push_back({.name = "of_text",
                      .type = DataType::kDouble,
                      .expression = {NormDiscrete{.field = "text", .value = pick_text()}}});
    RegressionTable table;
    table.numeric = {{"value", 1, 1}, {"of_text", 1, 100}};
    table.categorical = {{"text", pick_text(), 1000}};
    document.model.body = RegressionModel{.tables = {table}};
    return document;
  }

  std::vector<double> row(const Scorer& scorer) {
    std::vector<double> row;
    for (const InputField& input : scorer.inputs()) {
      const double kind = random_.uniform();
      if (kind < 0.1) {
        row.push_back(kMissing);
      } else if (kind < 0.13) {
        row.push_back(one_of<double>({kInvalid, kUnlisted}));
      } else if (input.encoding == Encoding::kIndex) {
        const std::size_t n = input.categories.size();
        row.push_back(n == 0 ? kUnlisted : static_cast<double>(random_.below(n)));
      } else if (input.type == DataType::kInteger) {
        row.push_back(static_cast<double>(random_.below(9)) - 4);
      } else {
        row.push_back(quarter());
      }
    }
    return row;
  }

 private:
  bool chance(double p) { return random_.bernoulli(p); }
  template <class T>
  T one_of(std::vector<T> from) {
    return from[random_.below(from.size())];
  }
  std::string pick(std::vector<std::string> from) { return one_of(std::move(from)); }
  std::string pick_text() { return pick({"red", "green", "blue", "low", "high", "RED", "redder"}); }
  double quarter() { return (static_cast<double>(random_.below(25)) - 12) / 4; }
  std::string numeric_field() { return pick({"d", "d", "f", "i", "j"}); }

  static Expression constant(std::string text, DataType type) {
    return {Constant{.type = type, .text = std::move(text)}};
  }
  static Expression apply(std::string function, std::vector<Expression> arguments) {
    Apply result{.function = std::move(function)};
    result.arguments = std::move(arguments);
    return {std::move(result)};
  }
  std::optional<std::string> sometimes(const std::string& value) {
    return chance(0.3) ? std::optional(value) : std::nullopt;
  }

  Expression number(int depth) {
    const double kind = random_.uniform();
    if (depth == 0 || kind < 0.15)
      return {FieldRef{numeric_field(), sometimes(pick({"3", "0.5"}))}};
    if (kind < 0.25) {
      return chance(0.5) ? constant(base::format_double(quarter()), DataType::kDouble)
                         : constant(std::to_string(random_.below(5)), DataType::kInteger);
    }
    if (kind < 0.32) return {piecewise()};
    if (kind < 0.4) return {bins({"1", "2.5", "7"})};
    if (kind < 0.48) return {table({"1", "2", "-3.5"})};
    if (kind < 0.52) return apply("half", {number(depth - 1)});
    if (kind < 0.6) return apply("if", {truth(depth - 1), number(depth - 1), number(depth - 1)});
    std::vector<Expression> arguments = {number(depth - 1)};
    std::string function =
        pick({"+",   "-",    "*",       "/",    "pow",   "modulo", "threshold", "min",  "max",
              "sum", "avg",  "product", "abs",  "floor", "ceil",   "round",     "rint", "exp",
              "ln",  "sqrt", "sin",     "tanh", "expm1", "ln1p",   "log10"});
    if (function == "pow" || function == "modulo") {
      arguments.push_back(
          constant(pick({"2", "3"}), one_of<DataType>({DataType::kDouble, DataType::kInteger})));
    } else if (function.size() == 1 || function == "threshold") {
      arguments.push_back(number(depth - 1));
    } else if (function == "min" || function == "max" || function == "sum" || function == "avg" ||
               function == "product") {
      arguments.push_back(number(depth - 1));
      if (chance(0.5)) arguments.push_back(number(depth - 1));
    }
    Expression result = apply(std::move(function), std::move(arguments));
    auto& call = std::get<Apply>(result.is);
    call.map_missing_to = sometimes("1");
    call.default_value = sometimes("0");
    return result;
  }

  Expression truth(int depth) {
    const double kind = random_.uniform();
    if (depth > 0 && kind < 0.25)
      return apply(pick({"and", "or"}), {truth(depth - 1), truth(depth - 1)});
    if (depth > 0 && kind < 0.35) return apply("not", {truth(depth - 1)});
    if (kind < 0.45) return apply(pick({"isMissing", "isNotMissing"}), {{FieldRef{field()}}});
    if (kind < 0.6)
      return apply(pick({"equal", "notEqual"}),
                   {{FieldRef{pick({"s", "t"})}}, constant(pick_text(), DataType::kString)});
    if (kind < 0.7)
      return apply(pick({"isIn", "isNotIn"}), {{FieldRef{"s"}},
                                               constant(pick_text(), DataType::kString),
                                               constant(pick_text(), DataType::kString)});
    if (kind < 0.78)
      return apply(pick({"isIn", "isNotIn"}), {{FieldRef{numeric_field()}},
                                               constant("1", DataType::kInteger),
                                               constant("-0.5", DataType::kDouble)});
    return apply(
        pick({"equal", "notEqual", "lessThan", "lessOrEqual", "greaterThan", "greaterOrEqual"}),
        {number(depth > 0 ? depth - 1 : 0), number(0)});
  }
  std::string field() { return pick({"d", "f", "i", "j", "s", "t"}); }

  Expression text(int depth) {
    const double kind = random_.uniform();
    if (depth == 0 || kind < 0.15) return {FieldRef{pick({"s", "s", "t"}), sometimes("low")}};
    if (kind < 0.25) return constant(pick_text(), DataType::kString);
    if (kind < 0.45) return {bins({"low", "high", "red"})};
    if (kind < 0.65) return {table({"low", "high", "green"})};
    if (kind < 0.75) return apply("uppercase", {{FieldRef{"s"}}});
    if (kind < 0.85) return apply("concat", {{FieldRef{"s"}}, constant("der", DataType::kString)});
    return apply("if", {truth(depth - 1), text(depth - 1), text(depth - 1)});
  }

  NormContinuous piecewise() {
    NormContinuous norm{.field = numeric_field()};
    norm.outliers =
        one_of<OutlierTreatment>({OutlierTreatment::kAsIs, OutlierTreatment::kAsMissingValues,
                                  OutlierTreatment::kAsExtremeValues});
    if (chance(0.3)) norm.map_missing_to = 0.25;
    double x = -2;
    for (std::size_t i = 0; i < 2 + random_.below(3); ++i) {
      norm.points.push_back({x, quarter()});
      x += 0.5 + static_cast<double>(random_.below(3));
    }
    if (norm.points.size() < 2) norm.points.push_back({x, quarter()});
    return norm;
  }

  Discretize bins(const std::vector<std::string>& values) {
    Discretize result{.field = numeric_field(),
                      .map_missing_to = sometimes(values[0]),
                      .default_value = sometimes(values[1])};
    for (const std::string& value : values) {
      Interval interval{.closure = one_of<Closure>({Closure::kOpenClosed, Closure::kClosedOpen})};
      if (chance(0.8)) interval.left = quarter();
      interval.right = interval.left.value_or(-1) + 1;
      result.bins.push_back({value, interval});
    }
    return result;
  }

  MapValues table(const std::vector<std::string>& values) {
    MapValues map{.output_column = "out",
                  .map_missing_to = sometimes(values[0]),
                  .default_value = sometimes(values[1])};
    if (chance(0.3)) {
      map.columns = {{numeric_field(), "key"}};
      for (const std::string key : {"1", "-2", "1", "0.5"})
        map.rows.push_back({{key}, pick(values)});
      return map;
    }
    map.columns = {{pick({"s", "t"}), "key"}};
    if (chance(0.4)) map.columns.push_back({map.columns[0].field == "s" ? "t" : "s", "other"});
    for (int i = 0; i < 4; ++i) {
      std::vector<std::string> keys;
      for (std::size_t c = 0; c < map.columns.size(); ++c) keys.push_back(pick_text());
      map.rows.push_back({std::move(keys), sometimes(pick(values))});
    }
    return map;
  }

  base::Random random_;
};

TEST(Expressions, compiled_and_interpreted_values_are_equal_in_every_bit) {
  int compiled = 0;
  int answered = 0;
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    Expressions expressions(seed);
    const Document document = expressions.document();
    const auto fast = Scorer::compile(document);
    if (!fast) continue;  // A value that is not of its type, say.
    if (!fast->compiled()) continue;
    ++compiled;
    const auto slow = Scorer::interpret(document);
    ASSERT_TRUE(slow);
    Workspace fast_workspace(*fast);
    Workspace slow_workspace(*slow);
    for (int i = 0; i < 40; ++i) {
      const std::vector<double> row = expressions.row(*fast);
      const auto differs = difference(*fast, fast_workspace, *slow, slow_workspace, row);
      ASSERT_FALSE(differs) << "seed " << seed << ", row " << i << ": " << *differs << "\n"
                            << write(document);
      if (fast->score(row, fast_workspace).status == Status::kOk) ++answered;
    }
  }
  // The comparison would be empty if few documents compiled or few rows had an answer.
  EXPECT_GT(compiled, 600);
  EXPECT_GT(answered, 5'000);
}

}  // namespace
}  // namespace pmml
