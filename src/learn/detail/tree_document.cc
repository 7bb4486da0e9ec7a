// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/tree_document.h"

#include <algorithm>
#include <utility>

#include "base/number.h"
#include "learn/detail/frame.h"
#include "pmml/document/decision.h"

namespace learn::detail {
namespace {

class TreeWriter {
 public:
  TreeWriter(const Tree& tree, const Binned& binned, const Labels& labels, bool classifies)
      : tree_(tree), binned_(binned), labels_(labels), classifies_(classifies) {}

  // A model of its own, with a MiningSchema of the columns it looks at.
  pmml::Model write() {
    pmml::Model model;
    model.function =
        classifies_ ? pmml::MiningFunction::kClassification : pmml::MiningFunction::kRegression;
    model.mining_schema = schema();
    pmml::TreeModel body;
    body.missing_value_strategy = pmml::MissingValueStrategy::kDefaultChild;
    body.no_true_child_strategy = pmml::NoTrueChildStrategy::kReturnNullPrediction;
    body.binary_splits = true;
    body.nodes.reserve(tree_.nodes.size());
    body.nodes.emplace_back();
    struct Waiting {
      std::uint32_t node;
      std::size_t parent;
      bool left;
    };
    std::vector<Waiting> waiting;
    const auto fill = [&](std::uint32_t from, std::size_t to) {
      const TreeNode& node = tree_.nodes[from];
      if (node.left == kNoChild) return fill_leaf(node, body, body.nodes[to]);
      waiting.push_back({node.right, to, false});
      waiting.push_back({node.left, to, true});
    };
    fill(0, 0);
    while (!waiting.empty()) {
      const Waiting next = waiting.back();
      waiting.pop_back();
      const std::size_t at = body.nodes.size();
      add_child(next.parent, at, next.left, parent_of_[next.parent], body);
      fill_parent(at, next.node);
      fill(next.node, at);
    }
    body.set_ends(parents_);
    model.body = std::move(body);
    return model;
  }

 private:
  void fill_parent(std::size_t at, std::uint32_t node) {
    parent_of_.resize(at + 1);
    parent_of_[at] = node;
  }

  void add_child(std::size_t parent, std::size_t at, bool left, std::uint32_t from,
                 pmml::TreeModel& body) {
    const TreeNode& node = tree_.nodes[from];
    pmml::TreeNode child;
    child.predicate = body.add_predicate(left ? goes_left(node) : pmml::Predicate{pmml::True{}});
    if (left == node.missing_left) {
      child.id = body.add_text(std::to_string(at));
      body.nodes[parent].default_child = child.id;
    }
    parents_.push_back(static_cast<std::uint32_t>(parent));
    body.nodes.push_back(child);
  }

  // Where it is false the second child follows, which so asks nothing; where it is unknown, the
  // default child does.
  [[nodiscard]] pmml::Predicate goes_left(const TreeNode& node) const {
    const BinnedColumn& column = binned_.columns[node.column];
    using enum pmml::Comparison;
    if (node.set != kNoSet) {
      // Whichever list is shorter.
      pmml::SimpleSetPredicate in{.field = column.name};
      pmml::SimpleSetPredicate out{.field = column.name, .is_in = false};
      for (std::size_t i = 0; i < column.categories.size(); ++i) {
        const bool left = holds(tree_.sets[node.set], column.category_bin[i]);
        (left ? in : out).values.push_back(column.categories[i]);
      }
      if (out.values.empty()) return {pmml::SimplePredicate{column.name, kIsNotMissing, {}}};
      if (in.values.size() <= out.values.size()) return {std::move(in)};
      return {std::move(out)};
    }
    if (node.bin + std::size_t{1} >= (node.fine ? column.fine->bins : column.bins))
      return {pmml::SimplePredicate{column.name, kIsNotMissing, {}}};
    const std::vector<double>& edges = node.fine ? column.fine->edges : column.edges;
    return {pmml::SimplePredicate{column.name, kLessOrEqual, base::format_double(edges[node.bin])}};
  }

  void fill_leaf(const TreeNode& leaf, pmml::TreeModel& body, pmml::TreeNode& node) const {
    if (!classifies_) {
      node.score = body.add_text(base::format_double(leaf.value));
      return;
    }
    node.score = body.add_text(leaf.value > 1 - leaf.value ? labels_.positive : labels_.negative);
    const pmml::ScoreDistribution distribution[] = {
        {.value = labels_.negative,
         .record_count = leaf.curvature - leaf.gradient,
         .probability = 1 - leaf.value},
        {.value = labels_.positive, .record_count = leaf.gradient, .probability = leaf.value}};
    body.set_distribution(node, distribution);
  }

  [[nodiscard]] std::vector<pmml::MiningField> schema() const {
    std::vector<std::uint32_t> used;
    for (const TreeNode& node : tree_.nodes) {
      if (node.left != kNoChild) used.push_back(node.column);
    }
    std::sort(used.begin(), used.end());
    used.erase(std::unique(used.begin(), used.end()), used.end());
    std::vector<pmml::MiningField> fields;
    for (const std::uint32_t column : used)
      fields.push_back({.name = binned_.columns[column].name});
    return fields;
  }

  const Tree& tree_;
  const Binned& binned_;
  const Labels& labels_;
  bool classifies_;
  std::vector<std::uint32_t> parents_ = {0};    // For each written node the one above it,
  std::vector<std::uint32_t> parent_of_ = {0};  // and the node of the tree.
};

std::vector<std::uint32_t> used_columns(const Ensemble& ensemble, const Binned& binned) {
  std::vector<bool> used(binned.columns.size());
  for (const Tree& tree : ensemble.trees) {
    for (const TreeNode& node : tree.nodes) {
      if (node.left != kNoChild) used[node.column] = true;
    }
  }
  std::vector<std::uint32_t> columns;
  for (std::uint32_t column = 0; column < used.size(); ++column) {
    if (used[column]) columns.push_back(column);
  }
  return columns;
}

// A text that training has not seen is no value of the field, and such ones count as missing.
void declare_texts(const BinnedColumn& column, pmml::DataField& field, pmml::MiningField& use) {
  for (const std::string& category : column.categories)
    field.values.emplace_back().value = category;
  use.invalid_treatment = pmml::InvalidTreatment::kAsMissing;
}

pmml::Document document_frame(const Ensemble& ensemble, const BinnedSet& set,
                              const std::string& algorithm, const std::string& name) {
  const std::vector<std::uint32_t> used = used_columns(ensemble, *set.table);
  std::vector<Input> inputs;
  for (const std::uint32_t column : used) {
    inputs.push_back(
        {set.table->columns[column].name, set.table->columns[column].numeric, std::nullopt});
  }
  pmml::Document document = frame(inputs, *set.labels, algorithm, name);
  for (const std::uint32_t at : used) {
    const BinnedColumn& column = set.table->columns[at];
    if (column.numeric) continue;
    for (pmml::DataField& field : document.data_dictionary) {
      if (field.name != column.name) continue;
      for (pmml::MiningField& use : document.model.mining_schema) {
        if (use.name == column.name) declare_texts(column, field, use);
      }
    }
  }
  return document;
}

pmml::MiningModel trees_of(const Ensemble& ensemble, const BinnedSet& set, bool classifies) {
  pmml::MiningModel mining;
  mining.method =
      classifies ? pmml::MultipleModelMethod::kAverage : pmml::MultipleModelMethod::kSum;
  for (const Tree& tree : ensemble.trees) {
    mining.segments.push_back(
        {.id = std::to_string(mining.segments.size() + 1),
         .model = TreeWriter(tree, *set.table, *set.labels, classifies).write()});
  }
  return mining;
}

std::vector<pmml::MiningField> active_fields(const pmml::Model& model) {
  std::vector<pmml::MiningField> fields;
  for (const pmml::MiningField& field : model.mining_schema) {
    if (field.usage == pmml::Usage::kActive) fields.push_back({.name = field.name});
  }
  return fields;
}

// A name for the sum that no field has.
std::string name_of_sum(const pmml::Model& model) {
  std::string name = "log-odds of trees";
  while (std::any_of(model.mining_schema.begin(), model.mining_schema.end(),
                     [&](const pmml::MiningField& field) { return field.name == name; }))
    name = "(" + name + ")";
  return name;
}

pmml::MiningModel chain(const Ensemble& ensemble, const BinnedSet& set, const pmml::Model& outer) {
  const std::string log_odds = name_of_sum(outer);
  pmml::Model sum;
  sum.function = pmml::MiningFunction::kRegression;
  sum.mining_schema = active_fields(outer);
  sum.body = trees_of(ensemble, set, false);
  sum.output.push_back({.name = log_odds,
                        .op_type = pmml::OpType::kContinuous,
                        .type = pmml::DataType::kDouble,
                        .feature = pmml::ResultFeature::kPredictedValue,
                        .is_final = false});
  pmml::Model logit;
  logit.function = pmml::MiningFunction::kClassification;
  logit.mining_schema.push_back({.name = set.labels->column, .usage = pmml::Usage::kTarget});
  logit.mining_schema.push_back({.name = log_odds});
  pmml::RegressionModel regression;
  regression.normalization = pmml::Normalization::kLogit;
  regression.tables.push_back({.intercept = ensemble.base,
                               .target_category = set.labels->positive,
                               .numeric = {{.field = log_odds, .coefficient = 1}}});
  regression.tables.push_back({.target_category = set.labels->negative});
  logit.body = std::move(regression);
  pmml::MiningModel mining;
  mining.method = pmml::MultipleModelMethod::kModelChain;
  mining.segments.push_back({.id = "1", .model = std::move(sum)});
  mining.segments.push_back({.id = "2", .model = std::move(logit)});
  return mining;
}

}  // namespace

Trained to_trained(const Ensemble& ensemble, const BinnedSet& set, const std::string& algorithm,
                   const std::string& name, std::vector<std::string> notes) {
  Trained trained;
  trained.document = document_frame(ensemble, set, algorithm, name);
  pmml::Model& model = trained.document.model;
  switch (ensemble.kind) {
    case Ensemble::Kind::kTree: {
      pmml::Model tree = TreeWriter(ensemble.trees.front(), *set.table, *set.labels, true).write();
      model.body = std::move(tree.body);
      break;
    }
    case Ensemble::Kind::kMean:
      model.body = trees_of(ensemble, set, true);
      break;
    case Ensemble::Kind::kLogit:
      model.body = chain(ensemble, set, model);
      break;
  }
  for (const std::string& category : {set.labels->negative, set.labels->positive}) {
    model.output.push_back({.name = "probability(" + category + ")",
                            .op_type = pmml::OpType::kContinuous,
                            .type = pmml::DataType::kDouble,
                            .feature = pmml::ResultFeature::kProbability,
                            .value = category});
  }
  pmml::add_decision(trained.document, set.labels->positive, 0.5);
  const std::vector<double> shares = gain_shares(ensemble, *set.table);
  for (std::size_t i = 0; i < shares.size(); ++i)
    trained.importance.push_back({set.table->given[i]->name(), shares[i]});
  trained.notes = set.table->notes;
  trained.notes.insert(trained.notes.end(), notes.begin(), notes.end());
  return trained;
}

}  // namespace learn::detail
