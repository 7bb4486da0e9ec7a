// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/builder.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <unordered_map>

#include "pmml/compile/expressions.h"
#include "pmml/compile/inputs.h"
#include "pmml/compile/points_units.h"
#include "pmml/compile/references.h"
#include "pmml/compile/tests.h"
#include "pmml/detail/model_names.h"
#include "pmml/interpret/interpreter.h"
#include "pmml/interpret/model.h"
#include "pmml/interpret/value.h"

namespace pmml::detail {
namespace {

std::string quoted(std::string_view name) { return "'" + std::string(name) + "'"; }

// Compiles, or finds out that the interpreter has to do it: why_not() says what for.
class Builder {
 public:
  explicit Builder(const Compiled::Frame& frame) : frame_(frame) {}

  std::unique_ptr<Units> build() {
    NameScope root;
    for (std::size_t i = 0; i < frame_.inputs.size(); ++i) {
      const MiningField& mining = *frame_.fields[i];
      auto plan = plan_cell(frame_.data_fields[i], mining, frame_.inputs[i]);
      if (!plan) {
        give_up("the input " + quoted(frame_.inputs[i].name) +
                " is a date or time, or treats or declares values in an uncommon way");
        return nullptr;
      }
      units_->quick_cells.push_back(quick_cell(*plan));
      units_->cells.push_back(*std::move(plan));
      root.names.emplace(frame_.inputs[i].name, input_info(i));
    }
    units_->slots = frame_.inputs.size();
    std::vector<DerivedUnit> global;
    path_ = {&frame_.document.model};
    for (const DerivedField& field : frame_.document.transformations) {
      if (root.find(field.name) != nullptr) {  // The input is meant.
        give_up("a DerivedField has the name of the input " + quoted(field.name));
      }
    }
    add_derived(frame_.document.transformations, root, global);
    path_.clear();
    units_->root = add_model(frame_.document.model, root, true);
    if (!ok()) return nullptr;
    auto& derived = units_->models[units_->root].derived;
    derived.insert(derived.begin(), std::make_move_iterator(global.begin()),
                   std::make_move_iterator(global.end()));
    map_outputs(root);
    if (!ok()) return nullptr;
    auto forests = forests_.finish();
    if (!forests) {
      give_up("its trees list too many categories for a table of them");
      return nullptr;
    }
    units_->forests = std::move(*forests);
    return std::move(units_);
  }

  [[nodiscard]] const std::string& why_not() const { return why_not_; }

 private:
  // For constructs without a compiled form; the first that is met counts.
  void give_up(std::string why) {
    if (ok()) why_not_ = std::move(why);
  }
  [[nodiscard]] bool ok() const { return why_not_.empty(); }

  std::uint32_t new_slot() { return static_cast<std::uint32_t>(units_->slots++); }

  SlotInfo input_info(std::size_t i) const {
    const InputField& input = frame_.inputs[i];
    const MiningField& mining = *frame_.fields[i];
    SlotInfo info{.slot = static_cast<std::uint32_t>(i), .type = input.type, .is_input = true};
    info.ordered_by_list = input.op_type == OpType::kOrdinal;
    const bool judged = mining.invalid_treatment != InvalidTreatment::kAsIs;
    if (input.encoding == Encoding::kIndex) {
      info.categories = &input.categories;
      // What stands in for a missing or invalid value need not be one of the declared.
      const auto is_declared = [&](const std::optional<std::string>& text) {
        return !text || std::ranges::find(input.categories, *text) != input.categories.end();
      };
      if (judged && declares_values(frame_.data_fields[i]) &&
          is_declared(mining.missing_replacement) && is_declared(mining.invalid_replacement))
        info.source = &input;
    } else if (input.type == DataType::kInteger) {
      const auto whole = [](const std::optional<std::string>& text) {
        return !text || parse_value(*text, DataType::kInteger);
      };
      const QuickCell& quick = units_->quick_cells[i];
      if (!whole(mining.missing_replacement) || !whole(mining.invalid_replacement)) {
        info.low = -std::numeric_limits<double>::infinity();
      } else if (judged && !mining.missing_replacement && !mining.invalid_replacement &&
                 mining.outliers == OutlierTreatment::kAsIs && quick.low <= quick.high) {
        info.low = quick.low;
        info.high = quick.high;
      }
    }
    return info;
  }

  const SlotInfo* resolve(std::string_view name, const NameScope& scope) {
    const SlotInfo* info = scope.find(name);
    if (info == nullptr)
      give_up("the field " + quoted(name) + " comes from an expression without a compiled form");
    return info;
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
      if (scope.find(field.name) != nullptr)
        give_up("the DerivedField " + quoted(field.name) + " hides a field of the same name");
    }
    for (bool progress = true; progress;) {
      progress = false;
      for (std::size_t i = 0; i < fields.size(); ++i) {
        if (done[i]) continue;
        auto expression = expressions_.compile(fields[i].expression, scope, fields[i].type);
        if (!expression) expression = tabulate(fields[i], scope);
        if (!expression) continue;
        SlotInfo info{.slot = new_slot(), .type = fields[i].type};
        info.low = expression->low;
        info.high = expression->high;
        info.source = source_of(fields[i].expression, scope);
        info.ordered_by_list = fields[i].op_type == OpType::kOrdinal && !fields[i].values.empty();
        if (fields[i].type == DataType::kString)
          info.categories = &categories_.emplace_back(std::move(expression->categories));
        units.push_back({info.slot, *std::move(expression)});
        scope.names.emplace(fields[i].name, info);
        done[i] = progress = true;
      }
    }
  }

  // The one input of known values on which everything depends that the expression names; or null.
  static const InputField* source_of(const Expression& expression, const NameScope& scope) {
    const InputField* source = nullptr;
    for (const std::string& name : fields_of(expression)) {
      const SlotInfo* info = scope.find(name);
      if (info == nullptr || info->source == nullptr) return nullptr;
      if (source != nullptr && source != info->source) return nullptr;
      source = info->source;
    }
    return source;
  }

  // A field that depends on one input of known values has itself few: the interpreter says which,
  // once for each of them. Nothing where it says that some value makes a row invalid.
  std::optional<ExpressionUnit> tabulate(const DerivedField& field, const NameScope& scope) {
    const InputField* source = source_of(field.expression, scope);
    if (source == nullptr || source->type != DataType::kString) return std::nullopt;
    if (names_ == nullptr) names_ = std::make_unique<Names>(frame_.document);
    ExpressionUnit table{.op = ExpressionUnit::Op::kTable, .type = field.type};
    table.strides.push_back(1);
    const auto value_for = [&](Value input) -> std::optional<double> {
      Row row;
      row.values.emplace(source->name, std::move(input));
      std::deque<Scope> scopes;
      for (const Model* model : path_)
        scopes.emplace_back(*names_, *model, row, scopes.empty() ? nullptr : &scopes.back());
      const Value value = scopes.back().lookup(field.name);
      if (row.failure) return std::nullopt;
      if (value.missing) return kMissing;
      if (value.type == DataType::kString) {
        return static_cast<double>(index_of(value.text, table.categories));
      }
      return value.number;
    };
    for (const std::string& category : source->categories) {
      const auto number = value_for(text_value(category));
      if (!number) return std::nullopt;
      table.numbers.push_back(*number);
    }
    table.numbers.push_back(kMissing);
    const auto of_missing = value_for(Value{});
    if (!of_missing) return std::nullopt;
    table.numbers.push_back(*of_missing);
    table.arguments.push_back({.op = ExpressionUnit::Op::kSlot,
                               .type = source->type,
                               .slot = scope.find(source->name)->slot});
    return table;
  }

  // A nested MiningField that changes nothing: the outer model has done the same already.
  bool changes_nothing(const MiningField& field, const NameScope& scope) {
    if (field.outliers != OutlierTreatment::kAsIs || field.missing_is_invalid) return false;
    if (!field.missing_replacement) return true;
    const SlotInfo* info = scope.find(field.name);
    if (info == nullptr || !info->is_input) return false;
    const auto outer = std::ranges::find(frame_.fields, field.name, &MiningField::name);
    return outer != frame_.fields.end() &&
           (*outer)->missing_replacement == field.missing_replacement;
  }

  std::uint32_t add_model(const Model& model, NameScope& scope, bool outermost) {
    ModelUnit unit;
    if (model.function != MiningFunction::kRegression &&
        model.function != MiningFunction::kClassification)
      give_up("its functionName is neither regression nor classification");
    unit.function = model.function;
    unit.math = model.math;
    if (!outermost) {
      for (const MiningField& field : model.mining_schema) {
        if (!changes_nothing(field, scope))
          give_up("its MiningField " + quoted(field.name) +
                  " treats values again, inside another model");
      }
    }
    path_.push_back(&model);
    add_derived(model.local_transformations, scope, unit.derived);
    if (const Target* target = target_element(model)) {
      unit.target = *target;
      for (const TargetValue& value : target->values) {
        if (value.prior_probability && model.function == MiningFunction::kClassification)
          give_up("its Target has a priorProbability");
      }
    }
    if (!ok()) return 0;
    if (const auto* regression = std::get_if<RegressionModel>(&model.body)) {
      add_regression(*regression, model, scope, unit);
    } else if (const auto* tree = std::get_if<TreeModel>(&model.body)) {
      add_tree(*tree, model, scope, unit);
    } else if (const auto* mining = std::get_if<MiningModel>(&model.body)) {
      add_mining(*mining, model, scope, unit);
    } else if (const auto* machine = std::get_if<SupportVectorMachineModel>(&model.body)) {
      add_body(vector_machine_unit(*machine, model, scope), unit);
    } else if (const auto* neighbors = std::get_if<NearestNeighborModel>(&model.body)) {
      if (names_ == nullptr) names_ = std::make_unique<Names>(frame_.document);
      const NeighborTable& table = names_->neighbor_table(model);
      add_body(neighbors_unit(*neighbors, table, model, scope), unit);
      if (ok() && unit.function == MiningFunction::kClassification)
        add_categories(table.targets[0], unit);
    } else {
      give_up(
          std::string(std::visit([](const auto& body) { return element_of(body); }, model.body)) +
          " has no compiled form");
    }
    if (!ok()) return 0;
    add_outputs(model, scope, unit, outermost);
    unit.scratch = units_->scratch;
    units_->scratch += unit.categories.size();
    if (const auto* mining = std::get_if<MiningUnit>(&unit.body))
      units_->scratch += 2 * mining->weights.size();
    path_.pop_back();
    units_->models.push_back(std::move(unit));
    return static_cast<std::uint32_t>(units_->models.size() - 1);
  }

  template <class Body>
  void add_body(std::optional<Body> body, ModelUnit& unit) {
    if (!body) return give_up("its way of comparing a row with points has no compiled form");
    unit.body = *std::move(body);
  }

  void add_categories(const NeighborTable::Target& target, ModelUnit& unit) {
    unit.categories = target.categories;
    // Of several spellings of one category, records and target may have different ones.
    for (const std::string& category : target.categories) {
      if (std::ranges::find(frame_.target_categories, category) == frame_.target_categories.end())
        give_up("its category " + quoted(category) + " is spelled in two ways");
    }
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
      if (info != nullptr && is_index(*info) && info->type != DataType::kBoolean)
        give_up("it computes with the texts of the field " + quoted(name));
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
        if (is_index(*info)) lookup.by_category.assign(info->categories->size(), -0.0);
      }
      Lookup& lookup = unit.lookups.back();
      const auto value = operand(predictor.value, *info);
      if (!value) continue;  // Never equal.
      if (!is_index(*info)) {
        lookup.by_number.emplace_back(*value, predictor.coefficient);
      } else if (*value >= 0) {
        double& entry = lookup.by_category[static_cast<std::size_t>(*value)];
        // Two coefficients for one category are added one after the other.
        if (!(entry == 0 && std::signbit(entry)))
          give_up("it has two coefficients for one value of the field " + quoted(predictor.field));
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

  static std::size_t index_of(std::string_view category, std::vector<std::string>& categories) {
    const auto found = std::ranges::find(categories, category);
    if (found != categories.end()) return static_cast<std::size_t>(found - categories.begin());
    categories.emplace_back(category);
    return categories.size() - 1;
  }

  // A category stands where it first appears: in the distributions, then in the scores.
  static void collect_categories(const TreeModel& tree, std::vector<std::string>& categories) {
    for (const ScoreDistribution& entry : tree.distributions) index_of(entry.value, categories);
    for (const TreeNode& node : tree.nodes) {
      if (node.score.given()) index_of(tree.text(node.score), categories);
    }
  }

  std::uint32_t new_forest(std::size_t categories, bool classifies) {
    return forests_.new_forest(static_cast<std::uint32_t>(categories), classifies);
  }

  void add_tree(const TreeModel& tree, const Model& model, const NameScope& scope,
                ModelUnit& unit) {
    const bool classifies = model.function == MiningFunction::kClassification;
    if (classifies) collect_categories(tree, unit.categories);
    const TreeUnit result{new_forest(classifies ? unit.categories.size() : 0, classifies)};
    unit.uniform = grow(result.forest, tree, model, scope, unit.categories, true);
    unit.body = result;
  }

  // Adds a tree to a forest; `categories` are the forest's, `probabilities` says whether it keeps
  // distributions. Do all its answers list the same categories in the same order?
  bool grow(std::uint32_t forest, const TreeModel& tree, const Model& model, const NameScope& scope,
            std::vector<std::string>& categories, bool probabilities) {
    bool uniform = true;
    std::vector<NodeAnswer> answers(tree.nodes.size());
    for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
      const TreeNode& node = tree.nodes[i];
      if (model.function == MiningFunction::kClassification) {
        answers[i] = answer_of(tree, node, categories, uniform);
        if (!probabilities) answers[i].distribution.clear();
      } else if (node.score.given()) {
        const auto score =
            parse_value(tree.text(node.score),
                        model.math == MathContext::kFloat ? DataType::kFloat : DataType::kDouble);
        answers[i].answers = score && !score->missing;
        answers[i].number = answers[i].answers ? score->number : 0;
      }
    }
    // Answers of several nodes, and of models in nodes, are the interpreter's.
    if (!tree.embedded.empty()) {
      give_up("a Node holds a model of its own (Regression or DecisionTree)");
    } else if (tree.missing_value_strategy == MissingValueStrategy::kWeightedConfidence ||
               tree.missing_value_strategy == MissingValueStrategy::kAggregateNodes) {
      give_up("its missingValueStrategy lets several nodes answer");
    } else if (!forests_.add_tree(forest, tree, scope, answers)) {
      give_up(
          "a tree has a predicate without a compiled form (an order of texts, a field whose "
          "expression has none), or surrogates and compounds that would grow beyond reason");
    }
    return uniform;
  }

  NodeAnswer answer_of(const TreeModel& tree, const TreeNode& node,
                       std::vector<std::string>& categories, bool& uniform) {
    NodeAnswer answer;
    const auto entries = tree.distribution(node);
    double sum = 0;
    for (const ScoreDistribution& entry : entries) sum += entry.record_count;
    const bool counts = !entries.empty() && (entries[0].probability || sum > 0);
    const std::string_view score = tree.text(node.score);
    if (!node.score.given() && !counts) return answer;
    answer.answers = true;
    answer.distribution.resize(categories.size());
    std::size_t best = 0;
    double highest = 0;
    if (counts) {
      for (std::size_t i = 0; i < entries.size(); ++i) {
        const std::size_t category = index_of(entries[i].value, categories);
        const double p = entries[0].probability ? entries[i].probability.value_or(0)
                                                : entries[i].record_count / sum;
        if (category != i) uniform = false;
        answer.distribution[category] = p;
        if (i == 0 || p > highest) {
          highest = p;
          best = category;
        }
      }
      if (entries.size() != categories.size()) uniform = false;
      for (std::size_t i = 0; i < entries.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
          if (entries[i].value == entries[j].value)
            give_up("a Node has two ScoreDistributions for " + quoted(entries[i].value));
        }
      }
    } else {
      answer.distribution[index_of(score, categories)] = 1;
      if (categories.size() != 1) uniform = false;
    }
    answer.category =
        static_cast<std::uint32_t>(node.score.given() ? index_of(score, categories) : best);
    return answer;
  }

  static bool is_vote(MultipleModelMethod method) {
    return method == MultipleModelMethod::kMajorityVote ||
           method == MultipleModelMethod::kWeightedMajorityVote;
  }

  // Is a member nothing but a tree that every row goes through?
  bool is_plain_tree(const Segment& segment, const Model& model, const NameScope& scope) {
    const Model& member = segment.model;
    return std::holds_alternative<True>(segment.predicate.is) &&
           std::holds_alternative<TreeModel>(member.body) && member.function == model.function &&
           member.local_transformations.empty() && member.output.empty() &&
           target_element(member) == nullptr &&
           std::ranges::all_of(member.mining_schema, [&](const MiningField& field) {
             return changes_nothing(field, scope);
           });
  }

  // An ensemble of plain trees becomes one forest; false where it is none.
  bool add_forest(const MiningModel& mining, const Model& model, const NameScope& scope,
                  ModelUnit& unit) {
    using enum MultipleModelMethod;
    if (mining.method == kModelChain || mining.method == kSelectFirst ||
        !std::ranges::all_of(mining.segments, [&](const Segment& segment) {
          return is_plain_tree(segment, model, scope);
        }))
      return false;
    const bool classifies = model.function == MiningFunction::kClassification;
    const bool votes = is_vote(mining.method);
    MiningUnit result;
    result.method = mining.method;
    result.treatment = mining.missing_prediction;
    result.threshold = mining.missing_threshold;
    for (const Segment& segment : mining.segments) {
      result.weights.push_back(segment.weight);
      if (!classifies) continue;
      std::vector<std::string> categories;
      collect_categories(std::get<TreeModel>(segment.model.body), categories);
      // Votes are counted by category; averages break ties by order of appearance, which rows must
      // not change.
      if (!votes && !unit.categories.empty() && categories != unit.categories) give_up(kOrders);
      for (const std::string& category : categories) index_of(category, unit.categories);
    }
    result.forest = new_forest(classifies && !votes ? unit.categories.size() : 0, classifies);
    for (const Segment& segment : mining.segments) {
      const bool uniform = grow(*result.forest, std::get<TreeModel>(segment.model.body),
                                segment.model, scope, unit.categories, classifies && !votes);
      if (classifies && !votes && !uniform) give_up(kOrders);
      if (!ok()) {
        say_where(mining, static_cast<std::size_t>(&segment - mining.segments.data()));
        return true;
      }
    }
    if (votes) unit.uniform = false;
    unit.body = std::move(result);
    return true;
  }

  void add_mining(const MiningModel& mining, const Model& model, NameScope& scope,
                  ModelUnit& unit) {
    using enum MultipleModelMethod;
    const bool classifies = model.function == MiningFunction::kClassification;
    if (mining.method == kSelectAll || mining.method == kMultiModelChain ||
        (classifies &&
         (mining.method == kMax || mining.method == kMedian || mining.method == kWeightedMedian)))
      return give_up("its multipleModelMethod has no compiled form");
    if (std::ranges::any_of(mining.segments,
                            [](const Segment& s) { return !s.variable_weight.empty(); }))
      return give_up("a field of the row says how much a Segment weighs");
    if (add_forest(mining, model, scope, unit)) return;
    MiningUnit result;
    result.method = mining.method;
    result.treatment = mining.missing_prediction;
    result.threshold = mining.missing_threshold;
    const bool chain = mining.method == kModelChain;
    const bool votes = is_vote(mining.method);
    for (std::size_t i = 0; i < mining.segments.size() && ok(); ++i) {
      const Segment& segment = mining.segments[i];
      MiningUnit::Member member{.test = tests_.compile(segment.predicate, scope)};
      if (!tests_.ok()) {
        give_up(
            "its predicate has no compiled form (an order of texts, a field whose expression has "
            "none)");
      }
      result.weights.push_back(segment.weight);
      NameScope inner{.outer = &scope};
      member.model = add_model(segment.model, inner, false);
      if (!ok()) return say_where(mining, i);
      // Only the last link of a chain may be the answer, and it must always run.
      const bool last = i + 1 == mining.segments.size();
      if (chain && last && !std::holds_alternative<True>(segment.predicate.is))
        give_up("the last link of a chain is not always run");
      if (!chain || last) {
        if (segment.model.function != model.function)
          give_up("a Segment that answers has another functionName than the model");
        const ModelUnit& part = units_->models[member.model];
        if (classifies && unit.categories.empty()) unit.categories = part.categories;
        if (classifies && unit.categories != part.categories) give_up(kOrders);
        // Averages break ties by order of appearance, which rows must not change.
        if (classifies && !chain && !votes && mining.method != kSelectFirst && !part.uniform)
          give_up(kOrders);
        if (!part.uniform) unit.uniform = false;
      }
      if (chain || mining.method == kSelectFirst) {
        for (const auto& [name, info] : inner.names) {
          if (is_output(segment.model, name)) define(name, info, scope);
        }
      }
      result.members.push_back(member);
    }
    if (chain && ok()) {
      // A chain whose last link predicts something else than the chain's target: for the
      // interpreter.
      const std::string& target = target_of(model);
      const bool named = std::ranges::any_of(
          mining.segments, [&](const Segment& s) { return target_of(s.model) == target; });
      if (!target.empty() && named && target_of(mining.segments.back().model) != target)
        give_up("the last link of a chain predicts another target than the chain");
    }
    if (classifies && votes) unit.uniform = false;
    unit.body = std::move(result);
  }

  // Puts the segment before the reason that was found in it.
  void say_where(const MiningModel& mining, std::size_t segment) {
    why_not_ = "Segment " + mining.segments[segment].id.value_or(std::to_string(segment + 1)) +
               ": " + why_not_;
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
    if (known != nullptr && known->slot != info.slot)
      give_up("the name " + quoted(name) + " means two things in a chain");
    scope.names.emplace(name, info);
  }

  void add_outputs(const Model& model, NameScope& scope, ModelUnit& unit, bool outermost) {
    for (const OutputField& field : model.output) {
      OutputUnit output;
      output.feature = field.feature;
      const auto refuse = [&](const char* why) {
        give_up("the output " + quoted(field.name) + " " + why);
      };
      if (field.segment_id || field.target_field) return refuse("is that of a segment or a target");
      DataType type = DataType::kDouble;
      switch (field.feature) {
        case ResultFeature::kTransformedValue:
        case ResultFeature::kDecision: {
          output.expression = expressions_.compile(*field.expression, scope, field.type);
          if (!output.expression || output.expression->type == DataType::kString)
            return refuse("is a text, or comes from an expression without a compiled form");
          type = output.expression->type;
          break;
        }
        case ResultFeature::kProbability:
          if (model.function != MiningFunction::kClassification)
            return refuse("is a probability of a regression");
          output.own = !field.value;
          if (field.value) output.category = find_category(*field.value, unit.categories);
          break;
        case ResultFeature::kPredictedValue:
          if (model.function == MiningFunction::kClassification &&
              !add_predicted(field, model, unit, output, type, outermost)) {
            return refuse("is a predicted category of another type, or of an inner model");
          }
          break;
        case ResultFeature::kReport:
          texts_.push_back(field.name);  // Missing, whatever its type.
          continue;
        default:
          return refuse("has a feature without a compiled form");
      }
      const DataType declared = field.type.value_or(type);
      if (declared != type && !casts(type, declared)) return refuse("is cast to its dataType");
      output.round_to_float = declared == DataType::kFloat;
      if (scope.find(field.name) != nullptr) return refuse("has the name of a field");
      output.slot = new_slot();
      // A predicted category that is a text can be put out, but nothing can be computed with it.
      if (declared != DataType::kString)
        scope.names.emplace(field.name, SlotInfo{output.slot, declared});
      if (declared == DataType::kString) texts_.push_back(field.name);
      unit.outputs.push_back(std::move(output));
    }
  }

  // Can every value of one type become one of the other without a row failing?
  static bool casts(DataType from, DataType to) {
    if (from == to) return true;
    if (to == DataType::kDouble || to == DataType::kFloat)
      return is_number(from) || from == DataType::kBoolean;
    return to == DataType::kInteger && from == DataType::kBoolean;
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
      const std::string name = "the output " + quoted(info.name);
      if (slot == nullptr && !text) return give_up(name + " is that of an inner model");
      units_->output_slots.push_back(slot == nullptr ? kNowhere : slot->slot);
      if (slot != nullptr && slot->type != info.type && info.type == DataType::kString)
        return give_up(name + " is a text");
    }
  }

  static constexpr const char* kOrders = "its members list their categories in other orders";

  Compiled::Frame frame_;
  ForestBuilder forests_;
  std::unique_ptr<Units> units_ = std::make_unique<Units>();
  TestCompiler tests_{units_->tests};
  std::vector<std::string> texts_;
  ExpressionCompiler expressions_{frame_.document};
  std::unique_ptr<Names> names_;    // Made where a field is tabulated.
  std::vector<const Model*> path_;  // From the outermost model to the one being added.
  std::deque<std::vector<std::string>> categories_;  // Of derived fields that are texts.
  std::string why_not_;                              // Empty: nothing speaks against it so far.
};

}  // namespace

std::unique_ptr<const Units> build(const Compiled::Frame& frame, std::string& why_not) {
  Builder builder(frame);
  std::unique_ptr<const Units> units = builder.build();
  if (!units) why_not = builder.why_not();
  return units;
}

}  // namespace pmml::detail
