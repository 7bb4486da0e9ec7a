// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "pmml/detail/arithmetic.h"
#include "pmml/interpret/comparison.h"
#include "pmml/interpret/model.h"
#include "pmml/interpret/neighbor_table.h"

namespace pmml {
namespace {

constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();
constexpr double kNoSuchText = -1;  // No training record has it.

struct Neighbor {
  std::size_t record;
  double affinity;
};

double coordinate_of(const ComparisonField& input, const NeighborTable::Input& known,
                     const ComparisonMeasure& measure, Scope& scope) {
  const Value& value = scope.lookup(input.field);
  if (value.missing) return kAbsent;
  if (known.is_text) {
    const auto code = known.codes.find(to_text(value));
    return code == known.codes.end() ? kNoSuchText : code->second;
  }
  const auto number = cast(value, DataType::kDouble);
  if (!number) scope.fail("field '" + input.field + "' is not a number");
  if (number && is_binary(measure.measure) && number->number != 0 && number->number != 1)
    scope.fail("field '" + input.field + "' is neither 0 nor 1");
  return number ? number->number : kAbsent;
}

// The nearest first; of equally near ones the first in the table. Empty where the row cannot be
// compared.
std::vector<Neighbor> nearest(const NearestNeighborModel& neighbors, const NeighborTable& table,
                              const Model& model, Scope& scope) {
  std::vector<double> row;
  for (std::size_t i = 0; i < neighbors.inputs.size(); ++i)
    row.push_back(coordinate_of(neighbors.inputs[i], table.inputs[i], neighbors.measure, scope));
  const double factor = adjustment(row, {}, model.math);
  if (std::isnan(factor) || scope.failed()) return {};
  std::vector<Neighbor> all;
  all.reserve(table.ids.size());
  for (std::size_t r = 0; r < table.ids.size(); ++r) {
    all.push_back({r, affinity(neighbors.measure, neighbors.inputs, row, table.record(r), factor,
                               model.math)});
    if (std::isnan(all.back().affinity)) return {};
  }
  const auto nearer = [&](const Neighbor& a, const Neighbor& b) {
    if (a.affinity != b.affinity)
      return neighbors.measure.similarity ? a.affinity > b.affinity : a.affinity < b.affinity;
    return a.record < b.record;
  };
  const auto k = static_cast<std::ptrdiff_t>(std::min(neighbors.neighbors, all.size()));
  std::ranges::partial_sort(all, all.begin() + k, nearer);
  all.resize(static_cast<std::size_t>(k));
  return all;
}

template <class Real>
Real weight_of(const Neighbor& neighbor, double threshold) {
  return Real{1} / (static_cast<Real>(neighbor.affinity) + static_cast<Real>(threshold));
}

template <class Real>
double continuous_answer(const NearestNeighborModel& neighbors,
                         const std::vector<Neighbor>& nearest,
                         const NeighborTable::Target& target) {
  std::vector<Real> values;
  for (const Neighbor& neighbor : nearest)
    values.push_back(static_cast<Real>(target.numbers[neighbor.record]));
  if (neighbors.continuous == ContinuousScoring::kMedian)
    return static_cast<double>(detail::median(std::span<Real>(values)));
  const bool weighted = neighbors.continuous == ContinuousScoring::kWeightedAverage;
  Real sum = 0;
  Real weights = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Real weight = weighted ? weight_of<Real>(nearest[i], neighbors.threshold) : Real{1};
    sum += weight * values[i];
    weights += weight;
  }
  return static_cast<double>(sum / weights);
}

// The share of the neighbours' votes, by category in the order of the training records.
template <class Real>
std::vector<double> shares(const NearestNeighborModel& neighbors,
                           const std::vector<Neighbor>& nearest,
                           const NeighborTable::Target& target) {
  const bool weighted = neighbors.categorical == CategoricalScoring::kWeightedMajorityVote;
  std::vector<Real> votes(target.categories.size(), Real{0});
  Real all = 0;
  for (const Neighbor& neighbor : nearest) {
    const Real weight = weighted ? weight_of<Real>(neighbor, neighbors.threshold) : Real{1};
    votes[target.category_of[neighbor.record]] += weight;
    all += weight;
  }
  std::vector<double> result;
  for (const Real vote : votes) result.push_back(static_cast<double>(vote / all));
  return result;
}

// Most votes; then the category with most training records; then the smallest in lexical order.
std::size_t winner(const std::vector<double>& votes, const NeighborTable::Target& target) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < votes.size(); ++i) {
    if (votes[i] != votes[best]) {
      if (votes[i] > votes[best]) best = i;
    } else if (target.counts[i] != target.counts[best]) {
      if (target.counts[i] > target.counts[best]) best = i;
    } else if (target.categories[i] < target.categories[best]) {
      best = i;
    }
  }
  return best;
}

template <class Real>
Outcome answer(const NearestNeighborModel& neighbors, const std::vector<Neighbor>& nearest,
               const NeighborTable::Target& target) {
  Outcome outcome;
  if (!target.is_categorical) {
    outcome.function = MiningFunction::kRegression;
    outcome.number = continuous_answer<Real>(neighbors, nearest, target);
    outcome.missing = std::isnan(outcome.number);
    return outcome;
  }
  outcome.function = MiningFunction::kClassification;
  const std::vector<double> votes = shares<Real>(neighbors, nearest, target);
  if (std::ranges::any_of(votes, [](double vote) { return std::isnan(vote); })) return outcome;
  for (std::size_t i = 0; i < votes.size(); ++i)
    outcome.distribution.emplace_back(target.categories[i], votes[i]);
  outcome.category = target.categories[winner(votes, target)];
  outcome.missing = false;
  return outcome;
}

}  // namespace

Outcome evaluate_body(const NearestNeighborModel& neighbors, const Model& model, Scope& scope) {
  const NeighborTable& table = scope.names().neighbor_table(model);
  Outcome outcome;
  outcome.function = model.function;
  const std::vector<Neighbor> found = nearest(neighbors, table, model, scope);
  if (found.empty()) return outcome;
  if (table.targets.empty()) {
    // The neighbours are the answer; there is nothing to predict.
    outcome.function = MiningFunction::kMixed;
    outcome.missing = false;
  } else {
    std::vector<std::pair<std::string, Outcome>> targets;
    for (const NeighborTable::Target& target : table.targets) {
      targets.emplace_back(target.field, model.math == MathContext::kFloat
                                             ? answer<float>(neighbors, found, target)
                                             : answer<double>(neighbors, found, target));
    }
    outcome = targets[0].second;
    if (targets.size() > 1) outcome.targets = std::move(targets);
  }
  for (const Neighbor& neighbor : found)
    outcome.entities.push_back({.id = table.ids[neighbor.record], .affinity = neighbor.affinity});
  outcome.entity = outcome.entities[0].id;
  return outcome;
}

}  // namespace pmml
