// SPDX-License-Identifier: Apache-2.0
#include "pmml/detail/text_weights.h"

#include <algorithm>
#include <cmath>

namespace pmml::detail {
namespace {

double local_weight(LocalTermWeights weights, double count, double largest) {
  const double occurs = count > 0 ? 1 : 0;
  switch (weights) {
    case LocalTermWeights::kTermFrequency:
      return count;
    case LocalTermWeights::kBinary:
      return occurs;
    case LocalTermWeights::kLogarithmic:
      return std::log10(1 + count);
    case LocalTermWeights::kAugmentedNormalized:
      return largest > 0 ? (occurs + count / largest) / 2 : 0;
  }
  return 0;
}

double global_weight(const TextModel& model, std::size_t term) {
  const auto documents = static_cast<double>(model.counts.rows);
  double sum = 0;
  double squares = 0;
  double occurs = 0;
  for (std::size_t d = 0; d < model.counts.rows; ++d) {
    const double count = model.counts.at(d, term);
    sum += count;
    squares += count * count;
    occurs += count > 0 ? 1 : 0;
  }
  if (model.global == GlobalTermWeights::kNone) return 1;
  if (occurs == 0) return 0;
  switch (model.global) {
    case GlobalTermWeights::kInverseDocumentFrequency:
      return std::log10(documents / occurs);
    case GlobalTermWeights::kGfIdf:
      return sum / occurs;
    case GlobalTermWeights::kNormal:
      return 1 / std::sqrt(squares);
    case GlobalTermWeights::kProbabilisticInverse:
      // A term of every document says nothing, where the formula has no value.
      return occurs == documents ? 0 : std::log10((documents - occurs) / occurs);
    case GlobalTermWeights::kNone:
      break;
  }
  return 1;
}

}  // namespace

std::vector<double> weighted_terms(const TextModel& model, std::span<const double> counts) {
  std::vector<double> weights(counts.size());
  const double largest = counts.empty() ? 0 : *std::ranges::max_element(counts);
  double squares = 0;
  for (std::size_t t = 0; t < counts.size(); ++t) {
    weights[t] = local_weight(model.local, counts[t], largest) * model.global_weights[t];
    squares += weights[t] * weights[t];
  }
  if (model.normalized && squares > 0) {
    const double length = std::sqrt(squares);
    for (double& weight : weights) weight /= length;
  }
  return weights;
}

void weigh(TextModel& model) {
  model.global_weights.resize(model.counts.columns);
  for (std::size_t t = 0; t < model.counts.columns; ++t)
    model.global_weights[t] = global_weight(model, t);
  model.weighted = {.rows = model.counts.rows, .columns = model.counts.columns};
  model.weighted.values.reserve(model.counts.values.size());
  const std::span<const double> counts = model.counts.values;
  for (std::size_t d = 0; d < model.counts.rows; ++d) {
    const auto row =
        weighted_terms(model, counts.subspan(d * model.counts.columns, model.counts.columns));
    model.weighted.values.insert(model.weighted.values.end(), row.begin(), row.end());
  }
}

bool uses_logarithm(const TextModel& model) {
  return model.local == LocalTermWeights::kLogarithmic ||
         model.global == GlobalTermWeights::kInverseDocumentFrequency ||
         model.global == GlobalTermWeights::kProbabilisticInverse;
}

}  // namespace pmml::detail
