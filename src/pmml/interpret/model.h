// SPDX-License-Identifier: Apache-2.0
// One function per chapter; evaluate() is the whole of a model: body, Targets, Output.
#pragma once
#include <string>

#include "pmml/interpret/outcome.h"
#include "pmml/interpret/scope.h"

namespace pmml {

Outcome evaluate(const Model& model, Scope& scope);

Outcome evaluate_body(const RegressionModel& regression, const Model& model, Scope& scope);
Outcome evaluate_body(const TreeModel& tree, const Model& model, Scope& scope);
Outcome evaluate_body(const MiningModel& mining, const Model& model, Scope& scope);
Outcome evaluate_body(const GeneralRegressionModel& body, const Model& model, Scope& scope);
Outcome evaluate_body(const NaiveBayesModel& body, const Model& model, Scope& scope);
Outcome evaluate_body(const SupportVectorMachineModel& body, const Model& model, Scope& scope);
Outcome evaluate_body(const NeuralNetwork& body, const Model& model, Scope& scope);
Outcome evaluate_body(const GaussianProcessModel& body, const Model& model, Scope& scope);
Outcome evaluate_body(const Scorecard& body, const Model& model, Scope& scope);
Outcome evaluate_body(const RuleSetModel& body, const Model& model, Scope& scope);
Outcome evaluate_body(const ClusteringModel& body, const Model& model, Scope& scope);
Outcome evaluate_body(const NearestNeighborModel& body, const Model& model, Scope& scope);
Outcome evaluate_body(const AnomalyDetectionModel& body, const Model& model, Scope& scope);
Outcome evaluate_body(const AssociationModel& body, const Model& model, Scope& scope);
Outcome evaluate_body(const BayesianNetworkModel& body, const Model& model, Scope& scope);
Outcome evaluate_body(const TimeSeriesModel& body, const Model& model, Scope& scope);
Outcome evaluate_body(const BaselineModel& body, const Model& model, Scope& scope);
Outcome evaluate_body(const TextModel& body, const Model& model, Scope& scope);
void apply_targets(const Model& model, Outcome& outcome, Scope& scope);
void evaluate_output(const Model& model, Outcome& outcome, Scope& scope);

// The model's target field: its MiningField of usage target, or empty.
const std::string& target_of(const Model& model);
// The Target element for it; null where there is none.
const Target* target_element(const Model& model);
// The prediction as a value of the target's type.
Value predicted_value(const Outcome& outcome, const std::string& target, const Names& names);

}  // namespace pmml
