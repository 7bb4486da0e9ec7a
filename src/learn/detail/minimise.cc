// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/minimise.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <numeric>

#include "learn/detail/minimise_sparse.h"

namespace learn::detail {
namespace {

constexpr std::size_t kHessianRowsPerFeature = 300;
constexpr std::size_t kLeastHessianRows = 32'768;
constexpr std::size_t kHistory = 10;
constexpr double kSlow =
    0.3;  // A step that leaves more than this of the gradient asks for a new Hessian.
constexpr int kMostHalvings = 40;
// Line search (Hager & Zhang 2005): the usual decrease, or, where rounding hides it, slopes that
// show it.
constexpr double kDecrease = 1e-4;
constexpr double kSlope = 0.9;
constexpr double kRounding = 1e-13;

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}
void add(Vector& a, double factor, const Vector& b) {
  for (std::size_t j = 0; j < a.size(); ++j) a[j] += factor * b[j];
}

// Relative to the value, because where the classes separate the value and all slopes fade together.
double norm_of(const Vector& gradient, double value) {
  double largest = 0;
  for (const double g : gradient) largest = std::max(largest, std::fabs(g));
  return value > 0 ? largest / value : largest;
}

struct Pair {
  Vector step, change;  // Of the coordinates, and of the gradient.
  double curvature = 0;
};

// The two loops of Nocedal (1980), with the preconditioner as the initial inverse Hessian.
Vector descent_direction(const Vector& gradient, const std::deque<Pair>& history,
                         const Preconditioner& inverse) {
  Vector direction = gradient;
  Vector alpha(history.size());
  for (std::size_t k = history.size(); k-- > 0;) {
    alpha[k] = dot(history[k].step, direction) / history[k].curvature;
    add(direction, -alpha[k], history[k].change);
  }
  inverse.apply(direction);
  for (std::size_t k = 0; k < history.size(); ++k) {
    add(direction, alpha[k] - dot(history[k].change, direction) / history[k].curvature,
        history[k].step);
  }
  for (double& value : direction) value = -value;
  return direction;
}

struct Point {
  Vector u, gradient;
  double value = 0;
};

// The first acceptable point along the direction; false if there is none in double precision.
bool search_line(const Standardised& problem, const Sample& rows, const Point& from,
                 const Vector& direction, double slope, Point& to) {
  double step = 1;
  for (int halving = 0; halving < kMostHalvings; ++halving) {
    to.u = from.u;
    add(to.u, step, direction);
    to.value = problem.evaluate(to.u, rows, to.gradient);
    if (to.value <= from.value + kDecrease * step * slope) return true;
    const double new_slope = dot(to.gradient, direction);
    const bool hidden = to.value <= from.value + kRounding * std::fabs(from.value);
    if (hidden && std::fabs(new_slope) <= kSlope * std::fabs(slope)) return true;
    // The minimum of the parabola through what is known, held within [0.1, 0.5] of the step.
    const double parabola = -slope * step * step / (2 * (to.value - from.value - slope * step));
    step = std::isfinite(parabola) ? std::clamp(parabola, 0.1 * step, 0.5 * step) : 0.1 * step;
  }
  return false;
}

}  // namespace

void minimise(const Standardised& problem, const Stage& stage, State& state) {
  Point here{.u = state.u, .gradient = {}, .value = 0};
  here.value = problem.evaluate(here.u, stage.gradient_rows, here.gradient);
  Point next;
  std::deque<Pair> history;
  const auto renew_preconditioner = [&] {
    if (problem.dimension() <= kMostCholeskyColumns + 1) {
      state.hessian = problem.hessian(here.u, stage.hessian_rows);
      state.preconditioner.emplace(state.hessian, problem.dimension());
    } else {
      state.hessian.clear();
      state.preconditioner.emplace(problem.hessian_diagonal(here.u, stage.hessian_rows));
    }
    ++state.hessians;
    history.clear();
  };
  bool fresh = false;  // The preconditioner was made right here.
  double norm = norm_of(here.gradient, here.value);
  state.converged = norm <= stage.tolerance;
  for (int iteration = 0; !state.converged && iteration < stage.max_iterations; ++iteration) {
    if (!state.preconditioner) {
      renew_preconditioner();
      fresh = true;
    }
    const Vector direction = descent_direction(here.gradient, history, *state.preconditioner);
    const double slope = dot(here.gradient, direction);
    const bool found =
        slope < 0 && search_line(problem, stage.gradient_rows, here, direction, slope, next);
    if (!found) {
      if (fresh && history.empty())
        break;  // The best direction there is leads nowhere: the end of double precision.
      renew_preconditioner();
      fresh = true;
      continue;
    }
    ++state.iterations;
    Pair pair{next.u, next.gradient, 0};
    add(pair.step, -1, here.u);
    add(pair.change, -1, here.gradient);
    pair.curvature = dot(pair.step, pair.change);
    if (pair.curvature > 0) history.push_back(std::move(pair));
    if (history.size() > kHistory) history.pop_front();
    std::swap(here, next);
    const double new_norm = norm_of(here.gradient, here.value);
    state.converged = new_norm <= stage.tolerance;
    const bool slow = new_norm > kSlow * norm;
    norm = new_norm;
    fresh = false;
    if (slow && !state.converged && problem.dimension() <= kMostCholeskyColumns + 1) {
      renew_preconditioner();
      fresh = true;
    }
  }
  state.u = std::move(here.u);
  state.value = here.value;
  state.gradient_norm = norm;
}

Sample hessian_sample(const Standardised& problem) {
  const std::size_t wanted =
      std::max(kLeastHessianRows, kHessianRowsPerFeature * problem.dimension()) / kBlockRows;
  return {.stride = std::max<std::size_t>(1, problem.blocks() / wanted)};
}

void find_minimum(const Standardised& problem, double tolerance, int max_iterations, State& state) {
  const auto whole = [&problem](const Vector& u) {
    Vector gradient;
    double value = problem.evaluate(u, {}, gradient);
    for (std::size_t j = 0; j < u.size(); ++j) value += problem.l1()[j] * std::fabs(u[j]);
    return value;
  };
  const bool sparse =
      std::any_of(problem.l1().begin(), problem.l1().end(), [](double cost) { return cost > 0; });
  const auto run = sparse ? minimise_sparse : minimise;
  const Sample sample = hessian_sample(problem);
  if (state.u.empty()) {
    state.u = problem.start();
    if (sample.stride > 1) {
      // On a sample first: it comes close to the optimum for a fraction of the work. Precisely
      // there is not worth it.
      run(problem,
          {.gradient_rows = sample,
           .hessian_rows = sample,
           .tolerance = 1e-3,
           .max_iterations = 20},
          state);
      const Vector origin = problem.start();
      if (!(whole(state.u) < whole(origin))) state.u = origin;
      state.preconditioner.reset();
    }
  }
  run(problem,
      {.gradient_rows = {},
       .hessian_rows = sample,
       .tolerance = tolerance,
       .max_iterations = max_iterations},
      state);
}

}  // namespace learn::detail
