// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/out_of_fold.h"

#include <cmath>

#include "data/split.h"
#include "learn/detail/problem.h"

namespace learn::detail {

base::Result<std::vector<std::uint16_t>> calibration_folds(std::span<const std::uint8_t> labels,
                                                           std::span<const double> weights,
                                                           std::uint64_t seed) {
  auto folds = data::stratified_folds(labels, kCalibrationFolds, seed);
  if (!folds)
    return base::input_error("probabilities need rows held out of the fit: " +
                             folds.error().message);
  for (int fold = 0; !weights.empty() && fold < kCalibrationFolds; ++fold) {
    double left[2] = {0, 0};
    for (std::size_t i = 0; i < labels.size(); ++i)
      left[labels[i]] += (*folds)[i] == fold ? 0 : weights[i];
    if (left[0] == 0 || left[1] == 0)
      return base::input_error(
          "probabilities need rows held out of the fit: without a third of the rows one class has "
          "no weight left");
  }
  return folds;
}

base::Result<Sigmoid> calibrating_sigmoid(std::span<const double> values,
                                          std::span<const std::uint8_t> labels,
                                          std::span<const double> weights,
                                          std::vector<std::string>& notes) {
  TRY_ASSIGN(Sigmoid sigmoid, fit_sigmoid({values, labels, weights}));
  if (sigmoid.slope >= 0) return sigmoid;
  double total = 0, positive = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double weight = weights.empty() ? 1 : weights[i];
    total += weight;
    positive += labels[i] != 0 ? weight : 0;
  }
  notes.emplace_back(
      "on rows it has not seen the model is no better than chance: every row gets the share of "
      "positives as its probability");
  return Sigmoid{.slope = 0, .offset = std::log(positive / (total - positive))};
}

}  // namespace learn::detail
