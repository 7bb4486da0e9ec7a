// SPDX-License-Identifier: Apache-2.0
// What is a chapter's own, in the order of the schema: attributes of the model's element, then
// children after LocalTransformations.
#pragma once
#include "pmml/document/document.h"
#include "pmml/write/text.h"

namespace pmml::detail {

void write_attributes(const RegressionModel& model, XmlText& xml);
void write_body(const RegressionModel& model, XmlText& xml);
void write_attributes(const TreeModel& model, XmlText& xml);
void write_body(const TreeModel& model, XmlText& xml);
void write_attributes(const MiningModel& model, XmlText& xml);
void write_body(const MiningModel& model, XmlText& xml);
void write_attributes(const GeneralRegressionModel& model, XmlText& xml);
void write_body(const GeneralRegressionModel& model, XmlText& xml);
void write_attributes(const NaiveBayesModel& model, XmlText& xml);
void write_body(const NaiveBayesModel& model, XmlText& xml);
void write_attributes(const SupportVectorMachineModel& model, XmlText& xml);
void write_body(const SupportVectorMachineModel& model, XmlText& xml);
void write_attributes(const NeuralNetwork& model, XmlText& xml);
void write_body(const NeuralNetwork& model, XmlText& xml);
void write_attributes(const GaussianProcessModel& model, XmlText& xml);
void write_body(const GaussianProcessModel& model, XmlText& xml);
void write_attributes(const Scorecard& model, XmlText& xml);
void write_body(const Scorecard& model, XmlText& xml);
void write_attributes(const RuleSetModel& model, XmlText& xml);
void write_body(const RuleSetModel& model, XmlText& xml);
void write_attributes(const ClusteringModel& model, XmlText& xml);
void write_body(const ClusteringModel& model, XmlText& xml);
void write_attributes(const NearestNeighborModel& model, XmlText& xml);
void write_body(const NearestNeighborModel& model, XmlText& xml);
void write_attributes(const AnomalyDetectionModel& model, XmlText& xml);
void write_body(const AnomalyDetectionModel& model, XmlText& xml);
void write_attributes(const AssociationModel& model, XmlText& xml);
void write_body(const AssociationModel& model, XmlText& xml);
void write_attributes(const BayesianNetworkModel& model, XmlText& xml);
void write_body(const BayesianNetworkModel& model, XmlText& xml);
void write_attributes(const TimeSeriesModel& model, XmlText& xml);
void write_body(const TimeSeriesModel& model, XmlText& xml);
void write_attributes(const BaselineModel& model, XmlText& xml);
void write_body(const BaselineModel& model, XmlText& xml);
void write_attributes(const TextModel& model, XmlText& xml);
void write_body(const TextModel& model, XmlText& xml);

}  // namespace pmml::detail
