// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "pmml/compile/chapters.h"
#include "pmml/detail/text_weights.h"

namespace pmml {
namespace {

base::Result<void> check_fields(const TextModel& text, const FieldChecks& checks) {
  if (text.text_field.empty()) {
    for (const std::string& term : text.terms)
      TRY(checks.numeric_field(term, "a term of the TextDictionary"));
    return {};
  }
  TRY(checks.field(text.text_field, "a TextModel"));
  if (checks.type_of(text.text_field) != DataType::kString)
    return checks.refuse("reads the field '" + text.text_field + "', which is not a string");
  return {};
}

// A text is answered by the document that is most like it, or by that document's label.
base::Result<void> check_answer(const TextModel& text, const Model& model,
                                const FieldChecks& checks) {
  if (!text.labels.empty()) {
    if (model.function == MiningFunction::kClassification &&
        text.labels.size() == text.documents.size())
      return {};
    return checks.refuse(
        "has ClassLabels, which need functionName=\"classification\" and one label for every "
        "TextDocument");
  }
  const bool has_target = std::ranges::find(model.mining_schema, Usage::kTarget,
                                            &MiningField::usage) != model.mining_schema.end();
  if (model.function == MiningFunction::kClustering && !has_target) return {};
  return checks.refuse(
      "needs functionName=\"clustering\" and no target: the standard finds the documents that "
      "are most like a text, and does not say what they predict; or, to classify, ClassLabels");
}

}  // namespace

base::Result<void> check_body(const TextModel& text, const Model& model,
                              const FieldChecks& checks) {
  TRY(check_answer(text, model, checks));
  if (text.terms.empty() || text.documents.empty())
    return checks.refuse("has no terms or no documents");
  TRY(check_fields(text, checks));
  const std::size_t cells = text.terms.size() * text.documents.size();
  if (text.counts.rows != text.documents.size() || text.counts.columns != text.terms.size() ||
      text.counts.values.size() != cells || text.weighted.values.size() != cells ||
      text.global_weights.size() != text.terms.size()) {
    return checks.refuse("has a DocumentTermMatrix of another size than its terms and documents");
  }
  if (text.similarity == TextSimilarity::kEuclidean && !text.normalized &&
      detail::uses_logarithm(text)) {
    return checks.refuse(
        "compares by euclidean distance what it weighs by a logarithm, whose base the standard "
        "does not say; use documentNormalization=\"cosine\", other weights, or cosine");
  }
  return {};
}

void mention(const TextModel& text, Mentions& mentions) {
  if (!text.text_field.empty()) mentions.text(text.text_field);
}

void list_categories(const TextModel& text, const Model&, const CategoryList& category) {
  for (const std::string& label : text.labels) category(label);
  if (!text.labels.empty()) return;
  for (const TextModel::TextDocument& document : text.documents) category(document.id);
}

}  // namespace pmml
