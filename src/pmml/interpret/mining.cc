// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numeric>

#include "pmml/detail/arithmetic.h"
#include "pmml/interpret/model.h"
#include "pmml/interpret/predicate.h"

namespace pmml {
namespace {

struct Voter {
  Outcome outcome;
  double weight;
};

// The weight of a segment, which a field may hold; nothing where the row has no usable one.
std::optional<double> weight_of(const Segment& segment, Scope& scope) {
  if (segment.variable_weight.empty()) return segment.weight;
  const auto number = cast(scope.lookup(segment.variable_weight), DataType::kDouble);
  if (!number || number->missing || !(std::isfinite(number->number) && number->number >= 0)) {
    scope.fail("field '" + segment.variable_weight + "' holds no weight, a number from 0");
    return std::nullopt;
  }
  return number->number;
}

// The weighted median: in rising order, the first value at which half of the weight is reached.
template <class Real>
Real weighted_median(const std::vector<Real>& values, const std::vector<Voter>& voters) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order,
                           [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  Real weights = 0;
  for (const Voter& voter : voters) weights += static_cast<Real>(voter.weight);
  Real sum = 0;
  for (const std::size_t i : order) {
    sum += static_cast<Real>(voters[i].weight);
    if (sum >= weights * Real{0.5}) return values[i];
  }
  return values[order.back()];
}

bool is_weighted(MultipleModelMethod method) {
  return method == MultipleModelMethod::kWeightedMajorityVote ||
         method == MultipleModelMethod::kWeightedAverage ||
         method == MultipleModelMethod::kWeightedMedian ||
         method == MultipleModelMethod::kWeightedSum;
}

bool is_chain(MultipleModelMethod method) {
  return method == MultipleModelMethod::kModelChain ||
         method == MultipleModelMethod::kMultiModelChain;
}

template <class Real>
Real combine_numbers(MultipleModelMethod method, const std::vector<Voter>& voters) {
  std::vector<Real> values;
  for (const Voter& voter : voters) values.push_back(static_cast<Real>(voter.outcome.number));
  Real sum = 0;
  Real weights = 0;
  switch (method) {
    case MultipleModelMethod::kMedian:
      return detail::median(std::span<Real>(values));
    case MultipleModelMethod::kMax:
      return *std::ranges::max_element(values);
    case MultipleModelMethod::kWeightedMedian:
      return weighted_median(values, voters);
    case MultipleModelMethod::kWeightedAverage:
    case MultipleModelMethod::kWeightedSum:
      for (std::size_t i = 0; i < values.size(); ++i) {
        sum += static_cast<Real>(voters[i].weight) * values[i];
        weights += static_cast<Real>(voters[i].weight);
      }
      return method == MultipleModelMethod::kWeightedSum ? sum : sum / weights;
    case MultipleModelMethod::kAverage:
    case MultipleModelMethod::kMajorityVote:
    case MultipleModelMethod::kWeightedMajorityVote:
    case MultipleModelMethod::kSum:
    case MultipleModelMethod::kSelectFirst:
    case MultipleModelMethod::kSelectAll:
    case MultipleModelMethod::kModelChain:
    case MultipleModelMethod::kMultiModelChain:
      break;
  }
  for (const Real value : values) sum += value;
  return method == MultipleModelMethod::kAverage ? sum / static_cast<Real>(values.size()) : sum;
}

using Distribution = std::vector<std::pair<std::string, double>>;

double& figure_of(Distribution& distribution, const std::string& category) {
  for (auto& entry : distribution) {
    if (entry.first == category) return entry.second;
  }
  return distribution.emplace_back(category, 0.0).second;
}

// Every segment has one vote, or its weight; a missing prediction votes for "missing" under
// `continue`. The shares.
Distribution vote(const std::vector<Voter>& voters, bool weighted, double& missing_votes) {
  Distribution votes;
  double total = 0;
  for (const Voter& voter : voters) {
    const double weight = weighted ? voter.weight : 1;
    total += weight;
    (voter.outcome.missing ? missing_votes : figure_of(votes, voter.outcome.category)) += weight;
  }
  for (auto& entry : votes) entry.second /= total;
  missing_votes /= total;
  return votes;
}

template <class Real>
Distribution mean(const std::vector<Voter>& voters, MultipleModelMethod method) {
  const bool weighted = is_weighted(method);
  Distribution result;
  Real total = 0;
  for (const Voter& voter : voters) total += weighted ? static_cast<Real>(voter.weight) : Real{1};
  for (const Voter& voter : voters) {
    for (const auto& [category, probability] : voter.outcome.distribution) {
      double& figure = figure_of(result, category);
      const Real part = static_cast<Real>(probability);
      figure = static_cast<double>(static_cast<Real>(figure) +
                                   (weighted ? static_cast<Real>(voter.weight) * part : part));
    }
  }
  if (method == MultipleModelMethod::kSum || method == MultipleModelMethod::kWeightedSum)
    return result;
  for (auto& entry : result)
    entry.second = static_cast<double>(static_cast<Real>(entry.second) / total);
  return result;
}

// The category whose maximum (or median) is highest, and the mean of the segments that have that
// figure for it (PMML 4.4 «MultipleModels», max and median of classifications).
Distribution extreme(const std::vector<Voter>& voters, MultipleModelMethod method) {
  const auto of_category = [&](const std::string& category) {
    std::vector<double> values;
    for (const Voter& voter : voters) values.push_back(voter.outcome.probability(category));
    return values;
  };
  // The figure lies between `low` and `high`, which differ for a median of an even number only.
  const auto bounds = [&](const std::vector<double>& values) -> std::pair<double, double> {
    if (method == MultipleModelMethod::kWeightedMedian) {
      const double median = weighted_median(values, voters);
      return {median, median};
    }
    std::vector<double> sorted = values;
    std::ranges::sort(sorted);
    if (method == MultipleModelMethod::kMax) return {sorted.back(), sorted.back()};
    return {sorted[(sorted.size() - 1) / 2], sorted[sorted.size() / 2]};
  };
  Distribution figures;
  for (const Voter& voter : voters) {
    for (const auto& entry : voter.outcome.distribution) figure_of(figures, entry.first);
  }
  for (auto& entry : figures) {
    const auto [low, high] = bounds(of_category(entry.first));
    entry.second = low == high ? low : (low + high) / 2;
  }
  const std::vector<double> values = of_category(most_probable(figures));
  const auto [low, high] = bounds(values);
  std::vector<Voter> contributors;
  for (std::size_t i = 0; i < voters.size(); ++i) {
    if (values[i] >= low && values[i] <= high) contributors.push_back(voters[i]);
  }
  return mean<double>(contributors, MultipleModelMethod::kAverage);
}

void combine_categories(const Model& model, MultipleModelMethod method,
                        const std::vector<Voter>& voters, Outcome& outcome) {
  double missing_votes = 0;
  switch (method) {
    case MultipleModelMethod::kMajorityVote:
    case MultipleModelMethod::kWeightedMajorityVote:
      outcome.distribution = vote(voters, is_weighted(method), missing_votes);
      break;
    case MultipleModelMethod::kMax:
    case MultipleModelMethod::kMedian:
    case MultipleModelMethod::kWeightedMedian:
      outcome.distribution = extreme(voters, method);
      break;
    case MultipleModelMethod::kAverage:
    case MultipleModelMethod::kWeightedAverage:
    case MultipleModelMethod::kSum:
    case MultipleModelMethod::kWeightedSum:
    case MultipleModelMethod::kSelectFirst:
    case MultipleModelMethod::kSelectAll:
    case MultipleModelMethod::kModelChain:
    case MultipleModelMethod::kMultiModelChain:
      outcome.distribution = model.math == MathContext::kFloat ? mean<float>(voters, method)
                                                               : mean<double>(voters, method);
      break;
  }
  if (outcome.distribution.empty()) return;
  const std::string& best = most_probable(outcome.distribution);
  if (missing_votes > outcome.probability(best)) {
    outcome.distribution.clear();
    return;
  }
  outcome.category = best;
  outcome.missing = false;
}

// What missing predictions of segments do before anything is combined; false: the result is
// missing.
bool treat_missing(const MiningModel& mining, std::vector<Voter>& voters) {
  double missing = 0;
  double total = 0;
  for (const Voter& voter : voters) {
    const double weight = is_weighted(mining.method) ? voter.weight : 1;
    total += weight;
    if (voter.outcome.missing) missing += weight;
  }
  // Also one of weight 0 is missing.
  if (std::ranges::none_of(voters, [](const Voter& voter) { return voter.outcome.missing; }))
    return true;
  switch (mining.missing_prediction) {
    case MissingPredictionTreatment::kReturnMissing:
      return false;
    case MissingPredictionTreatment::kSkipSegment:
      if (missing / total > mining.missing_threshold) return false;
      std::erase_if(voters, [](const Voter& voter) { return voter.outcome.missing; });
      return !voters.empty();
    case MissingPredictionTreatment::kContinue:
      return mining.method == MultipleModelMethod::kMajorityVote ||
             mining.method == MultipleModelMethod::kWeightedMajorityVote;
  }
  return false;
}

// Is the last link that ran one that may answer for the chain?
bool answers_chain(const MiningModel& mining, const Model& model, const Model* last) {
  const std::string& target = target_of(model);
  if (last == nullptr || target.empty() || target_of(*last) == target) return true;
  return std::ranges::none_of(mining.segments,
                              [&](const Segment& s) { return target_of(s.model) == target; });
}

Outcome combine(const MiningModel& mining, const Model& model, std::vector<Voter> voters) {
  Outcome outcome;
  outcome.function = model.function;
  if (voters.empty() || !treat_missing(mining, voters)) return outcome;
  if (model.function == MiningFunction::kClassification ||
      model.function == MiningFunction::kClustering) {
    combine_categories(model, mining.method, voters, outcome);
    if (model.function == MiningFunction::kClustering && !outcome.missing)
      outcome.entity = outcome.category;
    return outcome;
  }
  outcome.number = model.math == MathContext::kFloat
                       ? static_cast<double>(combine_numbers<float>(mining.method, voters))
                       : combine_numbers<double>(mining.method, voters);
  outcome.missing = std::isnan(outcome.number);
  return outcome;
}

}  // namespace

Outcome evaluate_body(const MiningModel& mining, const Model& model, Scope& scope) {
  const bool selects = mining.method == MultipleModelMethod::kSelectFirst ||
                       mining.method == MultipleModelMethod::kSelectAll;
  const bool keeps_segments = std::ranges::any_of(
      model.output, [](const OutputField& f) { return f.segment_id.has_value(); });
  std::vector<Voter> voters;
  std::vector<std::pair<std::string, Outcome>> kept;
  std::vector<std::pair<std::string, Outcome>> targets;
  const Model* last = nullptr;
  Outcome chained;  // The outputs of a chain's links.
  for (std::size_t i = 0; i < mining.segments.size(); ++i) {
    const Segment& segment = mining.segments[i];
    if (evaluate(segment.predicate, scope) != true) continue;
    Scope inner(scope.names(), segment.model, scope.row(), &scope);
    Outcome outcome = evaluate(segment.model, inner);
    if (is_chain(mining.method)) {
      // What one link finds, the next ones see.
      for (const auto& [name, value] : outcome.outputs) {
        scope.define(name, value);
        chained.put(name, value);
      }
      if (const std::string& target = target_of(segment.model); !target.empty()) {
        if (segment.model.output.empty())
          scope.define(target, predicted_value(outcome, target, scope.names()));
        targets.emplace_back(target, outcome);
      }
      if (outcome.missing &&
          mining.missing_prediction == MissingPredictionTreatment::kReturnMissing) {
        Outcome missing;
        missing.function = model.function;
        return missing;
      }
    }
    if (keeps_segments) kept.emplace_back(segment.id.value_or(std::to_string(i + 1)), outcome);
    voters.push_back({std::move(outcome), weight_of(segment, scope).value_or(0)});
    last = &segment.model;
    if (mining.method == MultipleModelMethod::kSelectFirst) break;
  }
  Outcome result;
  if (selects || is_chain(mining.method)) {
    // A chain's last link answers; of the segments that are all selected, the first.
    result.function = model.function;
    if (!voters.empty())
      result = std::move(selects ? voters.front().outcome : voters.back().outcome);
    // The link that predicts the chain's target was passed over: a link before it, which predicts
    // something else, is no substitute.
    if (is_chain(mining.method) && !answers_chain(mining, model, last)) {
      result = {};
      result.function = model.function;
    }
    // What the links (or the segment selected) put out, the whole puts out.
    if (is_chain(mining.method)) result.outputs = std::move(chained.outputs);
    for (const auto& [name, value] : result.outputs) scope.define(name, value);
    result.segments.clear();
    if (mining.method == MultipleModelMethod::kMultiModelChain) result.targets = std::move(targets);
  } else {
    result = combine(mining, model, std::move(voters));
  }
  result.segments = std::move(kept);
  return result;
}

}  // namespace pmml
