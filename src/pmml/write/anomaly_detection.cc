// SPDX-License-Identifier: Apache-2.0
#include "pmml/detail/anomaly_names.h"
#include "pmml/write/chapters.h"
#include "pmml/write/matrix.h"
#include "pmml/write/model.h"

namespace pmml::detail {

void write_attributes(const AnomalyDetectionModel& anomaly, XmlText& xml) {
  xml.choice("algorithmType", kAnomalyAlgorithms, anomaly.algorithm);
  xml.optional_number("sampleDataSize", anomaly.sample_size);
  xml.optional_number("meanThreshold", anomaly.threshold);
}

void write_body(const AnomalyDetectionModel& anomaly, XmlText& xml) {
  write_model(anomaly.inner[0], xml);
  if (anomaly.mean_distances.empty()) return;
  xml.open("MeanClusterDistances");
  write_number_array(anomaly.mean_distances, xml);
  xml.close();
}

}  // namespace pmml::detail
