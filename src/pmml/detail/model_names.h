// SPDX-License-Identifier: Apache-2.0
// The element of each kind of model.
#pragma once
#include <string_view>

#include "pmml/document/document.h"

namespace pmml::detail {

constexpr std::string_view element_of(const RegressionModel&) { return "RegressionModel"; }
constexpr std::string_view element_of(const TreeModel&) { return "TreeModel"; }
constexpr std::string_view element_of(const MiningModel&) { return "MiningModel"; }
constexpr std::string_view element_of(const GeneralRegressionModel&) {
  return "GeneralRegressionModel";
}
constexpr std::string_view element_of(const NaiveBayesModel&) { return "NaiveBayesModel"; }
constexpr std::string_view element_of(const SupportVectorMachineModel&) {
  return "SupportVectorMachineModel";
}
constexpr std::string_view element_of(const NeuralNetwork&) { return "NeuralNetwork"; }
constexpr std::string_view element_of(const GaussianProcessModel&) {
  return "GaussianProcessModel";
}
constexpr std::string_view element_of(const Scorecard&) { return "Scorecard"; }
constexpr std::string_view element_of(const RuleSetModel&) { return "RuleSetModel"; }
constexpr std::string_view element_of(const ClusteringModel&) { return "ClusteringModel"; }
constexpr std::string_view element_of(const NearestNeighborModel&) {
  return "NearestNeighborModel";
}
constexpr std::string_view element_of(const AnomalyDetectionModel&) {
  return "AnomalyDetectionModel";
}
constexpr std::string_view element_of(const AssociationModel&) { return "AssociationModel"; }
constexpr std::string_view element_of(const BayesianNetworkModel&) {
  return "BayesianNetworkModel";
}
constexpr std::string_view element_of(const TimeSeriesModel&) { return "TimeSeriesModel"; }
constexpr std::string_view element_of(const BaselineModel&) { return "BaselineModel"; }
constexpr std::string_view element_of(const TextModel&) { return "TextModel"; }

}  // namespace pmml::detail
