// SPDX-License-Identifier: Apache-2.0
#include "pmml/compile/verify.h"

#include <algorithm>
#include <cmath>

#include "base/number.h"
#include "pmml/interpret/value.h"

namespace pmml {
namespace {

bool agree(const std::string& expected, const std::string& found,
           const ModelVerification::Field& field) {
  const auto x = base::parse_double(expected);
  const auto y = base::parse_double(found);
  if (!x || !y) return same_category(expected, found);
  if (std::abs(*x) <= field.zero_threshold) return std::abs(*y) <= field.zero_threshold;
  return std::abs(*y - *x) <= field.precision * std::abs(*x);
}

// The result of a row under a name: an output, or the target; nothing for a field that is neither.
std::optional<std::string> result_of(const Scorer& scorer, const Prediction& prediction,
                                     const Workspace& workspace, const std::string& name) {
  if (const auto output = scorer.output(name)) return scorer.output_text(*output, workspace);
  if (name != scorer.target_name()) return std::nullopt;
  if (prediction.status != Status::kOk) return "";
  if (prediction.category != kNoCategory) return scorer.target_categories()[prediction.category];
  return base::format_double(prediction.number);
}

}  // namespace

base::Result<void> verify(const Document& document, const Scorer& scorer) {
  if (!document.model.verification) return {};
  const ModelVerification& verification = *document.model.verification;
  Workspace workspace(scorer);
  std::vector<double> row(scorer.inputs().size());
  const bool states_outputs = std::ranges::any_of(verification.fields, [&](const auto& field) {
    return scorer.output(field.field).has_value();
  });
  for (std::size_t r = 0; r < verification.records.size(); ++r) {
    const auto& record = verification.records[r];
    std::ranges::fill(row, kMissing);
    for (std::size_t f = 0; f < verification.fields.size(); ++f) {
      const auto input = scorer.input(verification.fields[f].field);
      if (input && record[f]) row[*input] = scorer.encode(*input, *record[f], workspace);
    }
    const Prediction& prediction = scorer.score(row, workspace);
    for (std::size_t f = 0; f < verification.fields.size(); ++f) {
      const auto& field = verification.fields[f];
      if (!record[f] || scorer.input(field.field)) continue;
      // Where outputs are stated, the target need not be.
      if (states_outputs && !scorer.output(field.field)) continue;
      const auto found = result_of(scorer, prediction, workspace, field.field);
      if (!found || agree(*record[f], *found, field)) continue;
      return base::input_error("ModelVerification: record " + std::to_string(r + 1) + " states " +
                               field.field + " = '" + *record[f] + "', the model gives '" + *found +
                               "'");
    }
  }
  return {};
}

}  // namespace pmml
