// SPDX-License-Identifier: Apache-2.0
// What the fields of one model mean while one row is interpreted: its own derived fields, its
// MiningSchema's view of the outer model's fields, and results of earlier segments. Each field is
// computed once a row, when first asked for.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "pmml/document/document.h"
#include "pmml/interpret/history.h"
#include "pmml/interpret/neighbor_table.h"
#include "pmml/interpret/network_plan.h"
#include "pmml/interpret/patterns.h"
#include "pmml/interpret/text_index.h"
#include "pmml/interpret/value.h"

namespace pmml {

// Names of a document and of one model in it, found by hash.
class Names {
 public:
  explicit Names(const Document& document);
  Names(const Names&) = delete;
  Names& operator=(const Names&) = delete;
  [[nodiscard]] const DataField* data_field(std::string_view name) const;
  [[nodiscard]] const DerivedField* derived_field(
      std::string_view name) const;  // Of the TransformationDictionary.
  [[nodiscard]] const DefineFunction* function(std::string_view name) const;
  [[nodiscard]] const DerivedField* local_field(const Model& model, std::string_view name) const;
  [[nodiscard]] const MiningField* mining_field(const Model& model, std::string_view name) const;
  [[nodiscard]] const Patterns& patterns() const { return patterns_; }
  [[nodiscard]] const TextIndexer& text_indexer(const TextFrequency& index) const;
  [[nodiscard]] const Memories& memories() const { return memories_; }
  // Of a NearestNeighborModel.
  [[nodiscard]] const NeighborTable& neighbor_table(const Model& model) const {
    return *neighbor_tables_.at(&model);
  }
  // Of a BayesianNetworkModel.
  [[nodiscard]] const NetworkPlan& network_plan(const Model& model) const {
    return *network_plans_.at(&model);
  }
  [[nodiscard]] const NeighborTables& neighbor_tables() const { return neighbor_tables_; }

 private:
  struct ModelNames {
    std::unordered_map<std::string_view, const DerivedField*> local;
    std::unordered_map<std::string_view, const MiningField*> mining;
  };
  void add(const Model& model);
  void add(const Expression& expression);
  std::unordered_map<std::string_view, const DataField*> data_;
  std::unordered_map<std::string_view, const DerivedField*> derived_;
  std::unordered_map<std::string_view, const DefineFunction*> functions_;
  std::unordered_map<const Model*, ModelNames> models_;
  Patterns patterns_;
  std::unordered_map<const TextFrequency*, TextIndexer> text_indexers_;
  Memories memories_;
  NeighborTables neighbor_tables_;
  NetworkPlans network_plans_;
};

// The row: prepared values of the outermost model's active fields; and why the row is invalid, if
// it is.
struct Row {
  std::unordered_map<std::string_view, Value> values;
  std::unordered_map<std::string_view, Value> actuals;  // Of targets, where the row holds them.
  History* history = nullptr;                           // Null: no row came before.
  // The text that each TextIndex met last, and what it made of it.
  std::unordered_map<const TextFrequency*, std::pair<std::string, IndexedText>> texts;
  std::optional<std::string> failure;
};

class Scope {
 public:
  Scope(const Names& names, const Model& model, Row& row, Scope* outer)
      : names_(names), model_(model), row_(row), outer_(outer) {}

  const Value& lookup(const std::string& field);
  // What a target really was; null where the row does not say.
  [[nodiscard]] const Value* actual(const std::string& target) const;
  void define(const std::string& name, Value value) { known_[name] = std::move(value); }
  void fail(std::string reason) {
    if (!row_.failure) row_.failure = std::move(reason);
  }
  [[nodiscard]] const Names& names() const { return names_; }
  [[nodiscard]] const Model& model() const { return model_; }
  [[nodiscard]] Row& row() { return row_; }
  [[nodiscard]] bool failed() const { return row_.failure.has_value(); }
  // The model's own derived field that a name means; null where it means something outside the
  // model. A field of the TransformationDictionary does not see the models' own; in the expression
  // of a model's own field, its name is the field outside that it hides.
  [[nodiscard]] const DerivedField* local_field(std::string_view field) const;

 private:
  Value resolve(const std::string& field);
  Value derive(const DerivedField& field, bool of_dictionary);
  [[nodiscard]] bool looks_past(const DerivedField& local) const;
  const Names& names_;
  const Model& model_;
  Row& row_;
  Scope* outer_;
  std::unordered_map<std::string, Value> known_;
  std::unordered_map<std::string, Value> hidden_;  // What the names of own fields mean outside.
  struct Evaluated {
    const DerivedField* field = nullptr;
    bool of_dictionary = false;
  };
  Evaluated evaluated_;  // The derived field being computed, if one is.
};

// Stands for a text that the row does not spell out and the model does not name. It is equal to no
// text; an expression that reads it refuses the row.
inline constexpr std::string_view kUnlistedText = "\x01 unlisted";

// The value of a raw input after its DataField and MiningField: missing, then invalid, then
// outliers. `text` is what the file or the category says, `number` what a numeric cell holds;
// neither: missing. Nothing: the row is invalid.
struct RawInput {
  bool missing = true;
  bool unreadable = false;  // A cell that is known to be no value of the field.
  std::optional<double> number = {};
  std::string_view text = {};
};
std::optional<Value> prepare(const DataField& field, const MiningField& mining,
                             const RawInput& raw);

// Is the value one that the DataField declares valid?
bool is_valid(const DataField& field, OpType op_type, const Value& value);

// The rank of a value of an ordinal field in the order its field declares; nothing for other
// fields.
std::optional<double> ordinal_rank(const Scope& scope, std::string_view field, const Value& value);

}  // namespace pmml
