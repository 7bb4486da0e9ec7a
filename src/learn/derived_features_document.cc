// SPDX-License-Identifier: Apache-2.0
// Derived columns as derived fields of a document.
#include <algorithm>
#include <set>
#include <utility>

#include "base/number.h"
#include "learn/derived_features.h"
#include "learn/detail/ask_texts.h"
#include "learn/detail/free_name.h"
#include "learn/detail/rename_field.h"

namespace learn {
namespace {

using detail::DerivedColumn;
using detail::free_name;
using pmml::DataField;
using pmml::DataType;
using pmml::DerivedField;
using pmml::MiningField;
using pmml::OpType;

template <class List>
auto find_named(List& list, const std::string& name) {
  return std::find_if(list.begin(), list.end(),
                      [&](const auto& entry) { return entry.name == name; });
}

base::Error refuse(const std::string& field, const std::string& what) {
  return base::input_error("the document's field '" + field + "' " + what);
}

// A text that is none of those declared counts as missing, as in the trees of this room.
bool drops_unseen(const DataField& data, const MiningField& use) {
  return data.type == DataType::kString && !data.values.empty() && data.intervals.empty() &&
         use.invalid_treatment == pmml::InvalidTreatment::kAsMissing &&
         pmml::valid_values(data).size() == data.values.size();
}

// Nothing but a missing value and an unseen text is treated, as the learners of this room write it.
base::Result<void> check_plain(const DataField& data, const MiningField& use) {
  if (use.outliers != pmml::OutlierTreatment::kAsIs || use.missing_is_invalid ||
      (use.invalid_treatment != pmml::InvalidTreatment::kReturnInvalid && !drops_unseen(data, use)))
    return refuse(use.name, "treats outliers or invalid values: derived columns cannot follow");
  if (data.type != DataType::kString && data.type != DataType::kDouble &&
      data.type != DataType::kFloat)
    return refuse(use.name, "is neither a string, a float nor a double");
  return {};
}

void add_input(const std::string& name, bool numeric, pmml::Document& document) {
  if (find_named(document.data_dictionary, name) == document.data_dictionary.end()) {
    document.data_dictionary.push_back(
        {.name = name,
         .op_type = numeric ? OpType::kContinuous : OpType::kCategorical,
         .type = numeric ? DataType::kDouble : DataType::kString});
  }
  document.model.mining_schema.push_back({.name = name});
}

// Each known text as itself, and what stands for a missing one and for any other; nothing: missing.
pmml::Expression mapped_text(const std::string& name, const std::vector<std::string>& known,
                             const std::optional<std::string>& missing,
                             const std::optional<std::string>& unseen) {
  pmml::MapValues map{.output_column = "text",
                      .columns = {{name, "given"}},
                      .map_missing_to = missing,
                      .default_value = unseen,
                      .type = DataType::kString};
  for (const std::string& text : known) map.rows.push_back({{text}, text});
  return {std::move(map)};
}

// For texts that are none of those known.
std::string name_for_unseen(const std::set<std::string>& known) {
  std::string unseen = "(unseen)";
  while (known.contains(unseen)) unseen = "(" + unseen + ")";
  return unseen;
}

// Makes a column readable as the rows hold it. Where the model replaces its missing values, or
// rounds it, or drops what it has not seen, that becomes a derived field, which the model reads in
// its place.
base::Result<void> free_source(const std::string& name, bool numeric,
                               std::span<const detail::Vocabulary> vocabularies,
                               pmml::Document& document) {
  const auto use = find_named(document.model.mining_schema, name);
  const auto declared = find_named(document.data_dictionary, name);
  if (use == document.model.mining_schema.end()) {
    add_input(name, numeric, document);
    return {};
  }
  if (declared == document.data_dictionary.end()) return refuse(name, "is declared nowhere");
  DataField& data = *declared;
  if (use->usage != pmml::Usage::kActive) return refuse(name, "is no input");
  TRY(check_plain(data, *use));
  if ((data.type == DataType::kString) == numeric)
    return refuse(name,
                  numeric ? "holds texts: expected numbers" : "holds numbers: expected texts");
  const bool rounds = data.type == DataType::kFloat;
  const bool drops = drops_unseen(data, *use);
  if (!use->missing_replacement && !rounds && !drops) return {};

  DerivedField filled{.name = free_name(document, name + " as the model sees it"),
                      .op_type = data.op_type,
                      .type = data.type};
  const std::optional<std::string> replacement = std::exchange(use->missing_replacement, {});
  if (rounds) data.type = DataType::kDouble;
  std::set<std::string> known;
  TRY(detail::rename_field(document, name, filled.name, known));
  if (numeric) {
    filled.expression = {pmml::FieldRef{.field = name, .map_missing_to = replacement}};
  } else if (drops) {
    filled.expression = mapped_text(name, pmml::valid_values(data), replacement, replacement);
    data.values.clear();
    use->invalid_treatment = pmml::InvalidTreatment::kReturnInvalid;
  } else {
    for (const detail::Vocabulary& vocabulary : vocabularies) {
      if (vocabulary.column == name) known.insert(vocabulary.texts.begin(), vocabulary.texts.end());
    }
    for (const std::string& value : pmml::valid_values(data)) known.insert(value);
    known.insert(*replacement);
    filled.expression =
        mapped_text(name, {known.begin(), known.end()}, replacement, name_for_unseen(known));
  }
  document.transformations.push_back(std::move(filled));
  return {};
}

// Inner models name a new column as they did, but what is missing has been replaced outside.
void drop_replacements(const std::string& name, pmml::Model& model) {
  auto* mining = std::get_if<pmml::MiningModel>(&model.body);
  if (mining == nullptr) return;
  for (pmml::Segment& segment : mining->segments) {
    const auto use = find_named(segment.model.mining_schema, name);
    if (use != segment.model.mining_schema.end()) use->missing_replacement.reset();
    drop_replacements(name, segment.model);
  }
}

// An input that is a new column becomes a derived field.
base::Result<void> derive(const DerivedColumn& derived, pmml::Document& document) {
  auto& schema = document.model.mining_schema;
  auto& dictionary = document.data_dictionary;
  const auto use = find_named(schema, derived.name);
  const auto data = find_named(dictionary, derived.name);
  if (data == dictionary.end()) return refuse(derived.name, "is declared nowhere");
  if (use->usage != pmml::Usage::kActive) return refuse(derived.name, "is no input");
  TRY(check_plain(*data, *use));
  if ((data->type == DataType::kString) != detail::is_text(derived))
    return refuse(derived.name, "is of another type than the column of that name");
  const bool drops = drops_unseen(*data, *use);
  if ((!data->values.empty() || !data->intervals.empty()) && !drops)
    return refuse(derived.name, "declares its values: a derived field cannot refuse others");
  const std::vector<std::string> known = pmml::valid_values(*data);
  const std::optional<std::string> replacement = use->missing_replacement;
  DerivedField field{.name = derived.name, .op_type = data->op_type, .type = data->type};
  schema.erase(use);
  dictionary.erase(data);
  drop_replacements(derived.name, document.model);
  if (drops || (replacement && !detail::is_text(derived))) {
    DerivedField before{.name = free_name(document, derived.name + " or missing")};
    if (drops) {
      before.op_type = field.op_type;
      before.type = field.type;
    }
    before.expression = detail::expression_of(derived, {});
    field.expression =
        drops
            ? mapped_text(before.name, known, replacement, replacement)
            : pmml::Expression{pmml::FieldRef{.field = before.name, .map_missing_to = replacement}};
    document.transformations.push_back(std::move(before));
  } else {
    field.expression = detail::expression_of(derived, replacement);
  }
  document.transformations.push_back(std::move(field));
  return {};
}

std::vector<const DerivedColumn*> used_columns(std::span<const DerivedColumn> columns,
                                               const pmml::Document& document) {
  std::vector<const DerivedColumn*> used;
  for (const DerivedColumn& derived : columns) {
    const auto& schema = document.model.mining_schema;
    if (find_named(schema, derived.name) != schema.end()) used.push_back(&derived);
  }
  return used;
}

}  // namespace

base::Result<pmml::Document> DerivedFeatures::attach(pmml::Document document) const {
  if (used_columns(columns_, document).empty()) return document;
  document.model.verification.reset();
  detail::ask_texts(columns_, document);
  const std::vector<const DerivedColumn*> used = used_columns(columns_, document);
  std::set<std::string> freed;
  for (const DerivedColumn* derived : used) {
    for (const std::string& name : detail::sources_of(*derived)) {
      if (!freed.insert(name).second) continue;
      TRY(free_source(name, detail::takes_numbers(*derived), vocabularies_, document));
    }
  }
  for (const DerivedColumn* derived : used) TRY(derive(*derived, document));
  return document;
}

}  // namespace learn
