// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/inputs.h"

#include <algorithm>
#include <unordered_set>

#include "pmml/compile/chapters.h"
#include "pmml/compile/references.h"

namespace pmml {
namespace {

// A list of texts without repeats, in order of appearance.
class Collected {
 public:
  void add(const std::string& text) {
    if (seen_.insert(text).second) texts_.push_back(text);
  }
  std::vector<std::string> take() { return std::move(texts_); }

 private:
  std::unordered_set<std::string> seen_;
  std::vector<std::string> texts_;
};

void collect(const Predicate& predicate, std::string_view field, Collected& values) {
  if (const auto* simple = std::get_if<SimplePredicate>(&predicate.is)) {
    if (simple->field == field && !simple->value.empty()) values.add(simple->value);
  } else if (const auto* set = std::get_if<SimpleSetPredicate>(&predicate.is)) {
    if (set->field != field) return;
    for (const std::string& value : set->values) values.add(value);
  } else if (const auto* compound = std::get_if<CompoundPredicate>(&predicate.is)) {
    for (const Predicate& child : compound->children) collect(child, field, values);
  }
}

void collect(const Expression& expression, std::string_view field, Collected& values) {
  if (const auto* norm = std::get_if<NormDiscrete>(&expression.is)) {
    if (norm->field == field) values.add(norm->value);
  } else if (const auto* map = std::get_if<MapValues>(&expression.is)) {
    for (std::size_t c = 0; c < map->columns.size(); ++c) {
      if (map->columns[c].field != field) continue;
      for (const auto& row : map->rows) values.add(row.keys[c]);
    }
  } else if (const auto* apply = std::get_if<Apply>(&expression.is)) {
    for (const Expression& argument : apply->arguments) collect(argument, field, values);
  }
}

void collect(const Model& model, std::string_view field, Collected& values);

// The values that a chapter compares one field with.
class NamedValues final : public Mentions {
 public:
  NamedValues(std::string_view field, Collected& values) : field_(field), values_(values) {}
  void value(std::string_view field, const std::string& text) override {
    if (field == field_ && !text.empty()) values_.add(text);
  }
  void predicate(const Predicate& predicate) override { collect(predicate, field_, values_); }
  void expression(const Expression& expression) override { collect(expression, field_, values_); }
  void model(const Model& model) override { collect(model, field_, values_); }
  void text(std::string_view) override {}

 private:
  std::string_view field_;
  Collected& values_;
};

// Tells the mentions of the chapters that have some; false for the three that are read here.
bool mention_body(const Model& model, Mentions& mentions) {
  return std::visit(
      [&](const auto& body) {
        if constexpr (requires { mention(body, mentions); }) {
          mention(body, mentions);
          return true;
        } else {
          return false;
        }
      },
      model.body);
}

// The values of a field that a model names.
void collect(const Model& model, std::string_view field, Collected& values) {
  for (const MiningField& mining : model.mining_schema) {
    if (mining.name != field) continue;
    if (mining.missing_replacement) values.add(*mining.missing_replacement);
    if (mining.invalid_replacement) values.add(*mining.invalid_replacement);
  }
  for (const DerivedField& derived : model.local_transformations)
    collect(derived.expression, field, values);
  for (const OutputField& output : model.output) {
    if (output.expression) collect(*output.expression, field, values);
  }
  if (const auto* regression = std::get_if<RegressionModel>(&model.body)) {
    for (const RegressionTable& table : regression->tables) {
      for (const CategoricalPredictor& predictor : table.categorical) {
        if (predictor.field == field) values.add(predictor.value);
      }
    }
  } else if (const auto* tree = std::get_if<TreeModel>(&model.body)) {
    for (const TreeNode& node : tree->nodes) collect(node.predicate, field, values);
    for (const Model& embedded : tree->embedded) collect(embedded, field, values);
  } else if (const auto* mining = std::get_if<MiningModel>(&model.body)) {
    for (const Segment& segment : mining->segments) {
      collect(segment.predicate, field, values);
      collect(segment.model, field, values);
    }
  } else {
    NamedValues named(field, values);
    mention_body(model, named);
  }
}

// Does an expression read the text of a field? NormDiscrete and MapValues do not: they only ask for
// values that collect() has seen.
bool reads_text(const Expression& expression, std::string_view name) {
  if (const auto* apply = std::get_if<Apply>(&expression.is)) {
    return std::ranges::any_of(
        apply->arguments, [&](const Expression& argument) { return reads_text(argument, name); });
  }
  if (std::holds_alternative<NormDiscrete>(expression.is) ||
      std::holds_alternative<MapValues>(expression.is))
    return false;
  const auto names = fields_of(expression);
  return std::ranges::find(names, name) != names.end();
}

bool is_read(const std::vector<DerivedField>& fields, std::string_view name) {
  return std::ranges::any_of(
      fields, [&](const DerivedField& field) { return reads_text(field.expression, name); });
}

bool is_read(const Model& model, std::string_view name);

// Does a chapter read the text of one field?
class TextReaders final : public Mentions {
 public:
  explicit TextReaders(std::string_view field) : field_(field) {}
  void value(std::string_view, const std::string&) override {}
  void predicate(const Predicate&) override {}
  void expression(const Expression& expression) override {
    found_ = found_ || reads_text(expression, field_);
  }
  void model(const Model& model) override { found_ = found_ || is_read(model, field_); }
  void text(std::string_view field) override { found_ = found_ || field == field_; }
  [[nodiscard]] bool found() const { return found_; }

 private:
  std::string_view field_;
  bool found_ = false;
};

bool is_read(const Model& model, std::string_view name) {
  TextReaders readers(name);
  if (mention_body(model, readers) && readers.found()) return true;
  if (is_read(model.local_transformations, name)) return true;
  for (const OutputField& field : model.output) {
    if (field.expression && reads_text(*field.expression, name)) return true;
  }
  if (const auto* tree = std::get_if<TreeModel>(&model.body)) {
    return std::ranges::any_of(tree->embedded,
                               [&](const Model& embedded) { return is_read(embedded, name); });
  }
  const auto* mining = std::get_if<MiningModel>(&model.body);
  return mining != nullptr && std::ranges::any_of(mining->segments, [&](const Segment& segment) {
           return is_read(segment.model, name);
         });
}

void collect_categories(const Model& model, Collected& categories) {
  for (const Target& target : model.targets) {
    for (const TargetValue& value : target.values) {
      if (value.value && value.prior_probability) categories.add(*value.value);
    }
  }
  if (const auto* regression = std::get_if<RegressionModel>(&model.body)) {
    if (model.function != MiningFunction::kClassification) return;
    for (const RegressionTable& table : regression->tables) categories.add(table.target_category);
  } else if (const auto* tree = std::get_if<TreeModel>(&model.body)) {
    if (model.function != MiningFunction::kClassification) return;
    for (const TreeNode& node : tree->nodes) {
      for (const ScoreDistribution& entry : node.distribution) categories.add(entry.value);
    }
    for (const TreeNode& node : tree->nodes) {
      if (node.score) categories.add(*node.score);
    }
    for (const Model& embedded : tree->embedded) collect_categories(embedded, categories);
  } else if (const auto* mining = std::get_if<MiningModel>(&model.body)) {
    const bool chain = mining->method == MultipleModelMethod::kModelChain ||
                       mining->method == MultipleModelMethod::kMultiModelChain;
    for (auto segment = mining->segments.rbegin(); segment != mining->segments.rend(); ++segment) {
      // Of a chain the last link answers; one with a condition may leave the answer to the link
      // before.
      if (!chain) break;
      collect_categories(segment->model, categories);
      if (std::holds_alternative<True>(segment->predicate.is)) return;
    }
    if (chain) return;
    for (const Segment& segment : mining->segments) collect_categories(segment.model, categories);
  } else {
    std::visit(
        [&](const auto& body) {
          const CategoryList add = [&](const std::string& category) { categories.add(category); };
          if constexpr (requires { list_categories(body, model, add); }) {
            list_categories(body, model, add);
          } else if constexpr (requires { list_categories(body, add); }) {
            list_categories(body, add);
          }
        },
        model.body);
  }
}

const std::string* target_of_model(const Model& model) {
  for (const MiningField& field : model.mining_schema) {
    if (field.usage == Usage::kTarget) return &field.name;
  }
  if (const auto* mining = std::get_if<MiningModel>(&model.body);
      mining != nullptr && !mining->segments.empty()) {
    return target_of_model(mining->segments.back().model);
  }
  return nullptr;
}

DataType type_of_output(const OutputField& field, const Model& model, const Document& document) {
  if (field.type) return *field.type;
  switch (field.feature) {
    case ResultFeature::kProbability:
    case ResultFeature::kConfidence:
    case ResultFeature::kResidual:
    case ResultFeature::kStandardError:
    case ResultFeature::kStandardDeviation:
    case ResultFeature::kConfidenceIntervalLower:
    case ResultFeature::kConfidenceIntervalUpper:
    case ResultFeature::kAffinity:
    case ResultFeature::kEntityAffinity:
    case ResultFeature::kClusterAffinity:
      return DataType::kDouble;
    case ResultFeature::kEntityId:
    case ResultFeature::kPredictedDisplayValue:
    case ResultFeature::kClusterId:
    case ResultFeature::kClusterName:
    case ResultFeature::kReasonCode:
    case ResultFeature::kWarning:
      return DataType::kString;
    case ResultFeature::kRuleValue: {
      const bool is_text = field.multi_valued || field.rule_feature == RuleFeature::kAntecedent ||
                           field.rule_feature == RuleFeature::kConsequent ||
                           field.rule_feature == RuleFeature::kRule ||
                           field.rule_feature == RuleFeature::kRuleId;
      return is_text ? DataType::kString : DataType::kDouble;
    }
    case ResultFeature::kTransformedValue:
    case ResultFeature::kDecision:
      return DataType::kDouble;
    case ResultFeature::kPredictedValue:
      break;
  }
  const MiningFunction function = answer_function(model);
  if (function == MiningFunction::kRegression || function == MiningFunction::kTimeSeries)
    return DataType::kDouble;
  const std::string* target = target_of_model(model);
  for (const DataField& data : document.data_dictionary) {
    if (target != nullptr && data.name == *target) return data.type;
  }
  return DataType::kString;
}

void add_output(OutputInfo info, std::vector<OutputInfo>& outputs) {
  if (std::ranges::find(outputs, info.name, &OutputInfo::name) == outputs.end())
    outputs.push_back(std::move(info));
}

// The results of a chain's links, or of a segment selected, are results of the whole.
void add_outputs(const Model& model, const Document& document, std::vector<OutputInfo>& outputs) {
  using enum MultipleModelMethod;
  const auto* mining = std::get_if<MiningModel>(&model.body);
  const bool passes_on =
      mining != nullptr && (mining->method == kModelChain || mining->method == kMultiModelChain ||
                            mining->method == kSelectFirst || mining->method == kSelectAll);
  if (passes_on) {
    for (const Segment& segment : mining->segments) {
      if (const std::string* target = target_of_model(segment.model);
          target != nullptr && mining->method == kMultiModelChain) {
        const bool classifies = segment.model.function == MiningFunction::kClassification;
        add_output({*target, classifies ? DataType::kString : DataType::kDouble,
                    ResultFeature::kPredictedValue},
                   outputs);
      }
      add_outputs(segment.model, document, outputs);
    }
  }
  for (const OutputField& field : model.output) {
    if (field.is_final)
      add_output({field.name, type_of_output(field, model, document), field.feature}, outputs);
  }
}

// Some models predict several targets at once; each is a result by its name.
void add_targets(const Model& model, std::vector<OutputInfo>& outputs) {
  const bool predicts_each = std::holds_alternative<NeuralNetwork>(model.body) ||
                             std::holds_alternative<NearestNeighborModel>(model.body);
  const auto is_target = [](const MiningField& field) { return field.usage == Usage::kTarget; };
  if (!predicts_each || std::ranges::count_if(model.mining_schema, is_target) < 2) return;
  const bool counts = model.function == MiningFunction::kRegression;
  for (const MiningField& field : model.mining_schema) {
    if (is_target(field))
      add_output({field.name, counts ? DataType::kDouble : DataType::kString,
                  ResultFeature::kPredictedValue},
                 outputs);
  }
}

}  // namespace

bool declares_values(const DataField& field) {
  return std::ranges::any_of(
      field.values, [](const FieldValue& v) { return v.property == FieldValue::Property::kValid; });
}

InputField describe_input(const DataField& data, const MiningField& mining,
                          const Document& document) {
  InputField input;
  input.name = data.name;
  input.type = data.type;
  input.op_type = mining.op_type.value_or(data.op_type);
  if (is_number(data.type) || is_time(data.type)) return input;
  input.encoding = Encoding::kIndex;
  if (data.type == DataType::kBoolean) {
    input.categories = {"false", "true"};
    return input;
  }
  Collected values;
  if (declares_values(data)) {
    for (const FieldValue& value : data.values) {
      if (value.property == FieldValue::Property::kValid) values.add(value.value);
    }
  } else {
    for (const DerivedField& derived : document.transformations)
      collect(derived.expression, data.name, values);
    collect(document.model, data.name, values);
  }
  input.categories = values.take();
  return input;
}

bool is_read_by_expressions(const Document& document, std::string_view field) {
  return is_read(document.transformations, field) || is_read(document.model, field);
}

MiningFunction answer_function(const Model& model) {
  const auto* mining = std::get_if<MiningModel>(&model.body);
  if (model.function != MiningFunction::kMixed || mining == nullptr || mining->segments.empty())
    return model.function;
  return answer_function(mining->segments.back().model);
}

std::string target_field(const Document& document) {
  const std::string* name = target_of_model(document.model);
  return name == nullptr ? "" : *name;
}

std::vector<std::string> categories_of_target(const Document& document) {
  const MiningFunction function = answer_function(document.model);
  if (function == MiningFunction::kRegression || function == MiningFunction::kTimeSeries) return {};
  Collected categories;
  collect_categories(document.model, categories);
  const std::string target = target_field(document);
  for (const DataField& data : document.data_dictionary) {
    if (data.name != target) continue;
    for (const FieldValue& value : data.values) {
      if (value.property == FieldValue::Property::kValid) categories.add(value.value);
    }
  }
  return categories.take();
}

std::vector<OutputInfo> describe_outputs(const Document& document) {
  std::vector<OutputInfo> outputs;
  add_outputs(document.model, document, outputs);
  add_targets(document.model, outputs);
  return outputs;
}

}  // namespace pmml
