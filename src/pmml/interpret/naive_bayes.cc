// SPDX-License-Identifier: Apache-2.0
#include <math.h>  // lgamma_r, which is not in <cmath>.

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

#include "pmml/detail/arithmetic.h"
#include "pmml/interpret/expression.h"
#include "pmml/interpret/field_number.h"
#include "pmml/interpret/model.h"

namespace pmml {
namespace {

using Body = NaiveBayesModel;

double log_density(const Body::Gaussian& gaussian, double x) {
  const double d = x - gaussian.mean;
  return -0.5 * std::log(2 * std::numbers::pi * gaussian.variance) -
         d * d / (2 * gaussian.variance);
}

double log_density(const Body::Poisson& poisson, double x) {
  if (poisson.mean == 0) return x == 0 ? 0 : -HUGE_VAL;
  int sign = 0;  // std::lgamma leaves it in a global variable, which threads would share.
  return x * std::log(poisson.mean) - poisson.mean - ::lgamma_r(x + 1, &sign);
}

// Multiplies the likelihood of each category by the density there, but by no less than the
// threshold.
void add_densities(const Body& body, const Body::Input& input, double x,
                   std::span<double> log_likelihoods) {
  const double least = std::log(body.threshold);
  for (std::size_t i = 0; i < log_likelihoods.size(); ++i) {
    const double density =
        std::visit([&](const auto& one) { return log_density(one, x); }, input.distributions[i]);
    log_likelihoods[i] += std::max(density, least);
  }
}

// The same with the share of the value among the counts of the category; the threshold stands for
// none.
void add_shares(const Body& body, const Body::Input& input, const Body::PairCounts& pair,
                std::span<double> log_likelihoods) {
  for (std::size_t i = 0; i < log_likelihoods.size(); ++i) {
    log_likelihoods[i] +=
        pair.counts[i] == 0 ? std::log(body.threshold) : std::log(pair.counts[i] / input.totals[i]);
  }
}

// The value to look up among the pairs; missing where the discretization has no bin for it.
Value discrete_value(const Body::Input& input, Scope& scope) {
  if (!input.discretize) return scope.lookup(input.field);
  const Value bin = evaluate(input.discretize->expression, scope);
  const auto typed = cast(bin, input.discretize->type);
  if (!typed) scope.fail("a bin of '" + input.field + "' is not of its type");
  return typed.value_or(Value{});
}

bool holds_poisson(const Body::Input& input) {
  return std::ranges::any_of(input.distributions, [](const auto& one) {
    return std::holds_alternative<Body::Poisson>(one);
  });
}

// A missing value, and one that was never counted, says nothing of the categories.
void add_input(const Body& body, const Body::Input& input, Scope& scope,
               std::span<double> log_likelihoods) {
  if (!input.distributions.empty()) {
    const auto x = number_of(input.field, scope);
    if (x && holds_poisson(input) && (*x < 0 || *x != std::floor(*x)))
      return scope.fail("field '" + input.field + "' is no count, as a Poisson distribution needs");
    if (x) add_densities(body, input, *x, log_likelihoods);
    return;
  }
  if (scope.lookup(input.field).missing) return;
  const Value value = discrete_value(input, scope);
  if (value.missing) return;
  const auto pair = std::ranges::find_if(
      input.pairs, [&](const auto& candidate) { return equals_text(value, candidate.value); });
  if (pair != input.pairs.end()) add_shares(body, input, *pair, log_likelihoods);
}

}  // namespace

// Likelihoods are products of many small factors: sums of logarithms, of which softmax makes
// probabilities.
Outcome evaluate_body(const NaiveBayesModel& body, const Model& model, Scope& scope) {
  Outcome outcome;
  outcome.function = model.function;
  std::vector<double> values;
  for (const Body::Category& category : body.categories) values.push_back(std::log(category.count));
  for (const Body::Input& input : body.inputs) add_input(body, input, scope, values);
  // With a threshold of 0 no category may be possible at all.
  if (!std::isfinite(*std::ranges::max_element(values))) return outcome;
  detail::softmax(std::span<double>(values));
  for (std::size_t i = 0; i < values.size(); ++i)
    outcome.distribution.emplace_back(body.categories[i].value, values[i]);
  outcome.category = most_probable(outcome.distribution);
  outcome.missing = false;
  return outcome;
}

}  // namespace pmml
