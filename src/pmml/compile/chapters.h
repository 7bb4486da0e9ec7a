// SPDX-License-Identifier: Apache-2.0
// What each chapter says of itself before it scores: does it make sense, which fields does it
// compare with which values, which categories does it answer with.
#pragma once
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pmml/document/document.h"

namespace pmml {

// Questions a chapter's check may ask about the names that it uses.
class FieldChecks {
 public:
  virtual ~FieldChecks() = default;
  // Refuses a field that does not exist there; `user` is the element that names it.
  [[nodiscard]] virtual base::Result<void> field(const std::string& name,
                                                 const std::string& user) const = 0;
  // The same, and refuses a string.
  [[nodiscard]] virtual base::Result<void> numeric_field(const std::string& name,
                                                         const std::string& user) const = 0;
  [[nodiscard]] virtual base::Result<void> predicate(const Predicate& predicate,
                                                     const std::string& user) const = 0;
  [[nodiscard]] virtual base::Result<void> expression(const Expression& expression,
                                                      const std::string& user) const = 0;
  // The same, where these names mean something beside the fields.
  [[nodiscard]] virtual base::Result<void> expression_over(const Expression& expression,
                                                           const std::set<std::string>& names,
                                                           const std::string& user) const = 0;
  // An inner model that sees the same fields.
  [[nodiscard]] virtual base::Result<void> model(const Model& model) const = 0;
  // Nothing where only a row can tell.
  [[nodiscard]] virtual std::optional<DataType> type_of(const std::string& name) const = 0;
  // The values that the DataField of this name declares valid, in its order; none where it is no
  // DataField.
  [[nodiscard]] virtual std::vector<std::string> declared_values(const std::string& name) const = 0;
  // From here on there is a field of this name.
  virtual void define(const std::string& name) const = 0;
  // The model, as refusals name it.
  [[nodiscard]] virtual const std::string& where() const = 0;
  // "PMML document: <the model> <what>".
  [[nodiscard]] virtual base::Error refuse(const std::string& what) const = 0;
};

// Told of everything a chapter looks at; so are the inputs' categories and needs found.
class Mentions {
 public:
  virtual ~Mentions() = default;
  // Do the values matter that this field is compared with? A chapter may leave out others.
  [[nodiscard]] virtual bool cares_for(std::string_view field) const = 0;
  // The field is compared with this text (in the field's type).
  virtual void value(std::string_view field, const std::string& text) = 0;
  virtual void predicate(const Predicate& predicate) = 0;
  virtual void expression(const Expression& expression) = 0;
  virtual void model(const Model& model) = 0;
  // The text of the field is read, whatever it is.
  virtual void text(std::string_view field) = 0;
};

// Takes one category after the other, in the order in which ties prefer them.
using CategoryList = std::function<void(const std::string& category)>;

// Those of a whole model: of its targets, then of its chapter.
void list_categories(const Model& model, const CategoryList& category);

// "PMML document: <what>".
base::Error refuse_document(const std::string& what);

base::Result<void> check_body(const RegressionModel& body, const Model& model,
                              const FieldChecks& checks);
void mention(const RegressionModel& body, Mentions& mentions);
void list_categories(const RegressionModel& body, const Model& model, const CategoryList& category);
base::Result<void> check_body(const TreeModel& body, const Model& model, const FieldChecks& checks);
void mention(const TreeModel& body, Mentions& mentions);
void list_categories(const TreeModel& body, const Model& model, const CategoryList& category);
base::Result<void> check_body(const MiningModel& body, const Model& model,
                              const FieldChecks& checks);
void mention(const MiningModel& body, Mentions& mentions);
void list_categories(const MiningModel& body, const Model& model, const CategoryList& category);
base::Result<void> check_body(const GeneralRegressionModel& body, const Model& model,
                              const FieldChecks& checks);
void mention(const GeneralRegressionModel& body, Mentions& mentions);
void list_categories(const GeneralRegressionModel& body, const Model& model,
                     const CategoryList& category);
base::Result<void> check_body(const NaiveBayesModel& body, const Model& model,
                              const FieldChecks& checks);
void mention(const NaiveBayesModel& body, Mentions& mentions);
void list_categories(const NaiveBayesModel& body, const Model& model, const CategoryList& category);
base::Result<void> check_body(const SupportVectorMachineModel& body, const Model& model,
                              const FieldChecks& checks);
void mention(const SupportVectorMachineModel& body, Mentions& mentions);
void list_categories(const SupportVectorMachineModel& body, const Model& model,
                     const CategoryList& category);
base::Result<void> check_body(const NeuralNetwork& body, const Model& model,
                              const FieldChecks& checks);
void mention(const NeuralNetwork& body, Mentions& mentions);
void list_categories(const NeuralNetwork& body, const Model& model, const CategoryList& category);
base::Result<void> check_body(const GaussianProcessModel& body, const Model& model,
                              const FieldChecks& checks);
void mention(const GaussianProcessModel& body, Mentions& mentions);
void list_categories(const GaussianProcessModel& body, const Model& model,
                     const CategoryList& category);
base::Result<void> check_body(const Scorecard& body, const Model& model, const FieldChecks& checks);
void mention(const Scorecard& body, Mentions& mentions);
void list_categories(const Scorecard& body, const Model& model, const CategoryList& category);
base::Result<void> check_body(const RuleSetModel& body, const Model& model,
                              const FieldChecks& checks);
void mention(const RuleSetModel& body, Mentions& mentions);
void list_categories(const RuleSetModel& body, const Model& model, const CategoryList& category);
base::Result<void> check_body(const ClusteringModel& body, const Model& model,
                              const FieldChecks& checks);
void mention(const ClusteringModel& body, Mentions& mentions);
void list_categories(const ClusteringModel& body, const Model& model, const CategoryList& category);
base::Result<void> check_body(const NearestNeighborModel& body, const Model& model,
                              const FieldChecks& checks);
void mention(const NearestNeighborModel& body, Mentions& mentions);
void list_categories(const NearestNeighborModel& body, const Model& model,
                     const CategoryList& category);
base::Result<void> check_body(const AnomalyDetectionModel& body, const Model& model,
                              const FieldChecks& checks);
void mention(const AnomalyDetectionModel& body, Mentions& mentions);
void list_categories(const AnomalyDetectionModel& body, const Model& model,
                     const CategoryList& category);
base::Result<void> check_body(const AssociationModel& body, const Model& model,
                              const FieldChecks& checks);
void mention(const AssociationModel& body, Mentions& mentions);
void list_categories(const AssociationModel& body, const Model& model,
                     const CategoryList& category);
base::Result<void> check_body(const BayesianNetworkModel& body, const Model& model,
                              const FieldChecks& checks);
void mention(const BayesianNetworkModel& body, Mentions& mentions);
void list_categories(const BayesianNetworkModel& body, const Model& model,
                     const CategoryList& category);
base::Result<void> check_body(const TimeSeriesModel& body, const Model& model,
                              const FieldChecks& checks);
void mention(const TimeSeriesModel& body, Mentions& mentions);
void list_categories(const TimeSeriesModel& body, const Model& model, const CategoryList& category);
base::Result<void> check_body(const BaselineModel& body, const Model& model,
                              const FieldChecks& checks);
void mention(const BaselineModel& body, Mentions& mentions);
void list_categories(const BaselineModel& body, const Model& model, const CategoryList& category);
base::Result<void> check_body(const TextModel& body, const Model& model, const FieldChecks& checks);
void mention(const TextModel& body, Mentions& mentions);
void list_categories(const TextModel& body, const Model& model, const CategoryList& category);

}  // namespace pmml
