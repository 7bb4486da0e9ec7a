// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/minimise_sparse.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace learn::detail {
namespace {

using Vector = std::vector<double>;
using Indices = std::vector<std::size_t>;

constexpr std::size_t kSmall = 500;  // Up to here every feature takes part in every step.
constexpr double kLikely = 0.5;  // Features whose slope is this share of what would let them in.
constexpr double kOutside =
    0.3;                       // A feature left out that slopes more than this asks to be let in.
constexpr double kSlow = 0.3;  // As in minimise.cc.
constexpr double kInnerTolerance = 0.01;  // What a step leaves of the parabola's slope.
constexpr int kMostRounds = 100;          // Of coordinate descent and solving, in one step.
constexpr int kSweeps = 3;
constexpr int kMostHalvings = 40;
constexpr double kDecrease = 1e-4;
constexpr double kRounding = 1e-13;

// The slope of the steepest way down along coordinate j.
double violation(double gradient, double u, double cost) {
  if (u != 0) return std::fabs(gradient + std::copysign(cost, u));
  return std::max(0.0, std::fabs(gradient) - cost);
}

struct Point {
  Vector u, gradient;
  double value = 0;
};

void evaluate(const Standardised& problem, const Sample& rows, Point& point) {
  point.value = problem.evaluate(point.u, rows, point.gradient);
  for (std::size_t j = 0; j < point.u.size(); ++j)
    point.value += problem.l1()[j] * std::fabs(point.u[j]);
}

Vector violations_at(const Standardised& problem, const Point& point) {
  Vector all(point.u.size());
  for (std::size_t j = 0; j < all.size(); ++j)
    all[j] = violation(point.gradient[j], point.u[j], problem.l1()[j]);
  return all;
}

double norm_of(const Vector& violations, double value) {
  const double largest = *std::max_element(violations.begin(), violations.end());
  return value > 0 ? largest / value : largest;
}

// The features of a step: all of few; of many those that are not 0 or may soon not be, the steepest
// first.
Indices choose_features(const Standardised& problem, const Point& here, const Vector& violations) {
  const std::size_t features = problem.dimension() - 1;
  Indices chosen;
  for (std::size_t j = 0; j < features; ++j) {
    if (features <= kSmall || here.u[j] != 0 ||
        std::fabs(here.gradient[j]) > kLikely * problem.l1()[j])
      chosen.push_back(j);
  }
  if (chosen.size() <= kMostCholeskyColumns) return chosen;
  std::ranges::stable_sort(
      chosen, [&](std::size_t a, std::size_t b) { return violations[a] > violations[b]; });
  chosen.resize(kMostCholeskyColumns);
  std::ranges::sort(chosen);
  return chosen;
}

// slope·δ + ½ δ'Hδ + Σ cost |u + δ| over the features of a step, the intercept last.
class Parabola {
 public:
  Parabola(const std::vector<double>& lower, std::size_t d) : hessian_(lower) {
    size_ = d;
    double largest = 0;
    for (std::size_t j = 0; j < d; ++j) largest = std::max(largest, hessian_[j * d + j]);
    for (std::size_t j = 0; j < d; ++j) {
      hessian_[j * d + j] += 1e-12 * largest;
      for (std::size_t k = 0; k < j; ++k) hessian_[k * d + j] = hessian_[j * d + k];
    }
  }

  // Where it is least, from v = u with the gradient there.
  Vector minimum(Vector v, Vector slope, const Vector& cost) const {
    const auto largest = [&] {
      double most = 0;
      for (std::size_t j = 0; j < size_; ++j)
        most = std::max(most, violation(slope[j], v[j], cost[j]));
      return most;
    };
    const double enough = kInnerTolerance * largest();
    for (int round = 0; round < kMostRounds; ++round) {
      for (int sweep = 0; sweep < kSweeps; ++sweep) descend(v, slope, cost);
      if (largest() <= enough) break;
      solve_with_signs(v, slope, cost);
      if (largest() <= enough) break;
    }
    return v;
  }

 private:
  void move(std::size_t j, double change, Vector& v, Vector& slope) const {
    if (change == 0) return;
    v[j] += change;
    const double* const row = &hessian_[j * size_];
    for (std::size_t k = 0; k < size_; ++k) slope[k] += change * row[k];
  }

  // Every coordinate once to where the parabola is least along it.
  void descend(Vector& v, Vector& slope, const Vector& cost) const {
    for (std::size_t j = 0; j < size_; ++j) {
      const double curvature = hessian_[j * size_ + j];
      if (curvature <= 0) continue;
      const double free = v[j] - slope[j] / curvature, shrink = cost[j] / curvature;
      const double to = std::fabs(free) <= shrink ? 0 : free - std::copysign(shrink, free);
      move(j, to - v[j], v, slope);
      if (to == 0) v[j] = 0;
    }
  }

  // The least with the signs as they are; stops at the first coordinate that would change its own,
  // which becomes 0, and goes on without it.
  void solve_with_signs(Vector& v, Vector& slope, const Vector& cost) const {
    Indices active;
    for (std::size_t j = 0; j < size_; ++j) {
      if (v[j] != 0 || cost[j] == 0) active.push_back(j);
    }
    for (bool crossed = true; crossed && !active.empty();) {
      const auto n = static_cast<Eigen::Index>(active.size());
      Eigen::MatrixXd matrix(n, n);
      Eigen::VectorXd direction(n);
      for (Eigen::Index a = 0; a < n; ++a) {
        const std::size_t j = active[static_cast<std::size_t>(a)];
        direction[a] = -(slope[j] + (v[j] != 0 ? std::copysign(cost[j], v[j]) : 0));
        for (Eigen::Index b = 0; b <= a; ++b)
          matrix(a, b) = hessian_[j * size_ + active[static_cast<std::size_t>(b)]];
      }
      const double size = matrix.diagonal().maxCoeff();
      Eigen::LLT<Eigen::MatrixXd> factor;
      for (double lift = 1e-12; lift < 1; lift *= 100) {
        matrix.diagonal().array() += lift * size;
        factor.compute(matrix);
        if (factor.info() == Eigen::Success) break;
      }
      if (factor.info() != Eigen::Success) return;
      factor.solveInPlace(direction);
      double step = 1;
      std::size_t first = active.size();
      for (std::size_t a = 0; a < active.size(); ++a) {
        const double from = v[active[a]], by = direction[static_cast<Eigen::Index>(a)];
        if (cost[active[a]] == 0 || from * by >= 0 || std::fabs(by) * step <= std::fabs(from))
          continue;
        step = std::fabs(from / by);
        first = a;
      }
      for (std::size_t a = 0; a < active.size(); ++a)
        move(active[a], step * direction[static_cast<Eigen::Index>(a)], v, slope);
      crossed = first < active.size();
      if (!crossed) continue;
      move(active[first], -v[active[first]], v, slope);
      v[active[first]] = 0;
      active.erase(active.begin() + static_cast<std::ptrdiff_t>(first));
    }
  }

  Vector hessian_;
  std::size_t size_ = 0;
};

// What the step from `here` promises: the change of the linear part and of the L1 part.
double promise(const Standardised& problem, const Point& here, const Vector& step) {
  double sum = 0;
  for (std::size_t j = 0; j < step.size(); ++j) {
    sum += here.gradient[j] * step[j] +
           problem.l1()[j] * (std::fabs(here.u[j] + step[j]) - std::fabs(here.u[j]));
  }
  return sum;
}

bool search_line(const Standardised& problem, const Sample& rows, const Point& here,
                 const Vector& target, const Vector& step, double promised, double norm,
                 Point& to) {
  double length = 1;
  for (int halving = 0; halving < kMostHalvings; ++halving, length *= 0.5) {
    to.u = target;  // Exact zeros stay so in a whole step.
    if (halving > 0) {
      for (std::size_t j = 0; j < step.size(); ++j) to.u[j] = here.u[j] + length * step[j];
    }
    evaluate(problem, rows, to);
    if (to.value <= here.value + kDecrease * length * promised) return true;
    const bool hidden = to.value <= here.value + kRounding * std::fabs(here.value);
    if (hidden && norm_of(violations_at(problem, to), to.value) < norm) return true;
  }
  return false;
}

}  // namespace

void minimise_sparse(const Standardised& problem, const Stage& stage, State& state) {
  Point here{.u = state.u, .gradient = {}, .value = 0}, next;
  evaluate(problem, stage.gradient_rows, here);
  Vector violations = violations_at(problem, here);
  double norm = norm_of(violations, here.value);
  state.converged = norm <= stage.tolerance;
  const std::size_t intercept = problem.dimension() - 1;
  Indices chosen;
  std::vector<bool> is_chosen;
  std::optional<Parabola> parabola;
  bool fresh = false;
  for (int iteration = 0; !state.converged && iteration < stage.max_iterations;) {
    bool someone_waits = !parabola;
    for (std::size_t j = 0; j < intercept && !someone_waits; ++j)
      someone_waits = !is_chosen[j] && violations[j] > kOutside * norm * here.value;
    if (someone_waits) {
      chosen = choose_features(problem, here, violations);
      is_chosen.assign(intercept, false);
      for (const std::size_t j : chosen) is_chosen[j] = true;
      parabola.emplace(problem.hessian(here.u, stage.hessian_rows, chosen), chosen.size() + 1);
      ++state.hessians;
      chosen.push_back(intercept);
      fresh = true;
    }
    Vector v, slope, cost;
    for (const std::size_t j : chosen) {
      v.push_back(here.u[j]);
      slope.push_back(here.gradient[j]);
      cost.push_back(problem.l1()[j]);
    }
    v = parabola->minimum(std::move(v), std::move(slope), cost);
    Vector target = here.u, step(here.u.size(), 0);
    for (std::size_t k = 0; k < chosen.size(); ++k) {
      target[chosen[k]] = v[k];
      step[chosen[k]] = v[k] - here.u[chosen[k]];
    }
    const double promised = promise(problem, here, step);
    if (!(promised < 0) ||
        !search_line(problem, stage.gradient_rows, here, target, step, promised, norm, next)) {
      if (fresh) break;  // The end of double precision.
      parabola.reset();
      continue;
    }
    ++iteration;
    ++state.iterations;
    std::swap(here, next);
    violations = violations_at(problem, here);
    const double new_norm = norm_of(violations, here.value);
    state.converged = new_norm <= stage.tolerance;
    const bool slow = new_norm > kSlow * norm;
    norm = new_norm;
    fresh = false;
    if (slow) parabola.reset();
  }
  state.u = std::move(here.u);
  state.value = here.value;
  state.gradient_norm = norm;
}

}  // namespace learn::detail
