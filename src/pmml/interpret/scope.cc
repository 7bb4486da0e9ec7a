// SPDX-License-Identifier: Apache-2.0
#include "pmml/interpret/scope.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "pmml/compile/chapters.h"
#include "pmml/interpret/expression.h"

namespace pmml {

Names::Names(const Document& document) {
  for (const DataField& field : document.data_dictionary) data_.emplace(field.name, &field);
  for (const DerivedField& field : document.transformations) derived_.emplace(field.name, &field);
  for (const DefineFunction& function : document.functions)
    functions_.emplace(function.name, &function);
  for (const DerivedField& field : document.transformations) add(field.expression);
  for (const DefineFunction& function : document.functions) add(function.body);
  add(document.model);
  network_plans_ = make_network_plans(document);
  neighbor_tables_ = make_neighbor_tables(document, *this);
  memories_ = memories_of(document);
}

void Names::add(const Expression& expression) {
  patterns_.add(expression);
  if (const auto* apply = std::get_if<Apply>(&expression.is)) {
    for (const Expression& argument : apply->arguments) add(argument);
  } else if (const auto* index = std::get_if<TextFrequency>(&expression.is)) {
    for (const Expression& term : index->term) add(term);
    // check() has seen that it can be made.
    if (auto indexer = TextIndexer::make(*index))
      text_indexers_.emplace(index, *std::move(indexer));
  }
}

void Names::add(const Model& model) {
  ModelNames& names = models_[&model];
  for (const DerivedField& field : model.local_transformations) {
    names.local.emplace(field.name, &field);
    add(field.expression);
  }
  for (const OutputField& field : model.output) {
    if (field.expression) add(*field.expression);
  }
  for (const MiningField& field : model.mining_schema) names.mining.emplace(field.name, &field);
  // The chapter's expressions and inner models.
  class Inner final : public Mentions {
   public:
    explicit Inner(Names& names) : names_(names) {}
    [[nodiscard]] bool cares_for(std::string_view) const override { return false; }
    void value(std::string_view, const std::string&) override {}
    void predicate(const Predicate&) override {}
    void expression(const Expression& expression) override { names_.add(expression); }
    void model(const Model& model) override { names_.add(model); }
    void text(std::string_view) override {}

   private:
    Names& names_;
  };
  Inner inner(*this);
  std::visit([&](const auto& body) { mention(body, inner); }, model.body);
}

namespace {
template <class Map>
auto find_in(const Map& map, std::string_view name) -> typename Map::mapped_type {
  const auto found = map.find(name);
  return found == map.end() ? nullptr : found->second;
}
}  // namespace

const DataField* Names::data_field(std::string_view name) const { return find_in(data_, name); }
const DerivedField* Names::derived_field(std::string_view name) const {
  return find_in(derived_, name);
}
const DefineFunction* Names::function(std::string_view name) const {
  return find_in(functions_, name);
}
const DerivedField* Names::local_field(const Model& model, std::string_view name) const {
  return find_in(models_.at(&model).local, name);
}
const TextIndexer& Names::text_indexer(const TextFrequency& index) const {
  return text_indexers_.at(&index);
}
const MiningField* Names::mining_field(const Model& model, std::string_view name) const {
  return find_in(models_.at(&model).mining, name);
}

namespace {

// Outliers of a valid number.
void treat_outlier(const MiningField& mining, Value& value) {
  if (value.missing || !is_number(value.type) || mining.outliers == OutlierTreatment::kAsIs) return;
  const bool below = mining.low && value.number < *mining.low;
  const bool above = mining.high && value.number > *mining.high;
  if (!below && !above) return;
  if (mining.outliers == OutlierTreatment::kAsMissingValues) {
    value = Value{};
  } else {
    value = number_value(value.type, below ? *mining.low : *mining.high);
  }
}

// A missing value after its replacement; nothing where it makes the row invalid.
std::optional<Value> treat_missing(DataType type, const MiningField& mining) {
  if (mining.missing_is_invalid) return std::nullopt;
  if (!mining.missing_replacement) return Value{};
  return parse_operand(*mining.missing_replacement, type);
}

}  // namespace

bool is_valid(const DataField& field, OpType op_type, const Value& value) {
  bool declared = false;
  for (const FieldValue& candidate : field.values) {
    if (candidate.property == FieldValue::Property::kMissing) continue;
    const auto same = parse_value(candidate.value, field.type);
    const bool matches = same && compare(value, *same) == 0;
    if (candidate.property == FieldValue::Property::kInvalid && matches) return false;
    if (candidate.property == FieldValue::Property::kValid) {
      if (matches) return true;
      declared = true;
    }
  }
  if (declared) return false;
  if (field.intervals.empty() || op_type != OpType::kContinuous) return true;
  return std::ranges::any_of(
      field.intervals, [&](const Interval& interval) { return contains(interval, value.number); });
}

std::optional<Value> prepare(const DataField& field, const MiningField& mining,
                             const RawInput& raw) {
  if (raw.missing) return treat_missing(field.type, mining);
  std::optional<Value> value;
  if (raw.number) {
    value = is_time(field.type) ? number_value(field.type, *raw.number)
                                : cast(number_value(DataType::kDouble, *raw.number), field.type);
  } else if (!raw.unreadable) {
    value = parse_value(raw.text, field.type);
  }
  for (const FieldValue& candidate : field.values) {
    if (candidate.property != FieldValue::Property::kMissing) continue;
    const auto same = parse_value(candidate.value, field.type);
    const bool by_text = !raw.number && !raw.unreadable && raw.text == candidate.value;
    if (by_text || (same && value && compare(*value, *same) == 0))
      return treat_missing(field.type, mining);
  }
  if (value && is_valid(field, mining.op_type.value_or(field.op_type), *value)) {
    treat_outlier(mining, *value);
    if (value->missing) return treat_missing(field.type, mining);
    return value;
  }
  switch (mining.invalid_treatment) {
    case InvalidTreatment::kReturnInvalid:
      return std::nullopt;
    case InvalidTreatment::kAsMissing:
      return treat_missing(field.type, mining);
    case InvalidTreatment::kAsValue:
      return parse_operand(mining.invalid_replacement.value_or(""), field.type);
    case InvalidTreatment::kAsIs:
      break;
  }
  if (!value && field.type == DataType::kString) value = text_value("");
  if (value) value->valid = false;
  return value;
}

const Value* Scope::actual(const std::string& target) const {
  const auto found = row_.actuals.find(target);
  return found == row_.actuals.end() ? nullptr : &found->second;
}

bool Scope::looks_past(const DerivedField& local) const {
  return evaluated_.of_dictionary || evaluated_.field == &local;
}

const DerivedField* Scope::local_field(std::string_view field) const {
  const DerivedField* local = names_.local_field(model_, field);
  return local != nullptr && looks_past(*local) ? nullptr : local;
}

const Value& Scope::lookup(const std::string& field) {
  auto* values = &known_;
  if (evaluated_.field != nullptr) {
    const DerivedField* local = names_.local_field(model_, field);
    if (local != nullptr && looks_past(*local)) values = &hidden_;
  }
  if (const auto known = values->find(field); known != values->end()) return known->second;
  Value value = resolve(field);
  return (*values)[field] = std::move(value);
}

Value Scope::resolve(const std::string& field) {
  if (const DerivedField* local = local_field(field)) return derive(*local, false);
  const MiningField* mining = names_.mining_field(model_, field);
  if (outer_ != nullptr) {
    Value value = outer_->lookup(field);
    if (mining == nullptr) return value;
    // The outer model has judged its validity; what this model's MiningField adds is missing values
    // and outliers.
    treat_outlier(*mining, value);
    if (!value.missing || (!mining->missing_replacement && !mining->missing_is_invalid))
      return value;
    const DataField* data = names_.data_field(field);
    auto treated = treat_missing(data != nullptr ? data->type : DataType::kDouble, *mining);
    if (!treated) fail("field '" + field + "' is missing, which its MiningField refuses");
    return treated.value_or(Value{});
  }
  if (const auto input = row_.values.find(field); input != row_.values.end()) return input->second;
  if (const DerivedField* derived = names_.derived_field(field)) return derive(*derived, true);
  return Value{};
}

Value Scope::derive(const DerivedField& field, bool of_dictionary) {
  const Evaluated before = std::exchange(evaluated_, {&field, of_dictionary});
  const Value raw = evaluate(field.expression, *this);
  evaluated_ = before;
  if (raw.missing) return raw;
  auto value = cast(raw, field.type);
  if (!value)
    fail("derived field '" + field.name + "' has the value '" + to_text(raw) +
         "', which is not of its type");
  return value.value_or(Value{});
}

std::optional<double> ordinal_rank(const Scope& scope, std::string_view field, const Value& value) {
  const auto rank = [&](const auto& values, const auto& text_of,
                        DataType type) -> std::optional<double> {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto candidate = parse_value(text_of(values[i]), type);
      if (candidate && compare(value, *candidate) == 0) return static_cast<double>(i);
    }
    return std::nullopt;
  };
  const DerivedField* derived = scope.local_field(field);
  if (derived == nullptr) derived = scope.names().derived_field(field);
  if (derived != nullptr) {
    if (derived->op_type != OpType::kOrdinal || derived->values.empty()) return std::nullopt;
    return rank(
        derived->values, [](const std::string& text) { return text; }, derived->type);
  }
  const DataField* data = scope.names().data_field(field);
  if (data == nullptr || data->op_type != OpType::kOrdinal || data->values.empty())
    return std::nullopt;
  return rank(
      data->values, [](const FieldValue& v) { return v.value; }, data->type);
}

}  // namespace pmml
