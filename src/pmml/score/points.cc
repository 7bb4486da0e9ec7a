// SPDX-License-Identifier: Apache-2.0
#include "pmml/score/points.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "pmml/score/kernels.h"

namespace pmml::detail {
namespace {

// False where a component is missing.
bool components_of(const VectorMachineUnit& machine, const double* slots, double* x) {
  bool missing = false;
  for (const VectorMachineUnit::Component& component : machine.components) {
    const double value = slots[component.slot];
    missing = missing || std::isnan(value);
    *x++ = !component.indicates ? value : (value == component.value ? 1 : 0);
  }
  return !missing;
}

// Σ coefficient · kernel of a squared distance or an inner product.
template <class Kernel>
double weigh(const VectorMachineUnit& machine, const double* figures, Kernel kernel) {
  double sum = 0;
  for (std::size_t i = 0; i < machine.coefficients.size(); ++i)
    sum += machine.coefficients[i] * kernel(figures[i]);
  return sum;
}

double machine_value(const VectorMachineUnit& machine, const double* x, double* figures) {
  const SvmKernel& kernel = machine.kernel;
  if (!machine.has_vectors) return weigh(machine, x, [](double value) { return value; });
  if (kernel.type == SvmKernel::Type::kRadialBasis) {
    kernels().squared_distances(view(machine.vectors), x, figures);
    return weigh(machine, figures,
                 [&](double squares) { return std::exp(-kernel.gamma * squares); });
  }
  kernels().inner_products(view(machine.vectors), x, figures);
  switch (kernel.type) {
    case SvmKernel::Type::kPolynomial:
      return weigh(machine, figures, [&](double product) {
        return std::pow(kernel.gamma * product + kernel.coef0, kernel.degree);
      });
    case SvmKernel::Type::kSigmoid:
      return weigh(machine, figures, [&](double product) {
        return std::tanh(kernel.gamma * product + kernel.coef0);
      });
    case SvmKernel::Type::kLinear:
    case SvmKernel::Type::kRadialBasis:
      break;
  }
  return weigh(machine, figures, [](double product) { return product; });
}

// The row's coordinates; of all features where no coordinate is missing, the differences are the
// unit's own.
std::span<const Difference> coordinates_of(const NeighborsUnit& neighbors, const double* slots,
                                           Compiled::Memory& memory) {
  double* x = memory.components.data();
  std::size_t present = 0;
  for (std::size_t j = 0; j < neighbors.inputs.size(); ++j) {
    const NeighborsUnit::Input& input = neighbors.inputs[j];
    x[j] = slots[input.slot];
    if (std::isnan(x[j])) continue;
    memory.differences[present++] = neighbors.differences[j];
    if (!input.is_text) continue;
    const bool listed = x[j] >= 0 && x[j] < static_cast<double>(input.codes.size());
    x[j] = listed ? input.codes[static_cast<std::size_t>(x[j])] : NeighborsUnit::kNoSuchText;
  }
  return {memory.differences.data(), present};
}

bool nearer(const NearRecord& a, const NearRecord& b) {
  return a.distance != b.distance ? a.distance < b.distance : a.record < b.record;
}

// The nearest first; false where some record cannot be compared. A root keeps the order but for
// new ties, which the later record loses: only squares below those of the farthest kept are looked
// at more closely.
bool find_nearest(const NeighborsUnit& neighbors, double factor, Compiled::Memory& memory) {
  NearRecord* nearest = memory.nearest.data();
  const double* figures = memory.figures.data();
  const std::size_t k = neighbors.neighbors;
  const auto distance = [&](double square) {
    return neighbors.takes_root ? std::sqrt(square) : square;
  };
  std::size_t kept = 0;
  double bound = std::numeric_limits<double>::infinity();
  for (std::size_t r = 0; r < neighbors.records.size(); ++r) {
    const double square = figures[r] * factor;
    if (kept == k && !(square < bound)) {
      if (std::isnan(square)) return false;
      continue;
    }
    if (std::isnan(square)) return false;
    const NearRecord found{distance(square), r};
    if (kept < k) {
      nearest[kept++] = found;
      std::push_heap(nearest, nearest + kept, nearer);
    } else if (nearer(found, nearest[0])) {
      std::pop_heap(nearest, nearest + k, nearer);
      nearest[k - 1] = found;
      std::push_heap(nearest, nearest + k, nearer);
    }
    if (kept == k) bound = figures[nearest[0].record] * factor;
  }
  std::sort_heap(nearest, nearest + kept, nearer);
  return true;
}

double weight_of(const NeighborsUnit& neighbors, const NearRecord& near) {
  return neighbors.weighted ? 1.0 / (near.distance + neighbors.threshold) : 1.0;
}

Answer average(const NeighborsUnit& neighbors, const NearRecord* nearest) {
  double sum = 0;
  double weights = 0;
  for (std::size_t i = 0; i < neighbors.neighbors; ++i) {
    const double weight = weight_of(neighbors, nearest[i]);
    sum += weight * neighbors.numbers[nearest[i].record];
    weights += weight;
  }
  Answer answer;
  answer.number = sum / weights;
  answer.missing = std::isnan(answer.number);
  return answer;
}

// Most votes; then the category with most training records; then the smallest in lexical order.
std::size_t winner(const NeighborsUnit& neighbors, const ModelUnit& model, const double* votes) {
  const std::vector<std::size_t>& sizes = neighbors.category_sizes;
  std::size_t best = 0;
  for (std::size_t i = 1; i < model.categories.size(); ++i) {
    if (votes[i] != votes[best]) {
      if (votes[i] > votes[best]) best = i;
    } else if (sizes[i] != sizes[best]) {
      if (sizes[i] > sizes[best]) best = i;
    } else if (model.categories[i] < model.categories[best]) {
      best = i;
    }
  }
  return best;
}

Answer vote(const NeighborsUnit& neighbors, const ModelUnit& model, const NearRecord* nearest,
            double* votes) {
  const std::size_t n = model.categories.size();
  std::fill_n(votes, n, 0.0);
  double all = 0;
  for (std::size_t i = 0; i < neighbors.neighbors; ++i) {
    const double weight = weight_of(neighbors, nearest[i]);
    votes[neighbors.category_of[nearest[i].record]] += weight;
    all += weight;
  }
  bool missing = false;
  for (std::size_t i = 0; i < n; ++i) {
    votes[i] /= all;
    missing = missing || std::isnan(votes[i]);
  }
  Answer answer;
  if (missing) return answer;
  answer.category = static_cast<std::uint32_t>(winner(neighbors, model, votes));
  answer.missing = false;
  return answer;
}

}  // namespace

void prepare_points(const Units& units, Compiled::Memory& memory) {
  std::size_t features = 0, points = 0, nearest = 0;
  for (const ModelUnit& model : units.models) {
    if (const auto* machine = std::get_if<VectorMachineUnit>(&model.body)) {
      features = std::max(features, machine->components.size());
      points = std::max(points, machine->vectors.room());
    } else if (const auto* neighbors = std::get_if<NeighborsUnit>(&model.body)) {
      features = std::max(features, neighbors->inputs.size());
      points = std::max(points, neighbors->records.room());
      nearest = std::max(nearest, neighbors->neighbors);
    }
  }
  memory.components.assign(features, 0);
  memory.figures.assign(points, 0);
  memory.differences.assign(features, {});
  memory.nearest.assign(nearest, {});
}

Answer run_vector_machine(const VectorMachineUnit& machine, const double* slots,
                          Compiled::Memory& memory) {
  Answer answer;
  double* x = memory.components.data();
  if (!components_of(machine, slots, x)) return answer;
  answer.number = machine_value(machine, x, memory.figures.data()) + machine.absolute_value;
  answer.missing = std::isnan(answer.number);
  return answer;
}

Answer run_neighbors(const NeighborsUnit& neighbors, const ModelUnit& model, const double* slots,
                     Compiled::Memory& memory, double* probabilities) {
  const auto present = coordinates_of(neighbors, slots, memory);
  if (present.empty()) return {};
  kernels().sum_differences(view(neighbors.records), present.data(), present.size(),
                            memory.components.data(), memory.figures.data());
  // What missing coordinates take away is made up for.
  const double factor =
      static_cast<double>(neighbors.inputs.size()) / static_cast<double>(present.size());
  if (!find_nearest(neighbors, factor, memory)) return {};
  return model.function == MiningFunction::kClassification
             ? vote(neighbors, model, memory.nearest.data(), probabilities)
             : average(neighbors, memory.nearest.data());
}

}  // namespace pmml::detail
