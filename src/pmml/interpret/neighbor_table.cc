// SPDX-License-Identifier: Apache-2.0
#include "pmml/interpret/neighbor_table.h"

#include <algorithm>
#include <optional>

#include "base/number.h"
#include "pmml/interpret/model.h"
#include "pmml/interpret/scope.h"

namespace pmml {
namespace {

// The models around one, the outermost first, and itself.
using Path = std::vector<const Model*>;

// The type that a field has for the innermost model of a path; a double where only the results of
// another model can be meant.
DataType type_of(const std::string& field, const Path& path, const Names& names) {
  for (auto model = path.rbegin(); model != path.rend(); ++model) {
    if (const DerivedField* derived = names.local_field(**model, field)) return derived->type;
  }
  if (const DerivedField* derived = names.derived_field(field)) return derived->type;
  const DataField* data = names.data_field(field);
  return data != nullptr ? data->type : DataType::kDouble;
}

bool is_categorical(const std::string& field, const Model& model, const Names& names) {
  if (model.function == MiningFunction::kClassification) return true;
  if (model.function == MiningFunction::kRegression) return false;
  for (const Target& target : model.targets) {
    if (target.field == field && target.op_type) return *target.op_type != OpType::kContinuous;
  }
  const MiningField* mining = names.mining_field(model, field);
  if (mining != nullptr && mining->op_type) return *mining->op_type != OpType::kContinuous;
  const DataField* data = names.data_field(field);
  return data != nullptr && data->op_type != OpType::kContinuous;
}

class Maker {
 public:
  Maker(const NearestNeighborModel& neighbors, const Path& path, const Names& names)
      : neighbors_(neighbors), model_(*path.back()), path_(path), names_(names) {}

  NeighborTable make() {
    const TrainingInstances& instances = neighbors_.instances;
    for (const std::string& field : instances.fields)
      types_.push_back(type_of(field, path_, names_));
    for (const ComparisonField& input : neighbors_.inputs) {
      columns_.push_back(column_of(input.field));
      table_.inputs.push_back(
          {.is_text = type_of(input.field, path_, names_) == DataType::kString});
    }
    for (const std::string& field : predicted_fields(model_))
      table_.targets.push_back({field, is_categorical(field, model_, names_)});
    for (std::size_t r = 0; r < instances.records.size() && table_.failure.empty(); ++r) {
      add_coordinates(r);
      for (NeighborTable::Target& target : table_.targets) add_target(r, target);
      add_id(r);
    }
    return std::move(table_);
  }

 private:
  [[nodiscard]] std::optional<std::size_t> column_of(const std::string& field) const {
    const auto& fields = neighbors_.instances.fields;
    const auto found = std::ranges::find(fields, field);
    if (found == fields.end()) return std::nullopt;
    return static_cast<std::size_t>(found - fields.begin());
  }

  void fails(std::size_t record, const std::string& what) {
    if (table_.failure.empty())
      table_.failure = "training record " + std::to_string(record + 1) + what;
  }
  void lacks(std::size_t record, const std::string& field) {
    fails(record, " has no value of '" + field + "'");
  }

  [[nodiscard]] Value cell(std::size_t record, std::size_t column) const {
    const auto& text = neighbors_.instances.records[record][column];
    return text ? parse_value(*text, types_[column]).value_or(Value{}) : Value{};
  }

  void add_coordinates(std::size_t record) {
    std::optional<std::vector<Value>> derived;
    for (std::size_t i = 0; i < neighbors_.inputs.size(); ++i) {
      Value value;
      if (columns_[i]) {
        value = cell(record, *columns_[i]);
      } else {
        if (!derived) derived = derive(record);
        value = (*derived)[i];
      }
      if (value.missing) lacks(record, neighbors_.inputs[i].field);
      if (is_binary(neighbors_.measure.measure) && value.number != 0 && value.number != 1)
        fails(record, ": the measure compares 0 and 1, '" + neighbors_.inputs[i].field + "' has '" +
                          to_text(value) + "'");
      table_.coordinates.push_back(code_of(value, table_.inputs[i]));
    }
  }

  static double code_of(const Value& value, NeighborTable::Input& input) {
    if (!input.is_text) return value.number;
    return input.codes.emplace(value.text, static_cast<double>(input.codes.size())).first->second;
  }

  // The inputs that are no columns, as the model would compute them for this record.
  std::vector<Value> derive(std::size_t record) {
    Row row;
    std::vector<std::unique_ptr<Scope>> scopes;
    for (const Model* model : path_) {
      Scope* outer = scopes.empty() ? nullptr : scopes.back().get();
      scopes.push_back(std::make_unique<Scope>(names_, *model, row, outer));
      for (std::size_t c = 0; c < types_.size(); ++c)
        scopes.back()->define(neighbors_.instances.fields[c], cell(record, c));
    }
    std::vector<Value> values;
    for (std::size_t i = 0; i < neighbors_.inputs.size(); ++i)
      values.push_back(columns_[i] ? Value{} : scopes.back()->lookup(neighbors_.inputs[i].field));
    if (row.failure) fails(record, ": " + *row.failure);
    return values;
  }

  void add_target(std::size_t record, NeighborTable::Target& target) {
    const auto column = column_of(target.field);
    const auto& text = column ? neighbors_.instances.records[record][*column] : std::nullopt;
    if (!text) return lacks(record, target.field);
    if (!target.is_categorical) {
      const auto number = parse_value(*text, DataType::kDouble);
      if (!number || number->missing) return lacks(record, target.field);
      target.numbers.push_back(number->number);
      return;
    }
    const auto [place, is_new] =
        categories_[target.field].emplace(key_of(*text), target.categories.size());
    if (is_new) {
      target.categories.push_back(declared(*text, target.field));
      target.counts.push_back(0);
    }
    const std::size_t index = place->second;
    ++target.counts[index];
    target.category_of.push_back(index);
  }

  // Spellings of one category ("1", "1.0" and "true") have one key.
  static std::string key_of(const std::string& text) {
    const auto number = parse_value(text, DataType::kDouble);
    return number && !number->missing ? base::format_double(number->number) : text;
  }

  // As the target's DataField spells the category.
  std::string declared(const std::string& text, const std::string& field) {
    const auto [spellings, is_new] = spellings_.try_emplace(field);
    if (is_new) {
      const DataField* data = names_.data_field(field);
      for (const std::string& value :
           data != nullptr ? valid_values(*data) : std::vector<std::string>{})
        spellings->second.emplace(key_of(value), value);
    }
    const auto found = spellings->second.find(key_of(text));
    return found == spellings->second.end() ? text : found->second;
  }

  void add_id(std::size_t record) {
    if (!neighbors_.id_field) {
      table_.ids.push_back(std::to_string(record + 1));
      return;
    }
    const auto column = column_of(*neighbors_.id_field);
    const auto& text = column ? neighbors_.instances.records[record][*column] : std::nullopt;
    if (!text) return lacks(record, *neighbors_.id_field);
    table_.ids.push_back(*text);
  }

  const NearestNeighborModel& neighbors_;
  const Model& model_;
  const Path& path_;
  const Names& names_;
  NeighborTable table_;
  std::vector<DataType> types_;                      // By column.
  std::vector<std::optional<std::size_t>> columns_;  // By input; nothing: computed.
  // By target.
  std::unordered_map<std::string, std::unordered_map<std::string, std::size_t>> categories_;
  std::unordered_map<std::string, std::unordered_map<std::string, std::string>> spellings_;
};

void make_tables(Path& path, const Names& names, NeighborTables& tables) {
  const Model& model = *path.back();
  if (const auto* neighbors = std::get_if<NearestNeighborModel>(&model.body)) {
    tables.emplace(&model,
                   std::make_unique<const NeighborTable>(Maker(*neighbors, path, names).make()));
  }
  for (const Model* inner : inner_models(model)) {
    path.push_back(inner);
    make_tables(path, names, tables);
    path.pop_back();
  }
}

}  // namespace

NeighborTables make_neighbor_tables(const Document& document, const Names& names) {
  NeighborTables tables;
  Path path = {&document.model};
  make_tables(path, names, tables);
  return tables;
}

std::vector<std::string> predicted_fields(const Model& model) {
  std::vector<std::string> fields;
  if (model.function == MiningFunction::kClustering) return fields;
  for (const MiningField& field : model.mining_schema) {
    if (field.usage == Usage::kTarget) fields.push_back(field.name);
  }
  return fields;
}

}  // namespace pmml
