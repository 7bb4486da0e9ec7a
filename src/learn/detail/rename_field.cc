// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/rename_field.h"

#include <type_traits>
#include <utility>

namespace learn::detail {
namespace {

class Renamer {
 public:
  Renamer(const std::string& from, const std::string& to, std::set<std::string>& named)
      : from_(from), to_(to), named_(named) {}

  void expression(pmml::Expression& expression) {
    std::visit([this](auto& is) { one(is); }, expression.is);
  }

  base::Result<void> model(pmml::Model& model, bool outermost) {
    if (!outermost) {
      for (pmml::MiningField& field : model.mining_schema) {
        if (!name(field.name)) continue;
        field.missing_replacement.reset();
      }
    }
    for (pmml::DerivedField& field : model.local_transformations) {
      if (field.name == from_) {
        return refuse("hides the field '" + from_ + "' by one of its own");
      }
      expression(field.expression);
    }
    for (pmml::OutputField& field : model.output) {
      if (field.expression) expression(*field.expression);
    }
    return std::visit([this](auto& body) { return chapter(body); }, model.body);
  }

 private:
  base::Error refuse(const std::string& what) const {
    return base::input_error("the document " + what +
                             ", so that nothing can be computed from it beside the model");
  }

  bool name(std::string& field) const {
    if (field != from_) return false;
    field = to_;
    return true;
  }
  void compared(std::string& field, const std::string& value) {
    if (name(field)) named_.insert(value);
  }

  void one(pmml::Constant&) {}
  void one(pmml::FieldRef& reference) { name(reference.field); }
  void one(pmml::NormContinuous& norm) { name(norm.field); }
  void one(pmml::NormDiscrete& norm) { compared(norm.field, norm.value); }
  void one(pmml::Discretize& discretize) { name(discretize.field); }
  void one(pmml::MapValues& map) {
    for (std::size_t c = 0; c < map.columns.size(); ++c) {
      if (!name(map.columns[c].field)) continue;
      for (const pmml::MapValues::Row& row : map.rows) named_.insert(row.keys[c]);
    }
  }
  void one(pmml::Apply& apply) {
    for (pmml::Expression& argument : apply.arguments) expression(argument);
  }
  void one(pmml::TextFrequency& frequency) {
    name(frequency.text_field);
    for (pmml::Expression& term : frequency.term) expression(term);
  }
  void one(pmml::Lag& lag) {
    name(lag.field);
    for (std::string& field : lag.block_indicators) name(field);
  }
  void one(pmml::Aggregate& aggregate) {
    name(aggregate.field);
    if (aggregate.group_field) name(*aggregate.group_field);
  }

  void predicate(pmml::Predicate& predicate) {
    if (auto* simple = std::get_if<pmml::SimplePredicate>(&predicate.is)) {
      compared(simple->field, simple->value);
    } else if (auto* set = std::get_if<pmml::SimpleSetPredicate>(&predicate.is)) {
      if (name(set->field)) named_.insert(set->values.begin(), set->values.end());
    } else if (auto* compound = std::get_if<pmml::CompoundPredicate>(&predicate.is)) {
      for (pmml::Predicate& child : compound->children) this->predicate(child);
    }
  }

  base::Result<void> chapter(pmml::RegressionModel& regression) {
    for (pmml::RegressionTable& table : regression.tables) {
      for (auto& predictor : table.numeric) name(predictor.field);
      for (auto& predictor : table.categorical) compared(predictor.field, predictor.value);
      for (auto& term : table.terms) {
        for (std::string& field : term.fields) name(field);
      }
    }
    return {};
  }
  base::Result<void> chapter(pmml::TreeModel& tree) {
    for (const pmml::TreeNode& node : tree.nodes) {
      const pmml::NodePredicate& asked = node.predicate;
      if (asked.kind == pmml::NodePredicate::Kind::kSimple && asked.value.given() &&
          tree.fields[asked.index] == from_)
        named_.insert(std::string(tree.text(asked.value)));
    }
    for (std::string& field : tree.fields) name(field);
    for (pmml::Predicate& one : tree.predicates) predicate(one);
    for (pmml::Model& embedded : tree.embedded) TRY(model(embedded, false));
    return {};
  }
  base::Result<void> chapter(pmml::MiningModel& mining) {
    for (pmml::Segment& segment : mining.segments) {
      predicate(segment.predicate);
      name(segment.variable_weight);
      TRY(model(segment.model, false));
    }
    return {};
  }
  base::Result<void> chapter(pmml::SupportVectorMachineModel& machine) {
    for (auto& field : machine.fields) {
      if (auto* indicator = std::get_if<pmml::SupportVectorMachineModel::Indicator>(&field)) {
        compared(indicator->field, indicator->value);
      } else {
        name(std::get<pmml::FieldRef>(field).field);
      }
    }
    return {};
  }
  base::Result<void> chapter(pmml::NaiveBayesModel& bayes) {
    for (pmml::NaiveBayesModel::Input& input : bayes.inputs) {
      for (const auto& pair : input.pairs) {
        if (input.field == from_) named_.insert(pair.value);
      }
      name(input.field);
      if (input.discretize) expression(input.discretize->expression);
    }
    return {};
  }
  base::Result<void> chapter(pmml::NeuralNetwork& network) {
    for (pmml::NeuralNetwork::Input& input : network.inputs) expression(input.field.expression);
    return {};
  }
  template <class Chapter>
  base::Result<void> chapter(Chapter&) {
    return refuse("replaces missing values of the field '" + from_ +
                  "' in a model that is neither a regression, a tree, a support vector machine, a "
                  "naive Bayes model, a neural network nor made of them");
  }

  const std::string& from_;
  const std::string& to_;
  std::set<std::string>& named_;
};

}  // namespace

base::Result<void> rename_field(pmml::Document& document, const std::string& from,
                                const std::string& to, std::set<std::string>& named) {
  Renamer renamer(from, to, named);
  for (pmml::DerivedField& field : document.transformations) renamer.expression(field.expression);
  return renamer.model(document.model, true);
}

}  // namespace learn::detail
