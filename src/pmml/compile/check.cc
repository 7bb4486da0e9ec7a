// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/check.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "pmml/compile/chapters.h"
#include "pmml/compile/references.h"
#include "pmml/interpret/functions.h"
#include "pmml/interpret/history.h"
#include "pmml/interpret/patterns.h"
#include "pmml/interpret/scope.h"
#include "pmml/interpret/text_index.h"
#include "pmml/interpret/value.h"

namespace pmml {
namespace {

using base::Result;

base::Error refuse(const std::string& what) { return refuse_document(what); }

// What a chain of derived fields or functions may cost: frames on the stack, and calls for one
// value.
constexpr double kMaxStack = 2'000;
constexpr double kMaxCalls = 1e6;
// Values of earlier rows that Lag may keep.
constexpr std::size_t kMaxRemembered = 1'000'000;

struct Cost {
  double stack = 0;
  double calls = 0;
};

// Does something hold of a model or of one in it?
template <class Holds>
bool any_model(const Model& model, const Holds& holds) {
  return holds(model) || std::ranges::any_of(inner_models(model), [&](const Model* inner) {
           return any_model(*inner, holds);
         });
}

class Checker {
 public:
  explicit Checker(const Document& document) : document_(document) {}

  Result<void> run() {
    for (const DataField& field : document_.data_dictionary) TRY(check_data_field(field));
    for (const DefineFunction& function : document_.functions) {
      if (!functions_.emplace(function.name, &function).second)
        return twice("function", function.name);
    }
    for (const DefineFunction& function : document_.functions) TRY(check_function(function));
    for (const DerivedField& field : document_.transformations) {
      if (!global_.emplace(field.name, &field).second) return twice("derived field", field.name);
    }
    for (const MiningField& field : document_.model.mining_schema) {
      if (!data_.contains(field.name))
        return refuse("MiningField '" + field.name + "' is not in the DataDictionary");
    }
    const Memories memories = memories_of(document_);
    const std::size_t remembered = memories.fields.size() + memories.aggregates.size();
    if (remembered > Memories::kMost || remembered * memories.depth > kMaxRemembered) {
      return refuse("Lag and Aggregate look back on more fields, or further, than " +
                    std::to_string(kMaxRemembered) + " values");
    }
    std::unordered_map<std::string, const DerivedField*> visible = global_;
    std::unordered_set<std::string> known;
    for (const MiningField& field : document_.model.mining_schema) known.insert(field.name);
    // A field of the dictionary that only derived fields of the dictionary name is missing when it
    // is not an input.
    for (const DerivedField& field : document_.transformations) {
      for (const std::string& name : fields_of(field.expression)) {
        if (!global_.contains(name) && !data_.contains(name))
          return unknown(name, "derived field '" + field.name + "'");
      }
      TRY(check_expression(field.expression, "derived field '" + field.name + "'"));
      TRY(check_look_back(field.expression, global_, "derived field '" + field.name + "'"));
    }
    TRY(check_cycles(document_.transformations, global_));
    for (const DerivedField& field : document_.transformations)
      dictionary_memories_.add(field.expression);
    return check_model(document_.model, known, visible);
  }

 private:
  static base::Error twice(const std::string& kind, const std::string& name) {
    return refuse(kind + " '" + name + "' is declared twice");
  }
  static base::Error unknown(const std::string& name, const std::string& where) {
    return refuse(where + " refers to the field '" + name + "', which does not exist there");
  }

  Result<void> check_data_field(const DataField& field) {
    if (field.name.empty()) return refuse("a DataField has no name");
    if (!data_.emplace(field.name, &field).second) return twice("DataField", field.name);
    if (field.op_type == OpType::kContinuous && !is_number(field.type) && !is_time(field.type) &&
        field.type != DataType::kBoolean) {
      return refuse("DataField '" + field.name + "' is continuous but its dataType is no number");
    }
    for (const FieldValue& value : field.values) {
      if (value.property == FieldValue::Property::kValid && !parse_value(value.value, field.type)) {
        return refuse("DataField '" + field.name + "' declares the value '" + value.value +
                      "', which is not of its dataType");
      }
    }
    if (!field.intervals.empty() && !is_number(field.type) && !is_time(field.type)) {
      return refuse("DataField '" + field.name +
                    "' has an Interval, but its dataType has no order");
    }
    for (const Interval& interval : field.intervals) {
      if ((interval.left && std::isnan(*interval.left)) ||
          (interval.right && std::isnan(*interval.right))) {
        return refuse("DataField '" + field.name +
                      "' has an Interval whose margin is not a number");
      }
    }
    return {};
  }

  Result<void> check_call(const Apply& apply, const std::string& where) {
    std::size_t fewest = 0;
    std::size_t most = 0;
    if (const Function* builtin = find_function(apply.function)) {
      fewest = builtin->fewest;
      most = builtin->most;
    } else if (const auto found = functions_.find(apply.function); found != functions_.end()) {
      fewest = most = found->second->parameters.size();
    } else {
      return refuse(where + " applies the function '" + apply.function +
                    "', which is neither built in nor defined in the document");
    }
    const std::size_t given = apply.arguments.size();
    if (given < fewest || given > most) {
      return refuse(where + " gives the function '" + apply.function + "' " +
                    std::to_string(given) + " arguments; it takes " + std::to_string(fewest) +
                    (most > fewest ? " or more" : ""));
    }
    return {};
  }

  Result<void> check_typed(const std::optional<std::string>& text, std::optional<DataType> type,
                           const std::string& where) {
    if (text && type && !parse_value(*text, *type))
      return refuse(where + " has '" + *text + "', which is not of its dataType");
    return {};
  }

  // Lag and Aggregate are kept for the row as a whole: their fields are the outermost model's.
  Result<void> check_look_back(const Expression& expression,
                               const std::unordered_map<std::string, const DerivedField*>& derived,
                               const std::string& where) {
    Memories memories;
    memories.add(expression);
    std::vector<std::string> names = memories.fields;
    for (const Aggregate& aggregate : memories.aggregates) {
      names.push_back(aggregate.field);
      if (aggregate.group_field) names.push_back(*aggregate.group_field);
    }
    const auto is_in = [](const std::vector<DerivedField>& fields, const DerivedField* field) {
      return std::less_equal<>()(fields.data(), field) &&
             std::less<>()(field, fields.data() + fields.size());
    };
    for (const std::string& name : names) {
      const auto found = derived.find(name);
      const bool outermost =
          found != derived.end()
              ? is_in(document_.transformations, found->second) ||
                    is_in(document_.model.local_transformations, found->second)
              : std::ranges::find(document_.model.mining_schema, name, &MiningField::name) !=
                    document_.model.mining_schema.end();
      if (!outermost) {
        return refuse(where + ": Lag and Aggregate look back on fields of the outermost model; '" +
                      name + "' is none");
      }
    }
    return {};
  }

  // A thermometer needs an order: that of numbers, or the one in which the field lists its values.
  Result<void> check_thermometer(const NormDiscrete& norm, const std::string& where) {
    const auto data = data_.find(norm.field);
    const auto derived = global_.find(norm.field);
    const bool ordered =
        data != data_.end()
            ? is_number(data->second->type) ||
                  (data->second->op_type == OpType::kOrdinal && !data->second->values.empty())
            : derived != global_.end() && (is_number(derived->second->type) ||
                                           (derived->second->op_type == OpType::kOrdinal &&
                                            !derived->second->values.empty()));
    if (ordered) return {};
    return refuse(where +
                  ": NormDiscrete method=\"thermometer\" needs an ordinal field that lists "
                  "its values; '" +
                  norm.field + "' is none");
  }

  Result<void> check_expression(const Expression& expression, const std::string& where) {
    if (const auto* apply = std::get_if<Apply>(&expression.is)) {
      TRY(check_call(*apply, where));
      if (const auto usable = check_patterns(*apply); !usable)
        return refuse(where + ", function '" + apply->function + "': " + usable.error().message);
      for (const Expression& argument : apply->arguments) TRY(check_expression(argument, where));
    } else if (const auto* constant = std::get_if<Constant>(&expression.is)) {
      if (!constant->missing && !constant->text.empty() && constant->text != "NaN") {
        TRY(check_typed(constant->text, constant->type, where + ": a Constant"));
      }
    } else if (const auto* norm = std::get_if<NormContinuous>(&expression.is)) {
      if (norm->points.size() < 2) return refuse(where + ": NormContinuous needs two LinearNorm");
    } else if (const auto* discrete = std::get_if<NormDiscrete>(&expression.is)) {
      if (discrete->thermometer) TRY(check_thermometer(*discrete, where));
    } else if (const auto* index = std::get_if<TextFrequency>(&expression.is)) {
      if (const auto indexer = TextIndexer::make(*index); !indexer)
        return refuse(where + ", TextIndex: " + indexer.error().message);
      if (index->term.size() != 1) return refuse(where + ": TextIndex needs one term");
      TRY(check_expression(index->term[0], where));
    } else if (const auto* discretize = std::get_if<Discretize>(&expression.is)) {
      TRY(check_typed(discretize->map_missing_to, discretize->type, where));
      TRY(check_typed(discretize->default_value, discretize->type, where));
      for (const auto& bin : discretize->bins) TRY(check_typed(bin.value, discretize->type, where));
    } else if (const auto* map = std::get_if<MapValues>(&expression.is)) {
      if (map->columns.empty()) return refuse(where + ": MapValues needs a FieldColumnPair");
      TRY(check_typed(map->map_missing_to, map->type, where));
      TRY(check_typed(map->default_value, map->type, where));
      for (const auto& row : map->rows) {
        if (row.keys.size() != map->columns.size())
          return refuse(where + ": a MapValues row lacks a cell");
        TRY(check_typed(row.output, map->type, where));
      }
    }
    return {};
  }

  Result<void> check_function(const DefineFunction& function) {
    const std::string where = "function '" + function.name + "'";
    if (find_function(function.name) != nullptr)
      return refuse(where + " has the name of a built-in function");
    std::set<std::string> parameters;
    for (const Parameter& parameter : function.parameters) {
      if (!parameters.insert(parameter.name).second) return twice("parameter", parameter.name);
    }
    for (const std::string& name : fields_of(function.body)) {
      if (!parameters.contains(name))
        return refuse(where + " refers to '" + name + "', which is no parameter of it");
    }
    TRY(check_expression(function.body, where));
    Memories memories;
    memories.add(function.body);
    if (!memories.empty())
      return refuse(where + " looks back with Lag or Aggregate, which a function cannot");
    TRY(cost_of_function(function));
    return {};
  }

  // Costs by depth-first search; a function met again on its own path is a cycle.
  Result<Cost> cost_of_function(const DefineFunction& function) {
    if (const auto known = function_costs_.find(&function); known != function_costs_.end())
      return known->second;
    const std::string name = function.name;
    if (!open_functions_.insert(name).second) {
      return refuse("function '" + name + "' calls itself, directly or through others");
    }
    if (open_functions_.size() > 200)
      return refuse("functions call each other more than 200 deep, at '" + name + "'");
    TRY_ASSIGN(const Cost cost, cost_of(function.body));
    open_functions_.erase(name);
    function_costs_[&function] = cost;
    return cost;
  }

  Result<Cost> cost_of(const Expression& expression) {
    Cost cost{1, 1};
    if (const auto* index = std::get_if<TextFrequency>(&expression.is)) {
      for (const Expression& term : index->term) {
        TRY_ASSIGN(const Cost inner, cost_of(term));
        cost = {1 + inner.stack, 1 + inner.calls};
      }
    }
    const auto* apply = std::get_if<Apply>(&expression.is);
    if (apply == nullptr) return cost;
    double deepest = 0;
    for (const Expression& argument : apply->arguments) {
      TRY_ASSIGN(const Cost inner, cost_of(argument));
      deepest = std::max(deepest, inner.stack);
      cost.calls += inner.calls;
    }
    if (const auto found = functions_.find(apply->function); found != functions_.end()) {
      TRY_ASSIGN(const Cost inner, cost_of_function(*found->second));
      deepest = std::max(deepest, inner.stack);
      cost.calls += inner.calls;
    }
    cost.stack += deepest;
    if (cost.stack > kMaxStack || cost.calls > kMaxCalls) {
      return refuse("functions call each other too deep or too often, at '" + apply->function +
                    "'");
    }
    return cost;
  }

  // What the expression of a derived field means by a name: by its own, the field outside that it
  // hides. Null for what is no derived field.
  const DerivedField* meant(const std::string& name, const DerivedField& by,
                            const std::unordered_map<std::string, const DerivedField*>& scope) {
    const auto found = scope.find(name);
    if (found == scope.end()) return nullptr;
    if (found->second != &by) return found->second;
    const auto hidden = hidden_.find(&by);
    return hidden == hidden_.end() ? &by : hidden->second;
  }

  static bool looks_back_on(const Memories& memories, const std::string& name) {
    const auto names = [&](const Aggregate& aggregate) {
      return aggregate.field == name || aggregate.group_field == name;
    };
    return std::ranges::find(memories.fields, name) != memories.fields.end() ||
           std::ranges::any_of(memories.aggregates, names);
  }

  // A name has two meanings: in the field's own expression, and elsewhere in the model.
  Result<void> check_hiding(const DerivedField& field, const Model& model) {
    Memories own;
    own.add(field.expression);
    if (looks_back_on(own, field.name) ||
        (&model == &document_.model && looks_back_on(dictionary_memories_, field.name))) {
      return refuse("Lag and Aggregate look back on the field '" + field.name +
                    "' that a field of LocalTransformations hides; give the latter another name");
    }
    // These compute derived fields from values that are no row's, one to a name.
    const auto assumes = [](const Model& one) {
      return std::holds_alternative<NearestNeighborModel>(one.body) ||
             std::holds_alternative<BayesianNetworkModel>(one.body);
    };
    if (any_model(document_.model, assumes)) {
      return refuse("derived field '" + field.name +
                    "' hides another field of its name, which a NearestNeighborModel or a "
                    "BayesianNetworkModel does not keep apart; give it another name");
    }
    return {};
  }

  // Derived fields of one list that refer to one another must not do so in a circle, nor in a chain
  // without end. Without recursion: a hostile chain may be as long as the file.
  Result<void> check_cycles(const std::vector<DerivedField>& fields,
                            const std::unordered_map<std::string, const DerivedField*>& scope) {
    enum class Mark { kOpen, kDone };
    std::unordered_map<const DerivedField*, Mark> marks;
    for (const DerivedField& start : fields) {
      std::vector<const DerivedField*> path = {&start};
      while (!path.empty()) {
        const DerivedField* field = path.back();
        const auto mark = marks.find(field);
        if (mark != marks.end() && mark->second == Mark::kDone) {
          path.pop_back();
          continue;
        }
        const std::vector<std::string> references = fields_of(field->expression);
        if (mark == marks.end()) {
          // Everything it waits for at once: to come back after each would take the square of their
          // number.
          marks[field] = Mark::kOpen;
          for (const std::string& name : references) {
            const DerivedField* next = meant(name, *field, scope);
            if (next == nullptr) continue;
            const auto other = marks.find(next);
            if (other == marks.end()) {
              if (!depths_.contains(next)) path.push_back(next);
            } else if (other->second == Mark::kOpen) {
              return refuse("derived field '" + next->name + "' depends on itself, through '" +
                            field->name + "'");
            }
          }
          continue;
        }
        TRY_ASSIGN(const Cost own, cost_of(field->expression));
        double depth = own.stack;
        for (const std::string& name : references) {
          if (const DerivedField* next = meant(name, *field, scope); next != nullptr)
            depth = std::max(depth, own.stack + depths_[next]);
        }
        if (depth > kMaxStack) {
          return refuse("derived fields build on one another more than " +
                        std::to_string(static_cast<int>(kMaxStack)) + " deep, at '" + field->name +
                        "'");
        }
        depths_[field] = depth;
        marks[field] = Mark::kDone;
        path.pop_back();
      }
    }
    return {};
  }

  // The type of a field as predicates will see it; nothing where only a row can tell.
  std::optional<DataType> type_of(
      const std::string& name,
      const std::unordered_map<std::string, const DerivedField*>& derived) {
    if (const auto found = derived.find(name); found != derived.end()) return found->second->type;
    if (const auto found = data_.find(name); found != data_.end()) return found->second->type;
    return std::nullopt;
  }

  Result<void> check_predicate(const Predicate& predicate,
                               const std::unordered_set<std::string>& known,
                               const std::unordered_map<std::string, const DerivedField*>& derived,
                               const std::string& where) {
    const auto check_field = [&](const std::string& name) -> Result<void> {
      if (!known.contains(name) && !derived.contains(name)) return unknown(name, where);
      return {};
    };
    if (const auto* simple = std::get_if<SimplePredicate>(&predicate.is)) {
      TRY(check_field(simple->field));
      const auto type = type_of(simple->field, derived);
      if (!is_unary(simple->comparison) && type && !parse_operand(simple->value, *type)) {
        return refuse(where + " compares the field '" + simple->field + "' with '" + simple->value +
                      "', which is not of its type");
      }
    } else if (const auto* set = std::get_if<SimpleSetPredicate>(&predicate.is)) {
      TRY(check_field(set->field));
    } else if (const auto* compound = std::get_if<CompoundPredicate>(&predicate.is)) {
      for (const Predicate& child : compound->children)
        TRY(check_predicate(child, known, derived, where));
    }
    return {};
  }

  Result<void> check_model(const Model& model, std::unordered_set<std::string>& known,
                           std::unordered_map<std::string, const DerivedField*> derived) {
    const std::string where = model.name.empty() ? "the model" : "the model '" + model.name + "'";
    std::set<std::string> names;
    for (const MiningField& field : model.mining_schema) {
      if (!names.insert(field.name).second) return twice("MiningField", field.name);
      const auto data = data_.find(field.name);
      if (data == data_.end()) {
        if (!known.contains(field.name) && !derived.contains(field.name))
          return unknown(field.name, "a MiningSchema");
        continue;
      }
      for (const auto* text : {&field.missing_replacement, &field.invalid_replacement}) {
        if (*text && !parse_operand(**text, data->second->type)) {
          return refuse("MiningField '" + field.name + "' has the replacement '" + **text +
                        "', which is not of its type");
        }
      }
      if (field.invalid_treatment == InvalidTreatment::kAsValue && !field.invalid_replacement) {
        return refuse("MiningField '" + field.name +
                      "' has invalidValueTreatment asValue, but no invalidValueReplacement");
      }
      if (field.outliers == OutlierTreatment::kAsExtremeValues && !field.low && !field.high) {
        return refuse("MiningField '" + field.name +
                      "' treats outliers but has neither lowValue nor highValue");
      }
    }
    std::unordered_set<std::string> local_names;
    for (const DerivedField& field : model.local_transformations) {
      if (!local_names.insert(field.name).second) return twice("derived field", field.name);
      if (const auto outer = derived.find(field.name); outer != derived.end()) {
        hidden_[&field] = outer->second;
      } else if (known.contains(field.name)) {
        hidden_[&field] = nullptr;
      }
      derived[field.name] = &field;
    }
    for (const DerivedField& field : model.local_transformations) {
      for (const std::string& name : fields_of(field.expression)) {
        if (!known.contains(name) && !derived.contains(name))
          return unknown(name, "derived field '" + field.name + "'");
      }
      TRY(check_expression(field.expression, "derived field '" + field.name + "'"));
      TRY(check_look_back(field.expression, derived, "derived field '" + field.name + "'"));
      if (hidden_.contains(&field)) TRY(check_hiding(field, model));
    }
    TRY(check_cycles(model.local_transformations, derived));
    TRY(check_body(model, known, derived, where));
    for (const OutputField& field : model.output) {
      if (field.expression) {
        for (const std::string& name : fields_of(*field.expression)) {
          if (!known.contains(name) && !derived.contains(name))
            return unknown(name, "output '" + field.name + "'");
        }
        TRY(check_expression(*field.expression, "output '" + field.name + "'"));
        TRY(check_look_back(*field.expression, derived, "output '" + field.name + "'"));
      } else if (field.feature == ResultFeature::kTransformedValue ||
                 field.feature == ResultFeature::kDecision) {
        return refuse("output '" + field.name + "' needs an expression");
      }
      TRY(check_output(field, model));
      known.insert(field.name);
    }
    return {};
  }

  Result<void> check_output(const OutputField& field, const Model& model) {
    const std::string where = "output '" + field.name + "'";
    if (field.feature == ResultFeature::kResidual) {
      const auto is_actual = [&](const MiningField& mining) {
        return mining.usage == Usage::kTarget &&
               (field.target_field ? mining.name == *field.target_field
                                   : std::ranges::any_of(model.mining_schema, [&](const auto& own) {
                                       return own.usage == Usage::kTarget &&
                                              own.name == mining.name;
                                     }));
      };
      if (std::ranges::none_of(document_.model.mining_schema, is_actual)) {
        return refuse(where +
                      " is a residual: the outermost MiningSchema must name the target, as the row "
                      "must hold its actual value");
      }
    }
    if (field.feature == ResultFeature::kConfidenceIntervalLower ||
        field.feature == ResultFeature::kConfidenceIntervalUpper) {
      const auto percent = parse_value(field.value.value_or("95"), DataType::kDouble);
      if (!percent || !(percent->number > 0 && percent->number < 100))
        return refuse(where + " has the value '" + *field.value + "': expected a percentage");
    }
    if (field.report_field && std::ranges::find(model.output, *field.report_field,
                                                &OutputField::name) == model.output.end())
      return refuse(where + " reports on '" + *field.report_field + "', which is no output");
    return {};
  }

  Result<void> check_body(const Model& model, std::unordered_set<std::string>& known,
                          const std::unordered_map<std::string, const DerivedField*>& derived,
                          const std::string& where) {
    const ChapterChecks checks(*this, known, derived, where);
    return std::visit([&](const auto& body) { return pmml::check_body(body, model, checks); },
                      model.body);
  }

  class ChapterChecks final : public FieldChecks {
   public:
    ChapterChecks(Checker& checker, std::unordered_set<std::string>& known,
                  const std::unordered_map<std::string, const DerivedField*>& derived,
                  const std::string& where)
        : checker_(checker), known_(known), derived_(derived), where_(where) {}
    [[nodiscard]] Result<void> field(const std::string& name,
                                     const std::string& user) const override {
      if (!known_.contains(name) && !derived_.contains(name)) return unknown(name, user);
      return {};
    }
    [[nodiscard]] Result<void> numeric_field(const std::string& name,
                                             const std::string& user) const override {
      TRY(field(name, user));
      if (type_of(name) == DataType::kString)
        return pmml::refuse(user + " refers to the field '" + name + "', which is a string");
      return {};
    }
    [[nodiscard]] Result<void> predicate(const Predicate& predicate,
                                         const std::string& user) const override {
      return checker_.check_predicate(predicate, known_, derived_, user);
    }
    [[nodiscard]] Result<void> expression(const Expression& expression,
                                          const std::string& user) const override {
      return expression_over(expression, {}, user);
    }
    [[nodiscard]] Result<void> expression_over(const Expression& expression,
                                               const std::set<std::string>& names,
                                               const std::string& user) const override {
      for (const std::string& name : fields_of(expression)) {
        if (!names.contains(name)) TRY(field(name, user));
      }
      TRY(checker_.cost_of(expression));
      TRY(checker_.check_look_back(expression, derived_, user));
      return checker_.check_expression(expression, user);
    }
    [[nodiscard]] Result<void> model(const Model& model) const override {
      std::unordered_set<std::string> inner = known_;
      return checker_.check_model(model, inner, derived_);
    }
    [[nodiscard]] std::optional<DataType> type_of(const std::string& name) const override {
      return checker_.type_of(name, derived_);
    }
    [[nodiscard]] std::vector<std::string> declared_values(const std::string& name) const override {
      const auto found = checker_.data_.find(name);
      return found == checker_.data_.end() ? std::vector<std::string>{}
                                           : valid_values(*found->second);
    }
    void define(const std::string& name) const override { known_.insert(name); }
    [[nodiscard]] const std::string& where() const override { return where_; }
    [[nodiscard]] base::Error refuse(const std::string& what) const override {
      return pmml::refuse(where_ + " " + what);
    }

   private:
    Checker& checker_;
    std::unordered_set<std::string>& known_;
    const std::unordered_map<std::string, const DerivedField*>& derived_;
    const std::string& where_;
  };

  const Document& document_;
  std::unordered_map<std::string, const DataField*> data_;
  std::unordered_map<std::string, const DefineFunction*> functions_;
  std::unordered_map<std::string, const DerivedField*> global_;
  std::unordered_map<const DefineFunction*, Cost> function_costs_;
  std::unordered_set<std::string> open_functions_;
  std::unordered_map<const DerivedField*, double> depths_;
  // Of fields of LocalTransformations that hide one of their name: the derived field outside, or
  // null where it is none.
  std::unordered_map<const DerivedField*, const DerivedField*> hidden_;
  Memories dictionary_memories_;
};

// Can the training instances be compared with rows? Only a document that passed all else can tell.
Result<void> check_neighbor_tables(const Document& document) {
  const auto has_neighbors = [](const Model& model) {
    return std::holds_alternative<NearestNeighborModel>(model.body);
  };
  if (!any_model(document.model, has_neighbors)) return {};
  const Names names(document);
  for (const auto& [model, table] : names.neighbor_tables()) {
    if (table->failure.empty()) continue;
    return refuse("the model '" + model->name + "': " + table->failure);
  }
  return {};
}

}  // namespace

base::Error refuse_document(const std::string& what) {
  return base::input_error("PMML document: " + what);
}

base::Result<void> check(const Document& document) {
  TRY(Checker(document).run());
  return check_neighbor_tables(document);
}

}  // namespace pmml
