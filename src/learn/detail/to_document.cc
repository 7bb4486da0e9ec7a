// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/to_document.h"

#include <utility>

#include "learn/detail/frame.h"
#include "pmml/document/decision.h"

namespace learn::detail {

pmml::Document to_document(const Design& design, const LogisticFit& fit, const Labels& labels,
                           double threshold, const std::string& name,
                           const std::string& algorithm) {
  pmml::Document document = frame(design.inputs, labels, algorithm, name);
  pmml::RegressionTable positive, negative;
  positive.target_category = labels.positive;
  positive.intercept = fit.intercept;
  negative.target_category = labels.negative;
  for (std::size_t j = 0; j < design.meanings.size(); ++j) {
    const Meaning& meaning = design.meanings[j];
    if (meaning.value) {
      positive.categorical.push_back(
          {.field = meaning.column, .value = *meaning.value, .coefficient = fit.weights[j]});
    } else {
      positive.numeric.push_back(
          {.field = meaning.column, .exponent = 1, .coefficient = fit.weights[j]});
    }
  }
  pmml::RegressionModel regression;
  regression.normalization = pmml::Normalization::kLogit;
  regression.tables.push_back(std::move(positive));
  regression.tables.push_back(std::move(negative));
  document.model.body = std::move(regression);
  pmml::add_decision(document, labels.positive, threshold);
  return document;
}

}  // namespace learn::detail
