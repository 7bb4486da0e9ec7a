// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/radial_machine.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <list>
#include <utility>

#include "learn/detail/kernels.h"
#include "learn/detail/parallel.h"

namespace learn::detail {
namespace {

constexpr std::size_t kLanes = 16;
constexpr std::size_t kBlock = 1024;  // Rows whose sums stay in the cache.
constexpr double kLeastCurvature = 1e-12;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::size_t round_up(std::size_t n, std::size_t to) { return (n + to - 1) / to * to; }

// Rows of the kernel matrix, the last used ones kept.
class KernelRows {
 public:
  KernelRows(const Points& points, double gamma, std::size_t bytes)
      : points_(points),
        gamma_(static_cast<float>(gamma)),
        most_(std::max<std::size_t>(2, bytes / (points.padded_rows() * sizeof(float)))),
        slot_of_(points.rows(), kNone) {}

  // Valid until the next but one call.
  const float* row(std::size_t i) {
    if (slot_of_[i] != kNone) {
      slots_.splice(slots_.begin(), slots_, places_[slot_of_[i]]);
      return rows_[slot_of_[i]].data();
    }
    std::size_t slot = rows_.size();
    if (slot < most_) {
      rows_.emplace_back(points_.padded_rows());
      owner_.push_back(i);
      slots_.push_front(slot);
      places_.push_back(slots_.begin());
    } else {
      slot = slots_.back();
      slots_.splice(slots_.begin(), slots_, places_[slot]);
      slot_of_[owner_[slot]] = kNone;
      owner_[slot] = i;
    }
    slot_of_[i] = slot;
    points_.kernel_row(points_, i, gamma_, rows_[slot].data());
    rows_[slot][i] = 1;  // Whatever its rounding.
    return rows_[slot].data();
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  const Points& points_;
  const float gamma_;
  const std::size_t most_;
  std::vector<std::size_t> slot_of_;
  std::vector<std::vector<float>> rows_;
  std::vector<std::size_t> owner_;
  std::list<std::size_t> slots_;  // The last used first.
  std::vector<std::list<std::size_t>::iterator> places_;
};

// In terms of β = yα, for which the constraints are Σβ = 0 and low ≤ β ≤ high, and
// slope[i] = y_i − Σ_j K_ij β_j, the way up of β_i.
class Search {
 public:
  explicit Search(const MachineProblem& problem)
      : problem_(problem), rows_(*problem.points, problem.gamma, problem.cache_bytes) {
    const std::size_t n = problem.points->rows();
    beta_.assign(n, 0);
    slope_.resize(n);
    low_.resize(n);
    high_.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
      const bool positive = problem.labels[i] != 0;
      slope_[i] = positive ? 1 : -1;
      low_[i] = positive ? 0 : -problem.costs[i];
      high_[i] = positive ? problem.costs[i] : 0;
    }
  }

  Machine run() {
    Machine machine;
    const std::size_t most = std::max<std::size_t>(10'000'000, 100 * beta_.size());
    for (; machine.steps < most; ++machine.steps) {
      std::size_t up = 0, down = 0;
      const float* up_row = nullptr;
      if (!choose(up, down, up_row)) {
        machine.converged = true;
        break;
      }
      if (!step(up, down, up_row)) break;
    }
    machine.bias = bias();
    machine.coefficients = std::move(beta_);
    return machine;
  }

 private:
  // The steepest to go up, and the one to go down that gains most with it. False: all is well.
  bool choose(std::size_t& up, std::size_t& down, const float*& up_row) {
    const std::size_t n = beta_.size();
    double highest = -kInfinity, lowest = kInfinity;
    for (std::size_t i = 0; i < n; ++i) {
      if (beta_[i] < high_[i] && slope_[i] > highest) {
        highest = slope_[i];
        up = i;
      }
    }
    if (highest == -kInfinity) return false;
    up_row = rows_.row(up);
    double most = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (!(beta_[i] > low_[i])) continue;
      lowest = std::min(lowest, slope_[i]);
      const double difference = highest - slope_[i];
      if (difference <= 0) continue;
      const double curvature = std::max(2 - 2 * static_cast<double>(up_row[i]), kLeastCurvature);
      const double gain = difference * difference / curvature;
      if (gain > most) {
        most = gain;
        down = i;
      }
    }
    return highest - lowest >= problem_.tolerance && most > 0;
  }

  // False: it is too short to move anything.
  bool step(std::size_t up, std::size_t down, const float* up_row) {
    const double curvature = std::max(2 - 2 * static_cast<double>(up_row[down]), kLeastCurvature);
    const double wanted = (slope_[up] - slope_[down]) / curvature;
    const double room_up = high_[up] - beta_[up], room_down = beta_[down] - low_[down];
    const double length = std::min({wanted, room_up, room_down});
    const double before_up = beta_[up], before_down = beta_[down];
    // At a bound exactly, not a rounding short of it.
    beta_[up] = length == room_up ? high_[up] : std::min(beta_[up] + length, high_[up]);
    beta_[down] = length == room_down ? low_[down] : std::max(beta_[down] - length, low_[down]);
    if (beta_[up] == before_up && beta_[down] == before_down) return false;
    const float* const down_row = rows_.row(down);
    for (std::size_t i = 0; i < slope_.size(); ++i)
      slope_[i] -= length * (static_cast<double>(up_row[i]) - static_cast<double>(down_row[i]));
    return true;
  }

  // The mean slope of the rows between their bounds; without any, midway between what bounds allow.
  [[nodiscard]] double bias() const {
    double sum = 0, below = kInfinity, above = -kInfinity;
    std::size_t free = 0;
    for (std::size_t i = 0; i < beta_.size(); ++i) {
      if (beta_[i] > low_[i] && beta_[i] < high_[i]) {
        sum += slope_[i];
        ++free;
      } else if (beta_[i] > low_[i]) {
        below = std::min(below, slope_[i]);
      } else {
        above = std::max(above, slope_[i]);
      }
    }
    return free > 0 ? sum / static_cast<double>(free) : (below + above) / 2;
  }

  const MachineProblem& problem_;
  KernelRows rows_;
  std::vector<double> beta_, slope_, low_, high_;
};

}  // namespace

Points::Points(std::size_t rows, std::size_t features)
    : rows_(rows),
      features_(features),
      padded_(round_up(rows, kLanes)),
      padded_features_(round_up(features, 4)),
      values_(padded_ * padded_features_, 0) {}

void Points::measure() {
  squares_.assign(padded_, 0);
  for (std::size_t j = 0; j < features_; ++j) {
    for (std::size_t i = 0; i < padded_; ++i)
      squares_[i] += values_[j * padded_ + i] * values_[j * padded_ + i];
  }
}

Points Points::take(std::span<const std::uint32_t> rows) const {
  Points taken(rows.size(), features_);
  for (std::size_t j = 0; j < features_; ++j) {
    for (std::size_t i = 0; i < rows.size(); ++i) taken.at(i, j) = at(rows[i], j);
  }
  taken.measure();
  return taken;
}

void Points::kernel_row(const Points& other, std::size_t row, float gamma, float* kernel) const {
  const Kernels& kernels_here = kernels();
  for (std::size_t first = 0; first < padded_; first += kBlock) {
    const std::size_t n = std::min(kBlock, padded_ - first);
    std::fill(kernel + first, kernel + first + n, 0.0F);
    for (std::size_t j = 0; j < padded_features_; j += 4) {
      const float *x[4], w[4] = {other.at(row, j), other.at(row, j + 1), other.at(row, j + 2),
                                 other.at(row, j + 3)};
      if (w[0] == 0 && w[1] == 0 && w[2] == 0 && w[3] == 0) continue;
      for (std::size_t k = 0; k < 4; ++k) x[k] = &values_[(j + k) * padded_ + first];
      kernels_here.add_four_floats(x, w, kernel + first, n);
    }
    kernels_here.radial(&squares_[first], other.squares_[row], gamma, kernel + first, n);
  }
}

Machine solve(const MachineProblem& problem) { return Search(problem).run(); }

std::vector<double> machine_values(const Machine& machine, const Points& vectors,
                                   const Points& points, double gamma, int threads) {
  std::vector<std::uint32_t> used;
  std::vector<double> coefficients;
  for (std::size_t i = 0; i < machine.coefficients.size(); ++i) {
    if (machine.coefficients[i] == 0) continue;
    used.push_back(static_cast<std::uint32_t>(i));
    coefficients.push_back(machine.coefficients[i]);
  }
  const Points few = vectors.take(used);
  std::vector<double> values(points.rows(), machine.bias);
  constexpr std::size_t kRows = 64;  // Of a piece.
  for_each_piece((points.rows() + kRows - 1) / kRows, threads, [&](std::size_t piece) {
    std::vector<float> kernel(few.padded_rows());
    for (std::size_t i = piece * kRows; i < std::min((piece + 1) * kRows, points.rows()); ++i) {
      few.kernel_row(points, i, static_cast<float>(gamma), kernel.data());
      for (std::size_t k = 0; k < coefficients.size(); ++k)
        values[i] += coefficients[k] * static_cast<double>(kernel[k]);
    }
  });
  return values;
}

}  // namespace learn::detail
