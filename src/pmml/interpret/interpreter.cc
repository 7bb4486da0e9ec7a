// SPDX-License-Identifier: Apache-2.0
#include "pmml/interpret/interpreter.h"

#include "base/check.h"
#include "pmml/interpret/model.h"

namespace pmml {

std::vector<const MiningField*> row_fields(const Document& document) {
  std::vector<const MiningField*> fields;
  for (const MiningField& field : document.model.mining_schema) {
    if (field.usage != Usage::kTarget) fields.push_back(&field);
  }
  return fields;
}

Interpreter::Interpreter(const Document& document)
    : document_(document), names_(document), fields_(row_fields(document)) {}

Interpretation Interpreter::interpret(std::span<const RawInput> raw) const {
  CHECK(raw.size() == fields_.size());
  Interpretation result;
  Row row;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const MiningField& field = *fields_[i];
    auto value = prepare(*names_.data_field(field.name), field, raw[i]);
    if (!value) {
      result.invalid = true;
      result.reason = raw[i].missing
                          ? "field '" + field.name + "' is missing, which its MiningField refuses"
                          : "field '" + field.name + "' has a value that it does not declare valid";
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
  return result;
}

}  // namespace pmml
