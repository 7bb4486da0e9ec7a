// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/compiled.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "pmml/compile/inputs.h"
#include "pmml/compile/units.h"
#include "pmml/interpret/interpreter.h"
#include "pmml/interpret/model.h"
#include "pmml/interpret/value.h"

namespace pmml {
namespace detail {
namespace {

// What a name means while a model is compiled.
struct SlotInfo {
  std::uint32_t slot = 0;
  DataType type = DataType::kDouble;
  const InputField* input = nullptr;  // Null for derived fields and outputs.
};

struct NameScope {
  const NameScope* outer = nullptr;
  std::unordered_map<std::string_view, SlotInfo> names = {};

  [[nodiscard]] const SlotInfo* find(std::string_view name) const {
    for (const NameScope* scope = this; scope != nullptr; scope = scope->outer) {
      if (const auto found = scope->names.find(name); found != scope->names.end())
        return &found->second;
    }
    return nullptr;
  }
};

bool is_index(const SlotInfo& info) {
  return info.input != nullptr && info.input->encoding == Encoding::kIndex;
}

// Compiles, or finds out that the interpreter has to do it: ok_ becomes false.
class Builder {
 public:
  explicit Builder(const Compiled::Frame& frame) : frame_(frame) {}

  std::unique_ptr<Units> build() {
    NameScope root;
    for (std::size_t i = 0; i < frame_.inputs.size(); ++i) {
      const MiningField& mining = *row_fields_[i];
      auto plan = plan_cell(*frame_.data_fields[i], mining, frame_.inputs[i]);
      if (!plan) return nullptr;
      units_->cells.push_back(*std::move(plan));
      root.names.emplace(frame_.inputs[i].name, SlotInfo{static_cast<std::uint32_t>(i),
                                                         frame_.inputs[i].type, &frame_.inputs[i]});
    }
    units_->slots = frame_.inputs.size();
    std::vector<DerivedUnit> global;
    add_derived(frame_.document.transformations, root, global);
    units_->root = add_model(frame_.document.model, root, true);
    if (!ok_) return nullptr;
    auto& derived = units_->models[units_->root].derived;
    derived.insert(derived.begin(), std::make_move_iterator(global.begin()),
                   std::make_move_iterator(global.end()));
    map_outputs(root);
    return ok_ ? std::move(units_) : nullptr;
  }

 private:
  // For constructs without a compiled form.
  void give_up() { ok_ = false; }

  std::uint32_t new_slot() { return static_cast<std::uint32_t>(units_->slots++); }

  const SlotInfo* resolve(std::string_view name, const NameScope& scope) {
    const SlotInfo* info = scope.find(name);
    if (info == nullptr) give_up();
    return info;
  }

  // The slot value of a text compared with a field; nothing where only the interpreter can compare.
  std::optional<double> operand(const std::string& text, const SlotInfo& info) {
    if (is_index(info) && info.type != DataType::kBoolean) {
      const auto found = std::ranges::find(info.input->categories, text);
      return found == info.input->categories.end()
                 ? -2.0
                 : static_cast<double>(found - info.input->categories.begin());
    }
    const auto value = parse_operand(text, info.type);
    if (!value || value->missing || value->type == DataType::kString) return std::nullopt;
    return value->number;
  }

  Test compile(const Predicate& predicate, const NameScope& scope) {
    if (std::holds_alternative<True>(predicate.is)) return {};
    if (std::holds_alternative<False>(predicate.is)) return {.op = Op::kFalse};
    if (const auto* simple = std::get_if<SimplePredicate>(&predicate.is))
      return compile_simple(*simple, scope);
    if (const auto* set = std::get_if<SimpleSetPredicate>(&predicate.is))
      return compile_set(*set, scope);
    const auto& compound = std::get<CompoundPredicate>(predicate.is);
    std::vector<std::uint32_t> children;
    for (const Predicate& child : compound.children) {
      const Test test = compile(child, scope);
      children.push_back(static_cast<std::uint32_t>(units_->tests.tests.size()));
      units_->tests.tests.push_back(test);
    }
    auto& all = units_->tests.children;
    Test test{.first = static_cast<std::uint32_t>(all.size()),
              .count = static_cast<std::uint32_t>(children.size())};
    all.insert(all.end(), children.begin(), children.end());
    switch (compound.boolean_operator) {
      case BooleanOperator::kAnd:
        test.op = Op::kAnd;
        break;
      case BooleanOperator::kOr:
        test.op = Op::kOr;
        break;
      case BooleanOperator::kXor:
        test.op = Op::kXor;
        break;
      case BooleanOperator::kSurrogate:
        test.op = Op::kSurrogate;
        break;
    }
    return test;
  }

  Test compile_simple(const SimplePredicate& predicate, const NameScope& scope) {
    const SlotInfo* info = resolve(predicate.field, scope);
    if (info == nullptr) return {};
    Test test{.slot = info->slot};
    switch (predicate.comparison) {
      case Comparison::kEqual:
        test.op = Op::kEqual;
        break;
      case Comparison::kNotEqual:
        test.op = Op::kNotEqual;
        break;
      case Comparison::kLessThan:
        test.op = Op::kLess;
        break;
      case Comparison::kLessOrEqual:
        test.op = Op::kLessOrEqual;
        break;
      case Comparison::kGreaterThan:
        test.op = Op::kGreater;
        break;
      case Comparison::kGreaterOrEqual:
        test.op = Op::kGreaterOrEqual;
        break;
      case Comparison::kIsMissing:
        test.op = Op::kIsMissing;
        return test;
      case Comparison::kIsNotMissing:
        test.op = Op::kIsNotMissing;
        return test;
    }
    const bool ordered = test.op != Op::kEqual && test.op != Op::kNotEqual;
    // Texts and ordinal fields are ordered by what their field declares: for the interpreter.
    if (ordered &&
        (is_index(*info) || (info->input != nullptr && info->input->op_type == OpType::kOrdinal)))
      give_up();
    const auto value = operand(predicate.value, *info);
    if (!value) give_up();
    test.value = value.value_or(0);
    return test;
  }

  Test compile_set(const SimpleSetPredicate& predicate, const NameScope& scope) {
    const SlotInfo* info = resolve(predicate.field, scope);
    if (info == nullptr) return {};
    Test test{.slot = info->slot};
    if (is_index(*info)) {
      auto& members = units_->tests.members;
      test.op = predicate.is_in ? Op::kInCategories : Op::kNotInCategories;
      test.first = static_cast<std::uint32_t>(members.size());
      test.count = static_cast<std::uint32_t>(info->input->categories.size());
      members.resize(members.size() + test.count, 0);
      for (const std::string& text : predicate.values) {
        const auto value = operand(text, *info);
        if (value && *value >= 0) members[test.first + static_cast<std::size_t>(*value)] = 1;
      }
      return test;
    }
    auto& numbers = units_->tests.numbers;
    test.op = predicate.is_in ? Op::kInNumbers : Op::kNotInNumbers;
    test.first = static_cast<std::uint32_t>(numbers.size());
    for (const std::string& text : predicate.values) {
      if (const auto value = operand(text, *info)) numbers.push_back(*value);
    }
    test.count = static_cast<std::uint32_t>(numbers.size()) - test.first;
    return test;
  }

  std::optional<ExpressionUnit> compile(const Expression& expression, const NameScope& scope) {
    if (const auto* reference = std::get_if<FieldRef>(&expression.is)) {
      const SlotInfo* info = scope.find(reference->field);
      if (info == nullptr || reference->map_missing_to ||
          (is_index(*info) && info->type != DataType::kBoolean))
        return std::nullopt;
      return ExpressionUnit{
          .op = ExpressionUnit::Op::kSlot, .type = info->type, .slot = info->slot};
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

  static std::optional<ExpressionUnit> compile_constant(const Constant& constant) {
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
      auto compiled = compile(argument, scope);
      if (!compiled) return std::nullopt;
      unit.arguments.push_back(*std::move(compiled));
    }
    const auto& arguments = unit.arguments;
    const auto all = [&](auto test) {
      return std::ranges::all_of(
          arguments, [&](const ExpressionUnit& argument) { return test(argument.type); });
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

  // Can a value of one type become one of the other without a row failing, and does it round?
  static bool casts(DataType from, DataType to) {
    if (from == to) return true;
    if (to == DataType::kDouble || to == DataType::kFloat)
      return is_number(from) || from == DataType::kBoolean;
    return to == DataType::kInteger && from == DataType::kBoolean;
  }

  // Derived fields that compile get slots; a reference to one that does not will give up. They may
  // name later ones, so the list is gone through until nothing more compiles.
  void add_derived(const std::vector<DerivedField>& fields, NameScope& scope,
                   std::vector<DerivedUnit>& units) {
    std::vector<bool> done(fields.size());
    std::unordered_map<std::string_view, int> waiting;
    for (const DerivedField& field : fields) {
      scope.names.erase(field.name);
      ++waiting[field.name];
      if (scope.find(field.name) != nullptr) give_up();  // It hides a field of the same name.
    }
    for (bool progress = true; progress;) {
      progress = false;
      for (std::size_t i = 0; i < fields.size(); ++i) {
        if (done[i]) continue;
        auto expression = compile(fields[i].expression, scope);
        if (!expression || !casts(expression->type, fields[i].type)) continue;
        const std::uint32_t slot = new_slot();
        units.push_back({slot, fields[i].type == DataType::kFloat, *std::move(expression)});
        scope.names.emplace(fields[i].name, SlotInfo{slot, fields[i].type});
        done[i] = progress = true;
      }
    }
  }

  // A nested MiningField that changes nothing: the outer model has done the same already.
  bool changes_nothing(const MiningField& field, const NameScope& scope) {
    if (field.outliers != OutlierTreatment::kAsIs || field.missing_is_invalid) return false;
    if (!field.missing_replacement) return true;
    const SlotInfo* info = scope.find(field.name);
    if (info == nullptr || info->input == nullptr) return false;
    const auto outer = std::ranges::find(row_fields_, field.name, &MiningField::name);
    return outer != row_fields_.end() && (*outer)->missing_replacement == field.missing_replacement;
  }

  std::uint32_t add_model(const Model& model, NameScope& scope, bool outermost) {
    ModelUnit unit;
    if (model.function != MiningFunction::kRegression &&
        model.function != MiningFunction::kClassification)
      give_up();
    unit.function = model.function;
    unit.math = model.math;
    if (!outermost) {
      for (const MiningField& field : model.mining_schema) {
        if (!changes_nothing(field, scope)) give_up();
      }
    }
    add_derived(model.local_transformations, scope, unit.derived);
    if (const Target* target = target_element(model)) {
      unit.target = *target;
      for (const TargetValue& value : target->values) {
        if (value.prior_probability && model.function == MiningFunction::kClassification) give_up();
      }
    }
    if (!ok_) return 0;
    if (const auto* regression = std::get_if<RegressionModel>(&model.body)) {
      add_regression(*regression, model, scope, unit);
    } else if (const auto* tree = std::get_if<TreeModel>(&model.body)) {
      add_tree(*tree, model, scope, unit);
    } else if (const auto* mining = std::get_if<MiningModel>(&model.body)) {
      add_mining(*mining, model, scope, unit);
    } else {
      give_up();
    }
    if (!ok_) return 0;
    add_outputs(model, scope, unit, outermost);
    unit.scratch = units_->scratch;
    units_->scratch += unit.categories.size();
    if (const auto* mining = std::get_if<MiningUnit>(&unit.body))
      units_->scratch += 2 * mining->members.size();
    units_->models.push_back(std::move(unit));
    return static_cast<std::uint32_t>(units_->models.size() - 1);
  }

  void add_regression(const RegressionModel& regression, const Model& model, const NameScope& scope,
                      ModelUnit& unit) {
    RegressionUnit result;
    result.normalization = regression.normalization;
    const std::string& target = target_of(model);
    for (const DataField& field : frame_.document.data_dictionary) {
      if (field.name == target) result.ordinal = field.op_type == OpType::kOrdinal;
    }
    for (const MiningField& field : model.mining_schema) {
      if (field.name == target && field.op_type)
        result.ordinal = *field.op_type == OpType::kOrdinal;
    }
    if (const Target* element = target_element(model); element != nullptr && element->op_type) {
      result.ordinal = *element->op_type == OpType::kOrdinal;
    }
    for (const RegressionTable& table : regression.tables) {
      result.tables.push_back(compile(table, scope));
      if (model.function == MiningFunction::kClassification)
        unit.categories.push_back(table.target_category);
    }
    unit.body = std::move(result);
  }

  TableUnit compile(const RegressionTable& table, const NameScope& scope) {
    TableUnit unit;
    unit.intercept = table.intercept;
    const auto numeric_slot = [&](const std::string& name) {
      const SlotInfo* info = resolve(name, scope);
      if (info != nullptr && is_index(*info) && info->type != DataType::kBoolean) give_up();
      return info == nullptr ? 0 : info->slot;
    };
    for (const NumericPredictor& predictor : table.numeric) {
      unit.coefficients.push_back(predictor.coefficient);
      unit.slots.push_back(numeric_slot(predictor.field));
      unit.exponents.push_back(predictor.exponent);
      unit.linear = unit.linear && predictor.exponent == 1;
    }
    std::string_view field;
    for (const CategoricalPredictor& predictor : table.categorical) {
      const SlotInfo* info = resolve(predictor.field, scope);
      if (info == nullptr) return unit;
      if (unit.lookups.empty() || field != predictor.field) {
        field = predictor.field;
        Lookup& lookup = unit.lookups.emplace_back();
        lookup.slot = info->slot;
        if (is_index(*info)) lookup.by_category.assign(info->input->categories.size(), -0.0);
      }
      Lookup& lookup = unit.lookups.back();
      const auto value = operand(predictor.value, *info);
      if (!value) continue;  // Never equal.
      if (!is_index(*info)) {
        lookup.by_number.emplace_back(*value, predictor.coefficient);
      } else if (*value >= 0) {
        double& entry = lookup.by_category[static_cast<std::size_t>(*value)];
        // Two coefficients for one category are added one after the other.
        if (!(entry == 0 && std::signbit(entry))) give_up();
        entry = predictor.coefficient;
      }
    }
    for (const PredictorTerm& term : table.terms) {
      auto& entry = unit.terms.emplace_back();
      entry.coefficient = term.coefficient;
      for (const std::string& name : term.fields) entry.slots.push_back(numeric_slot(name));
    }
    return unit;
  }

  static std::size_t index_of(const std::string& category, std::vector<std::string>& categories) {
    const auto found = std::ranges::find(categories, category);
    if (found != categories.end()) return static_cast<std::size_t>(found - categories.begin());
    categories.push_back(category);
    return categories.size() - 1;
  }

  void add_tree(const TreeModel& tree, const Model& model, const NameScope& scope,
                ModelUnit& unit) {
    TreeUnit result;
    result.missing = tree.missing_value_strategy;
    result.last_prediction =
        tree.no_true_child_strategy == NoTrueChildStrategy::kReturnLastPrediction;
    const bool classifies = model.function == MiningFunction::kClassification;
    if (classifies) {
      for (const TreeNode& node : tree.nodes) {
        for (const ScoreDistribution& entry : node.distribution)
          index_of(entry.value, unit.categories);
      }
      for (const TreeNode& node : tree.nodes) {
        if (node.score) index_of(*node.score, unit.categories);
      }
    }
    result.nodes.reserve(tree.nodes.size());
    for (const TreeNode& source : tree.nodes) {
      Node node;
      node.test = compile(source.predicate, scope);
      if (!source.children.empty()) node.child = static_cast<std::uint32_t>(source.children[0]);
      for (const std::size_t child : source.children) {
        if (source.default_child && tree.nodes[child].id == source.default_child &&
            node.preset == kNowhere) {
          node.preset = static_cast<std::uint32_t>(child);
        }
      }
      if (classifies) {
        add_leaf(source, result, unit, node);
      } else if (source.score) {
        const auto score =
            parse_value(*source.score,
                        model.math == MathContext::kFloat ? DataType::kFloat : DataType::kDouble);
        node.answers = score && !score->missing;
        node.number = node.answers ? score->number : 0;
      }
      result.nodes.push_back(node);
      if (!ok_) return;
    }
    for (const TreeNode& source : tree.nodes) {
      for (std::size_t i = 0; i + 1 < source.children.size(); ++i) {
        result.nodes[source.children[i]].sibling =
            static_cast<std::uint32_t>(source.children[i + 1]);
      }
    }
    unit.body = std::move(result);
  }

  void add_leaf(const TreeNode& source, TreeUnit& tree, ModelUnit& unit, Node& node) {
    const auto& entries = source.distribution;
    double sum = 0;
    for (const ScoreDistribution& entry : entries) sum += entry.record_count;
    const bool counts = !entries.empty() && (entries[0].probability || sum > 0);
    if (!source.score && !counts) return;
    node.answers = true;
    node.distribution = static_cast<std::uint32_t>(tree.distributions.size());
    tree.distributions.resize(tree.distributions.size() + unit.categories.size(), 0.0);
    double* probabilities = tree.distributions.data() + node.distribution;
    std::size_t best = 0;
    double highest = 0;
    if (counts) {
      for (std::size_t i = 0; i < entries.size(); ++i) {
        const std::size_t category = index_of(entries[i].value, unit.categories);
        const double p = entries[0].probability ? entries[i].probability.value_or(0)
                                                : entries[i].record_count / sum;
        if (category != i || (i > 0 && probabilities[category] != 0)) unit.uniform = false;
        probabilities[category] = p;
        if (i == 0 || p > highest) {
          highest = p;
          best = category;
        }
      }
      if (entries.size() != unit.categories.size()) unit.uniform = false;
      for (std::size_t i = 0; i < entries.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
          if (entries[i].value == entries[j].value) give_up();
        }
      }
    } else {
      probabilities[index_of(*source.score, unit.categories)] = 1;
      if (unit.categories.size() != 1) unit.uniform = false;
    }
    node.category =
        static_cast<std::uint32_t>(source.score ? index_of(*source.score, unit.categories) : best);
  }

  void add_mining(const MiningModel& mining, const Model& model, NameScope& scope,
                  ModelUnit& unit) {
    using enum MultipleModelMethod;
    MiningUnit result;
    result.method = mining.method;
    result.treatment = mining.missing_prediction;
    result.threshold = mining.missing_threshold;
    const bool chain = mining.method == kModelChain;
    const bool classifies = model.function == MiningFunction::kClassification;
    const bool votes = mining.method == kMajorityVote || mining.method == kWeightedMajorityVote;
    if (mining.method == kSelectAll || mining.method == kMultiModelChain) give_up();
    if (classifies && (mining.method == kMax || mining.method == kMedian)) give_up();
    for (std::size_t i = 0; i < mining.segments.size() && ok_; ++i) {
      const Segment& segment = mining.segments[i];
      MiningUnit::Member member{.test = compile(segment.predicate, scope),
                                .weight = segment.weight};
      NameScope inner{.outer = &scope};
      member.model = add_model(segment.model, inner, false);
      if (!ok_) return;
      // Only the last link of a chain may be the answer, and it must always run.
      const bool last = i + 1 == mining.segments.size();
      if (chain && last && !std::holds_alternative<True>(segment.predicate.is)) give_up();
      if (!chain || last) {
        if (segment.model.function != model.function) give_up();
        const ModelUnit& part = units_->models[member.model];
        if (classifies && unit.categories.empty()) unit.categories = part.categories;
        if (classifies && unit.categories != part.categories) give_up();
        // Averages break ties by order of appearance, which rows must not change.
        if (classifies && !chain && !votes && mining.method != kSelectFirst && !part.uniform)
          give_up();
        if (!part.uniform) unit.uniform = false;
      }
      if (chain || mining.method == kSelectFirst) {
        for (const auto& [name, info] : inner.names) {
          if (is_output(segment.model, name)) define(name, info, scope);
        }
      }
      result.members.push_back(member);
    }
    if (chain && ok_) {
      // A chain whose last link predicts something else than the chain's target: for the
      // interpreter.
      const std::string& target = target_of(model);
      const bool named = std::ranges::any_of(
          mining.segments, [&](const Segment& s) { return target_of(s.model) == target; });
      if (!target.empty() && named && target_of(mining.segments.back().model) != target) give_up();
    }
    if (classifies && votes) unit.uniform = false;
    unit.body = std::move(result);
  }

  static bool is_output(const Model& model, std::string_view name) {
    if (std::ranges::find(model.output, name, &OutputField::name) != model.output.end())
      return true;
    const auto* mining = std::get_if<MiningModel>(&model.body);
    if (mining == nullptr) return false;
    if (mining->method != MultipleModelMethod::kModelChain &&
        mining->method != MultipleModelMethod::kSelectFirst)
      return false;
    return std::ranges::any_of(
        mining->segments, [&](const Segment& segment) { return is_output(segment.model, name); });
  }

  // Makes a link's output visible to the links after it.
  void define(std::string_view name, const SlotInfo& info, NameScope& scope) {
    const SlotInfo* known = scope.find(name);
    if (known != nullptr && known->slot != info.slot) give_up();  // A name that means two things.
    scope.names.emplace(name, info);
  }

  void add_outputs(const Model& model, NameScope& scope, ModelUnit& unit, bool outermost) {
    for (const OutputField& field : model.output) {
      OutputUnit output;
      output.feature = field.feature;
      if (field.segment_id || field.target_field) return give_up();
      DataType type = DataType::kDouble;
      switch (field.feature) {
        case ResultFeature::kTransformedValue:
        case ResultFeature::kDecision: {
          output.expression = compile(*field.expression, scope);
          if (!output.expression) return give_up();
          type = output.expression->type;
          break;
        }
        case ResultFeature::kProbability:
          if (model.function != MiningFunction::kClassification) return give_up();
          output.own = !field.value;
          if (field.value) output.category = find_category(*field.value, unit.categories);
          break;
        case ResultFeature::kPredictedValue:
          if (model.function == MiningFunction::kClassification &&
              !add_predicted(field, model, unit, output, type, outermost)) {
            return give_up();
          }
          break;
        case ResultFeature::kPredictedDisplayValue:
        case ResultFeature::kEntityId:
          return give_up();
      }
      const DataType declared = field.type.value_or(type);
      if (declared != type && !casts(type, declared)) return give_up();
      output.round_to_float = declared == DataType::kFloat;
      if (scope.find(field.name) != nullptr) return give_up();
      output.slot = new_slot();
      // A predicted category that is a text can be put out, but nothing can be computed with it.
      if (declared != DataType::kString)
        scope.names.emplace(field.name, SlotInfo{output.slot, declared});
      if (declared == DataType::kString) texts_.push_back(field.name);
      unit.outputs.push_back(std::move(output));
    }
  }

  static std::uint32_t find_category(const std::string& text,
                                     const std::vector<std::string>& categories) {
    auto found = std::ranges::find(categories, text);
    if (found == categories.end()) {
      found = std::ranges::find_if(
          categories, [&](const std::string& candidate) { return same_category(candidate, text); });
    }
    return found == categories.end() ? kNowhere
                                     : static_cast<std::uint32_t>(found - categories.begin());
  }

  bool add_predicted(const OutputField& field, const Model& model, const ModelUnit& unit,
                     OutputUnit& output, DataType& type, bool outermost) {
    type = DataType::kString;
    const std::string& target = target_of(model);
    for (const DataField& data : frame_.document.data_dictionary) {
      if (data.name == target) type = data.type;
    }
    if (type == DataType::kString)
      return outermost && field.type.value_or(type) == DataType::kString;
    for (const std::string& category : unit.categories) {
      const auto value = parse_value(category, type);
      if (!value || value->missing) return false;
      output.category_numbers.push_back(value->number);
    }
    return is_number(type) || type == DataType::kBoolean;
  }

  void map_outputs(const NameScope& root) {
    for (const OutputInfo& info : frame_.outputs) {
      const SlotInfo* slot = root.find(info.name);
      const bool text = std::ranges::find(texts_, info.name) != texts_.end();
      if (slot == nullptr && !text) return give_up();
      units_->output_slots.push_back(slot == nullptr ? kNowhere : slot->slot);
      if (slot != nullptr && slot->type != info.type && info.type == DataType::kString)
        return give_up();
    }
  }

  Compiled::Frame frame_;
  std::vector<const MiningField*> row_fields_ = row_fields(frame_.document);
  std::unique_ptr<Units> units_ = std::make_unique<Units>();
  std::vector<std::string> texts_;
  bool ok_ = true;
};

class CompiledUnits final : public Compiled {
 public:
  CompiledUnits(std::unique_ptr<const Units> units, std::span<const std::string> target_categories)
      : units_(std::move(units)) {
    const ModelUnit& root = units_->models[units_->root];
    for (const std::string& category : root.categories) {
      const auto found = std::ranges::find(target_categories, category);
      positions_.push_back(static_cast<std::size_t>(found - target_categories.begin()));
    }
    for (const std::string& category : target_categories) {
      std::size_t source = kNoCategory;
      for (std::size_t i = 0; i < root.categories.size() && source == kNoCategory; ++i) {
        if (root.categories[i] == category) source = i;
      }
      for (std::size_t i = 0; i < root.categories.size() && source == kNoCategory; ++i) {
        if (same_category(root.categories[i], category)) source = i;
      }
      sources_.push_back(source);
    }
  }

  void prepare(Memory& memory) const override {
    memory.slots.assign(units_->slots, kMissing);
    memory.scratch.assign(units_->scratch, 0.0);
    std::size_t members = 0;
    std::size_t categories = 0;
    for (const ModelUnit& model : units_->models) {
      categories = std::max(categories, model.categories.size());
      if (const auto* mining = std::get_if<MiningUnit>(&model.body))
        members = std::max(members, mining->members.size());
    }
    memory.order.assign(members, 0);
    memory.floats.assign(categories, 0);
  }

  void score(std::span<const double> row, Memory& memory, Prediction& prediction,
             std::span<double> probabilities, std::span<double> outputs) const override {
    const Units& units = *units_;
    double* slots = memory.slots.data();
    bool refused = false;
    for (std::size_t i = 0; i < row.size(); ++i)
      slots[i] = prepare_cell(units.cells[i], row[i], refused);
    // What a link that is passed over puts out is missing.
    std::fill(slots + row.size(), slots + units.slots, kMissing);
    Answer answer;
    if (!refused) answer = run(units, units.root, slots, memory);
    prediction.status =
        refused ? Status::kRefused : (answer.missing ? Status::kNoResult : Status::kOk);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const std::uint32_t slot = units.output_slots[i];
      outputs[i] = refused || slot == kNowhere ? kMissing : slots[slot];
    }
    const ModelUnit& root = units.models[units.root];
    if (answer.missing) {
      std::ranges::fill(probabilities, kMissing);
    } else if (root.function == MiningFunction::kRegression) {
      prediction.number = answer.number;
    } else {
      prediction.category = positions_[answer.category];
      const double* from = memory.scratch.data() + root.scratch;
      for (std::size_t i = 0; i < probabilities.size(); ++i) {
        probabilities[i] = sources_[i] == kNoCategory ? 0.0 : from[sources_[i]];
      }
    }
  }

 private:
  std::unique_ptr<const Units> units_;
  std::vector<std::size_t> positions_;  // Of the model's categories among the target's.
  std::vector<std::size_t> sources_;    // And back.
};

}  // namespace
}  // namespace detail

std::unique_ptr<const Compiled> Compiled::make(const Frame& frame) {
  auto units = detail::Builder(frame).build();
  if (!units) return nullptr;
  return std::make_unique<detail::CompiledUnits>(std::move(units), frame.target_categories);
}

}  // namespace pmml
