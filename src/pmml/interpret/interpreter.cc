// SPDX-License-Identifier: Apache-2.0
#include "pmml/interpret/interpreter.h"

#include <algorithm>

#include "base/check.h"
#include "pmml/interpret/model.h"

namespace pmml {
namespace {

bool asks_residual(const Model& model) {
  const auto asks = [](const OutputField& field) {
    return field.feature == ResultFeature::kResidual;
  };
  if (std::ranges::any_of(model.output, asks)) return true;
  const auto* mining = std::get_if<MiningModel>(&model.body);
  return mining != nullptr && std::ranges::any_of(mining->segments, [](const Segment& segment) {
           return asks_residual(segment.model);
         });
}

bool looks_back_on(const Memories& memories, const std::string& field) {
  return std::ranges::find(memories.fields, field) != memories.fields.end() ||
         std::ranges::any_of(memories.aggregates, [&](const Aggregate& aggregate) {
           return aggregate.field == field || aggregate.group_field == field;
         });
}

// The actual value of a target; one that is not usable counts as not known.
Value actual_value(const DataField& data, const RawInput& raw) {
  const MiningField lenient{.name = data.name, .invalid_treatment = InvalidTreatment::kAsMissing};
  return prepare(data, lenient, raw).value_or(Value{});
}

}  // namespace

std::vector<const MiningField*> row_fields(const Document& document) {
  const Memories memories = memories_of(document);
  const bool residual = asks_residual(document.model);
  std::vector<const MiningField*> fields;
  for (const MiningField& field : document.model.mining_schema) {
    if (field.usage != Usage::kTarget || residual || looks_back_on(memories, field.name))
      fields.push_back(&field);
  }
  return fields;
}

Interpreter::Interpreter(const Document& document)
    : document_(document), names_(document), fields_(row_fields(document)) {}

Interpretation Interpreter::interpret(std::span<const RawInput> raw, History* history) const {
  CHECK(raw.size() == fields_.size());
  Interpretation result;
  Row row;
  row.history = history;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const MiningField& field = *fields_[i];
    const DataField& data = *names_.data_field(field.name);
    if (field.usage == Usage::kTarget) {
      row.actuals.emplace(field.name, actual_value(data, raw[i]));
      continue;
    }
    auto value = prepare(data, field, raw[i]);
    if (!value) {
      result.invalid = true;
      result.reason = raw[i].missing
                          ? "field '" + field.name + "' is missing, which its MiningField refuses"
                          : "field '" + field.name + "' has a value that it does not declare valid";
      if (history != nullptr) history->remember_refused(names_.memories());
      return result;
    }
    row.values.emplace(field.name, *std::move(value));
  }
  Scope scope(names_, document_.model, row, nullptr);
  result.outcome = evaluate(document_.model, scope);
  if (row.failure) {
    result.invalid = true;
    result.reason = *row.failure;
    result.outcome = {};
  }
  if (history != nullptr && !names_.memories().empty()) history->remember(names_.memories(), scope);
  return result;
}

}  // namespace pmml
