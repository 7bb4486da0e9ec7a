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

// Goes through a document once.
class Gatherer final : public Mentions {
 public:
  explicit Gatherer(const Document& document) {
    for (const DataField& field : document.data_dictionary) {
      if (field.type == DataType::kString && !declares_values(field)) values_[field.name];
      if (field.type == DataType::kString && declares_values(field)) find_strays(field, document);
    }
    for (const DerivedField& derived : document.transformations) expression(derived.expression);
    model(document.model);
  }
  Mentioned take() {
    Mentioned mentioned{
        .values = {}, .texts = std::move(texts_), .texts_at_once = std::move(texts_at_once_)};
    for (auto& [field, values] : values_) {
      std::vector<std::string> asked = values.take();
      const auto stray = strays_.find(field);
      if (stray == strays_.end()) {
        mentioned.values.emplace(field, std::move(asked));
        continue;
      }
      const bool is_asked = std::ranges::any_of(stray->second, [&](const std::string& text) {
        return std::ranges::count(asked, text) > 0;
      });
      if (is_asked || mentioned.texts.contains(field)) mentioned.strays.insert(field);
    }
    return mentioned;
  }

  [[nodiscard]] bool cares_for(std::string_view field) const override {
    return values_.contains(std::string(field));
  }
  void value(std::string_view field, const std::string& text) override {
    if (text.empty()) return;
    if (const auto found = values_.find(std::string(field)); found != values_.end())
      found->second.add(text);
  }
  void predicate(const Predicate& predicate) override {
    if (const auto* simple = std::get_if<SimplePredicate>(&predicate.is)) {
      value(simple->field, simple->value);
    } else if (const auto* set = std::get_if<SimpleSetPredicate>(&predicate.is)) {
      for (const std::string& text : set->values) value(set->field, text);
    } else if (const auto* compound = std::get_if<CompoundPredicate>(&predicate.is)) {
      for (const Predicate& child : compound->children) this->predicate(child);
    }
  }
  // NormDiscrete and MapValues do not read the text of a field: they only ask for values.
  void expression(const Expression& expression) override {
    if (const auto* norm = std::get_if<NormDiscrete>(&expression.is)) {
      value(norm->field, norm->value);
    } else if (const auto* map = std::get_if<MapValues>(&expression.is)) {
      for (std::size_t c = 0; c < map->columns.size(); ++c) {
        for (const auto& row : map->rows) value(map->columns[c].field, row.keys[c]);
      }
    } else if (const auto* apply = std::get_if<Apply>(&expression.is)) {
      for (const Expression& argument : apply->arguments) this->expression(argument);
    } else {
      const bool looks_back = std::holds_alternative<Lag>(expression.is) ||
                              std::holds_alternative<Aggregate>(expression.is);
      for (const std::string& name : fields_of(expression)) {
        if (looks_back) texts_at_once_.insert(name);
        texts_.insert(name);
      }
    }
  }
  void model(const Model& model) override {
    for (const MiningField& mining : model.mining_schema) {
      if (strays_.contains(mining.name)) continue;  // What stands in asks for nothing.
      if (mining.missing_replacement) value(mining.name, *mining.missing_replacement);
      if (mining.invalid_replacement) value(mining.name, *mining.invalid_replacement);
    }
    for (const DerivedField& derived : model.local_transformations) expression(derived.expression);
    for (const OutputField& output : model.output) {
      if (output.expression) expression(*output.expression);
    }
    std::visit([&](const auto& body) { mention(body, *this); }, model.body);
  }
  void text(std::string_view field) override {
    texts_.emplace(field);
    texts_at_once_.emplace(field);
  }

 private:
  void find_strays(const DataField& field, const Document& document) {
    for (const MiningField& mining : document.model.mining_schema) {
      if (mining.name != field.name) continue;
      for (const auto* text : {&mining.missing_replacement, &mining.invalid_replacement}) {
        const auto is_it = [&](const FieldValue& value) {
          return value.property == FieldValue::Property::kValid && value.value == **text;
        };
        if (!*text || std::ranges::any_of(field.values, is_it)) continue;
        strays_[field.name].push_back(**text);
        values_[field.name];
      }
    }
  }

  std::unordered_map<std::string, std::vector<std::string>> strays_;  // Texts by field.
  std::unordered_map<std::string, Collected> values_;
  std::unordered_set<std::string> texts_;
  std::unordered_set<std::string> texts_at_once_;
};

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
    case ResultFeature::kReport:
      return DataType::kString;
    case ResultFeature::kRuleValue: {
      const bool is_text = field.multi_valued || field.rule_feature == RuleFeature::kAntecedent ||
                           field.rule_feature == RuleFeature::kConsequent ||
                           field.rule_feature == RuleFeature::kRule ||
                           field.rule_feature == RuleFeature::kItem ||
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

void list_categories(const Model& model, const CategoryList& category) {
  for (const Target& target : model.targets) {
    for (const TargetValue& value : target.values) {
      if (value.value && value.prior_probability) category(*value.value);
    }
  }
  std::visit([&](const auto& body) { list_categories(body, model, category); }, model.body);
}

Mentioned gather_mentions(const Document& document) { return Gatherer(document).take(); }

bool declares_values(const DataField& field) {
  return std::ranges::any_of(
      field.values, [](const FieldValue& v) { return v.property == FieldValue::Property::kValid; });
}

InputField describe_input(const DataField& data, const MiningField& mining,
                          const Mentioned& mentioned) {
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
  if (!declares_values(data)) {
    input.categories = mentioned.values.at(data.name);
    return input;
  }
  Collected values;
  for (const FieldValue& value : data.values) {
    if (value.property == FieldValue::Property::kValid) values.add(value.value);
  }
  input.categories = values.take();
  return input;
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
  list_categories(document.model, [&](const std::string& text) { categories.add(text); });
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
