// SPDX-License-Identifier: Apache-2.0
#include "mutate.h"

#include <functional>
#include <type_traits>

#include "base/number.h"

namespace fuzz {
namespace {

using namespace pmml;

// Walks a document and notes every place that can be changed.
class Places {
 public:
  explicit Places(Document& document) {
    for (DataField& field : document.data_dictionary) note(field);
    for (DerivedField& field : document.transformations) note(field);
    list(document.transformations);
    note(document.model);
  }
  std::vector<std::function<void(Bytes&)>> changes;
  std::vector<double> numbers;

 private:
  void number(double& value) {
    numbers.push_back(value);
    changes.emplace_back([&value](Bytes& bytes) { value = bytes.number(); });
  }
  void number(std::optional<double>& value) {
    if (value) numbers.push_back(*value);
    changes.emplace_back([&value](Bytes& bytes) {
      value = bytes.yes() ? std::optional<double>(bytes.number()) : std::nullopt;
    });
  }
  static std::string word(Bytes& bytes) {
    static const std::vector<std::string> kWords = {
        "a",     "b",         "f",   "i",  "s",     "t",          "y",         "x",   "red",
        "green", "two words", "yes", "no", "maybe", "0",          "1",         "0.5", "-1",
        "2",     "true",      "1e9", "n0", "n1",    "\"quoted\"", "2026-11-22"};
    return bytes.yes() ? bytes.one_of(kWords) : base::format_double(bytes.number());
  }
  void text(std::string& value) {
    if (const auto parsed = base::parse_double(value)) numbers.push_back(*parsed);
    changes.emplace_back([&value](Bytes& bytes) { value = word(bytes); });
  }
  void text(std::optional<std::string>& value) {
    if (value) {
      if (const auto parsed = base::parse_double(*value)) numbers.push_back(*parsed);
    }
    changes.emplace_back([&value](Bytes& bytes) {
      value = bytes.yes() ? std::optional<std::string>(word(bytes)) : std::nullopt;
    });
  }
  void text(TreeModel& tree, NodeText& value) {
    if (const auto parsed = base::parse_double(tree.text(value))) numbers.push_back(*parsed);
    changes.emplace_back([&tree, &value](Bytes& bytes) {
      value = bytes.yes() ? tree.add_text(word(bytes)) : NodeText{};
    });
  }
  void flag(bool& value) {
    changes.emplace_back([&value](Bytes&) { value = !value; });
  }
  // One of the first n enumerators.
  template <class Enum>
  void choice(Enum& value, std::size_t n) {
    changes.emplace_back([&value, n](Bytes& bytes) { value = static_cast<Enum>(bytes.below(n)); });
  }
  // An element is dropped, doubled, or exchanged for another.
  template <class T>
  void list(std::vector<T>& values) {
    if (values.empty()) return;
    changes.emplace_back([&values](Bytes& bytes) {
      const std::size_t at = bytes.below(values.size());
      const auto place = values.begin() + static_cast<std::ptrdiff_t>(at);
      const std::uint8_t kind = bytes.byte() % 3;
      if (kind == 0) {
        values.erase(place);
      } else if (kind == 1 && values.size() < 64) {
        const T copy = *place;
        values.insert(place, copy);
      } else {
        std::swap(values[at], values[bytes.below(values.size())]);
      }
    });
  }

  void note(Interval& interval) {
    choice(interval.closure, 4);
    number(interval.left);
    number(interval.right);
  }
  void note(DataField& field) {
    choice(field.op_type, 3);
    choice(field.type, 5);
    for (Interval& interval : field.intervals) note(interval);
    for (FieldValue& value : field.values) {
      text(value.value);
      choice(value.property, 3);
    }
    list(field.intervals);
    list(field.values);
  }
  void note(MiningField& field) {
    choice(field.usage, 3);
    text(field.missing_replacement);
    flag(field.missing_is_invalid);
    choice(field.invalid_treatment, 4);
    text(field.invalid_replacement);
    choice(field.outliers, 3);
    number(field.low);
    number(field.high);
  }
  void note(DerivedField& field) {
    choice(field.type, 5);
    note(field.expression);
  }
  void note(Expression& expression) {
    std::visit([&](auto& one) { note(one); }, expression.is);
  }
  void note(Constant& constant) {
    text(constant.text);
    flag(constant.missing);
  }
  void note(FieldRef& reference) {
    text(reference.field);
    text(reference.map_missing_to);
  }
  void note(NormContinuous& norm) {
    choice(norm.outliers, 3);
    number(norm.map_missing_to);
    for (auto& point : norm.points) {
      number(point.original);
      number(point.normalized);
    }
    list(norm.points);
  }
  void note(NormDiscrete& norm) {
    text(norm.value);
    number(norm.map_missing_to);
  }
  void note(Discretize& discretize) {
    text(discretize.map_missing_to);
    text(discretize.default_value);
    for (auto& bin : discretize.bins) {
      text(bin.value);
      note(bin.interval);
    }
    list(discretize.bins);
  }
  void note(MapValues& map) {
    text(map.map_missing_to);
    text(map.default_value);
    for (auto& row : map.rows) {
      for (std::string& key : row.keys) text(key);
      text(row.output);
    }
    list(map.rows);
  }
  void note(Apply& apply) {
    changes.emplace_back([&apply](Bytes& bytes) {
      static const std::vector<std::string> kFunctions = {
          "+",      "-",         "*",         "/",     "min",  "max",   "if",     "isMissing",
          "equal",  "lessThan",  "and",       "or",    "not",  "exp",   "ln",     "sqrt",
          "abs",    "pow",       "threshold", "floor", "ceil", "round", "modulo", "isIn",
          "concat", "substring", "uppercase", "avg",   "sum"};
      apply.function = bytes.one_of(kFunctions);
    });
    text(apply.map_missing_to);
    text(apply.default_value);
    choice(apply.invalid_treatment, 3);
    for (Expression& argument : apply.arguments) note(argument);
    list(apply.arguments);
  }
  // What other expressions have inside is left as it is.
  template <class Other>
  void note(Other&) {}

  void note(Predicate& predicate) {
    if (auto* simple = std::get_if<SimplePredicate>(&predicate.is)) {
      text(simple->field);
      choice(simple->comparison, 8);
      text(simple->value);
    } else if (auto* set = std::get_if<SimpleSetPredicate>(&predicate.is)) {
      flag(set->is_in);
      for (std::string& value : set->values) text(value);
      list(set->values);
    } else if (auto* compound = std::get_if<CompoundPredicate>(&predicate.is)) {
      choice(compound->boolean_operator, 4);
      for (Predicate& child : compound->children) note(child);
      list(compound->children);
    }
    changes.emplace_back([&predicate](Bytes& bytes) {
      if (bytes.yes()) {
        predicate.is = True{};
      } else {
        predicate.is = False{};
      }
    });
  }

  void note(Model& model) {
    choice(model.function, 2);
    choice(model.math, 2);
    for (MiningField& field : model.mining_schema) note(field);
    for (DerivedField& field : model.local_transformations) note(field);
    for (Target& target : model.targets) note(target);
    for (OutputField& output : model.output) {
      if (output.expression) note(*output.expression);
      text(output.value);
    }
    list(model.mining_schema);
    list(model.local_transformations);
    list(model.targets);
    list(model.output);
    std::visit([&](auto& body) { note_body(body); }, model.body);
  }
  void note(Target& target) {
    choice(target.cast_integer, 4);
    number(target.min);
    number(target.max);
    number(target.rescale_factor);
    number(target.rescale_constant);
    for (TargetValue& value : target.values) {
      text(value.value);
      number(value.prior_probability);
      number(value.default_value);
    }
    list(target.values);
  }

  void note_body(RegressionModel& regression) {
    choice(regression.normalization, 9);
    for (RegressionTable& table : regression.tables) {
      number(table.intercept);
      for (auto& predictor : table.numeric) {
        number(predictor.coefficient);
        text(predictor.field);
      }
      for (auto& predictor : table.categorical) {
        number(predictor.coefficient);
        text(predictor.value);
      }
      list(table.numeric);
      list(table.categorical);
      list(table.terms);
    }
    list(regression.tables);
  }
  void note_body(TreeModel& tree) {
    choice(tree.missing_value_strategy, 4);
    choice(tree.no_true_child_strategy, 2);
    for (TreeNode& node : tree.nodes) {
      text(tree, node.score);
      text(tree, node.default_child);
      choice(node.predicate.kind, 4);
      choice(node.predicate.comparison, 8);
      text(tree, node.predicate.value);
    }
    for (std::string& field : tree.fields) text(field);
    for (Predicate& predicate : tree.predicates) note(predicate);
    for (ScoreDistribution& entry : tree.distributions) {
      text(entry.value);
      number(entry.record_count);
      number(entry.probability);
    }
    list(tree.distributions);
  }
  void note_body(MiningModel& mining) {
    choice(mining.method, 13);
    choice(mining.missing_prediction, 3);
    number(mining.missing_threshold);
    for (Segment& segment : mining.segments) {
      number(segment.weight);
      note(segment.predicate);
      note(segment.model);
    }
    list(mining.segments);
  }
  template <class Other>
  void note_body(Other&) {}
};

}  // namespace

void mutate(Document& document, Bytes& bytes) {
  Places places(document);
  if (!places.changes.empty()) bytes.one_of(places.changes)(bytes);
}

std::vector<double> numbers_of(Document& document) { return Places(document).numbers; }

}  // namespace fuzz
