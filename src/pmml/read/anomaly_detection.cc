// SPDX-License-Identifier: Apache-2.0
#include "pmml/detail/anomaly_names.h"
#include "pmml/read/chapters.h"
#include "pmml/read/matrix.h"
#include "pmml/read/model.h"

namespace pmml::detail {

void read_anomaly_detection(const Element& element, Model& model, int nesting) {
  only_model(element, {"algorithmType", "sampleDataSize", "meanThreshold"},
             {"MeanClusterDistances", "AnomalyDetectionModel", "AssociationModel", "BaselineModel",
              "BayesianNetworkModel", "ClusteringModel", "GaussianProcessModel",
              "GeneralRegressionModel", "MiningModel", "NaiveBayesModel", "NearestNeighborModel",
              "NeuralNetwork", "RegressionModel", "RuleSetModel", "Scorecard",
              "SupportVectorMachineModel", "TextModel", "TimeSeriesModel", "TreeModel"});
  AnomalyDetectionModel anomaly;
  if (!element.find("algorithmType")) element.refuse("attribute algorithmType is required");
  anomaly.algorithm = element.choice("algorithmType", kAnomalyAlgorithms, AnomalyAlgorithm::kOther);
  anomaly.sample_size = element.find_number("sampleDataSize");
  anomaly.threshold = element.find_number("meanThreshold");
  if (anomaly.threshold && anomaly.algorithm != AnomalyAlgorithm::kIsolationForest)
    element.refuse("attribute meanThreshold has a meaning for algorithmType iforest only");
  for (const Element& child : element.children()) {
    if (is_model(child.name())) {
      anomaly.inner.push_back(read_model(child, nesting + 1));
    } else if (child.is("MeanClusterDistances")) {
      child.only({});
      const auto arrays = child.children();
      if (arrays.size() != 1 || !arrays[0].is("Array")) {
        child.refuse("exactly one Array is needed");
      } else {
        anomaly.mean_distances = read_numbers(arrays[0]);
      }
    }
  }
  if (anomaly.inner.size() != 1) element.refuse("exactly one model is needed inside");
  model.body = std::move(anomaly);
}

}  // namespace pmml::detail
