// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <span>

#include "pmml/interpret/expression.h"
#include "pmml/interpret/field_number.h"
#include "pmml/interpret/model.h"

namespace pmml {
namespace {

using Body = SupportVectorMachineModel;

std::optional<double> component(const FieldRef& reference, Scope& scope) {
  const Value value = evaluate(Expression{reference}, scope);
  if (value.missing) return std::nullopt;
  const auto number = cast(value, DataType::kDouble);
  if (!number) scope.fail("field '" + reference.field + "' is not a number");
  return number ? std::optional(number->number) : std::nullopt;
}

std::optional<double> component(const Body::Indicator& indicator, Scope& scope) {
  const Value& value = scope.lookup(indicator.field);
  if (value.missing) return std::nullopt;
  return equals_text(value, indicator.value) ? 1 : 0;
}

// Nothing where a component is missing.
std::optional<std::vector<double>> input_vector(const Body& body, Scope& scope) {
  std::vector<double> x;
  x.reserve(body.fields.size());
  for (const Body::VectorField& field : body.fields) {
    const auto number = std::visit([&](const auto& one) { return component(one, scope); }, field);
    if (!number) return std::nullopt;
    x.push_back(*number);
  }
  return x;
}

// Every component of a vector; `room` holds those of a sparse one.
std::span<const double> components(const Body::Vector& vector, std::vector<double>& room) {
  if (const auto* dense = std::get_if<std::vector<double>>(&vector.components)) return *dense;
  const SparseArray& sparse = std::get<SparseArray>(vector.components);
  room.assign(sparse.size, sparse.default_value);
  for (const SparseArray::Entry& entry : sparse.entries) room[entry.index] = entry.value;
  return room;
}

double inner_product(std::span<const double> x, std::span<const double> y) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += x[i] * y[i];
  return sum;
}

double kernel_value(const SvmKernel& kernel, std::span<const double> x, std::span<const double> y) {
  switch (kernel.type) {
    case SvmKernel::Type::kLinear:
      return inner_product(x, y);
    case SvmKernel::Type::kPolynomial:
      return std::pow(kernel.gamma * inner_product(x, y) + kernel.coef0, kernel.degree);
    case SvmKernel::Type::kRadialBasis: {
      double squares = 0;
      for (std::size_t i = 0; i < x.size(); ++i) squares += (x[i] - y[i]) * (x[i] - y[i]);
      return std::exp(-kernel.gamma * squares);
    }
    case SvmKernel::Type::kSigmoid:
      return std::tanh(kernel.gamma * inner_product(x, y) + kernel.coef0);
  }
  return 0;
}

// The kernel between the row and each vector; the row itself where the model has no vectors.
std::vector<double> basis(const Body& body, std::vector<double> x) {
  if (!body.has_support_vectors) return x;
  std::vector<double> values;
  values.reserve(body.vectors.size());
  std::vector<double> room;
  for (const Body::Vector& vector : body.vectors)
    values.push_back(kernel_value(body.kernel, x, components(vector, room)));
  return values;
}

double machine_value(const Body& body, const Body::Machine& machine,
                     std::span<const double> basis_values) {
  double sum = 0;
  for (std::size_t i = 0; i < machine.coefficients.size(); ++i) {
    const std::size_t at = body.has_support_vectors ? machine.vectors[i] : i;
    sum += machine.coefficients[i] * basis_values[at];
  }
  return sum + machine.absolute_value;
}

// Which of its two categories a machine chooses: the target for values beyond the threshold on the
// side that wins.
const std::string& choose(const Body& body, const Body::Machine& machine, double value) {
  const double threshold = machine.threshold.value_or(body.threshold);
  const bool target = body.max_wins ? value > threshold : value < threshold;
  return target ? *machine.category : *machine.alternate_category;
}

// The category of the best value; the first of equals.
std::string one_against_all(const Body& body, std::span<const double> values) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < values.size(); ++i) {
    if (body.max_wins ? values[i] > values[best] : values[i] < values[best]) best = i;
  }
  return *body.machines[best].category;
}

// Shares of the votes, in order of appearance of the categories.
std::vector<std::pair<std::string, double>> votes(const Body& body,
                                                  std::span<const double> values) {
  std::vector<std::pair<std::string, double>> shares;
  const auto share_of = [&](const std::string& category) -> double& {
    const auto found = std::ranges::find(shares, category, &std::pair<std::string, double>::first);
    return found != shares.end() ? found->second : shares.emplace_back(category, 0.0).second;
  };
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Body::Machine& machine = body.machines[i];
    static_cast<void>(share_of(*machine.category));
    static_cast<void>(share_of(*machine.alternate_category));
    share_of(choose(body, machine, values[i])) += 1;
  }
  for (auto& share : shares) share.second /= static_cast<double>(values.size());
  return shares;
}

// Before 4.1 the value of a binary model is a category by itself: 1, or 0 for the other one.
void round_to_category(const Body& body, double value, Outcome& outcome, Scope& scope) {
  const double rounded = std::floor(value + 0.5);
  if (rounded != 0 && rounded != 1) {
    scope.fail("the vector machine's value does not round to 0 or 1");
    return;
  }
  outcome.category = rounded == 0 ? *body.alternate_binary_category : *body.machines[0].category;
  outcome.missing = false;
}

}  // namespace

Outcome evaluate_body(const SupportVectorMachineModel& body, const Model& model, Scope& scope) {
  Outcome outcome;
  outcome.function = model.function;
  auto x = input_vector(body, scope);
  if (!x) return outcome;
  const std::vector<double> basis_values = basis(body, *std::move(x));
  std::vector<double> values;
  for (const Body::Machine& machine : body.machines) {
    values.push_back(machine_value(body, machine, basis_values));
    if (std::isnan(values.back())) return outcome;
  }
  if (model.function == MiningFunction::kRegression) {
    outcome.number = values[0];
  } else if (body.alternate_binary_category) {
    round_to_category(body, values[0], outcome, scope);
    return outcome;
  } else if (body.machines.size() == 1 ||
             body.classification == SupportVectorMachineModel::Classification::kOneAgainstOne) {
    outcome.distribution = votes(body, values);
    outcome.category = most_probable(outcome.distribution);
  } else {
    outcome.category = one_against_all(body, values);
  }
  outcome.missing = false;
  return outcome;
}

}  // namespace pmml
