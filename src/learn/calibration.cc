// SPDX-License-Identifier: Apache-2.0
#include "learn/calibration.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "base/number.h"

namespace learn {
namespace {

// Probabilities nearer to 0 and 1 have the log-odds of these.
constexpr double kLeastProbability = 1e-15;

base::Result<void> validate(const HeldOut& held_out) {
  const std::size_t rows = held_out.scores.size();
  const auto refuse = [](std::string what) {
    return base::input_error("calibration: " + std::move(what));
  };
  if (held_out.labels.size() != rows ||
      (!held_out.weights.empty() && held_out.weights.size() != rows)) {
    return refuse(std::to_string(rows) + " scores, " + std::to_string(held_out.labels.size()) +
                  " labels and " + std::to_string(held_out.weights.size()) +
                  " weights: expected one label and one weight, or no weights at all, for each");
  }
  double total[2] = {0, 0};
  for (std::size_t row = 0; row < rows; ++row) {
    if (!std::isfinite(held_out.scores[row])) {
      return refuse("the score of row " + std::to_string(row + 1) + " is " +
                    base::format_double(held_out.scores[row]) + ": expected a finite number");
    }
    const double weight = held_out.weights.empty() ? 1 : held_out.weights[row];
    if (!(weight >= 0 && std::isfinite(weight))) {
      return refuse("the weight of row " + std::to_string(row + 1) + " is " +
                    base::format_double(weight) + ": expected a finite number of 0 or more");
    }
    total[held_out.labels[row] == 0 ? 0 : 1] += weight;
  }
  if (!(total[0] > 0 && total[1] > 0)) {
    return refuse("the held-out rows are all of one class: hold out more, of both");
  }
  if (!std::isfinite(total[0] + total[1])) return refuse("the weights add up to no finite number");
  return {};
}

// Lin, Lin & Weng's problem: the weighted cross-entropy of p = σ(slope · f + offset) and smoothed
// targets.
class SigmoidProblem {
 public:
  explicit SigmoidProblem(const HeldOut& held_out) : scores_(held_out.scores) {
    const std::size_t rows = scores_.size();
    weights_.assign(rows, 1.0);
    if (!held_out.weights.empty()) {
      const double sum = std::accumulate(held_out.weights.begin(), held_out.weights.end(), 0.0);
      for (std::size_t r = 0; r < rows; ++r)
        weights_[r] = held_out.weights[r] / sum * static_cast<double>(rows);
    }
    for (std::size_t r = 0; r < rows; ++r)
      (held_out.labels[r] != 0 ? positives_ : negatives_) += weights_[r];
    const double high = (positives_ + 1) / (positives_ + 2), low = 1 / (negatives_ + 2);
    for (const std::uint8_t label : held_out.labels) targets_.push_back(label != 0 ? high : low);
    for (const double score : scores_) scale_ = std::max(scale_, std::abs(score));
    if (scale_ == 0) scale_ = 1;
  }

  // On scores divided by their largest size, so that the Hessian is well scaled.
  [[nodiscard]] Sigmoid solve() const {
    Sigmoid at{0, std::log((positives_ + 1) / (negatives_ + 1))};
    double value = loss(at);
    for (int step = 0; step < 100; ++step) {
      const Slope slope = derive(at);
      if (std::abs(slope.g[0]) < kSmallGradient * total() &&
          std::abs(slope.g[1]) < kSmallGradient * total())
        break;
      if (!line_search(slope, at, value)) break;
    }
    return {at.slope / scale_, at.offset};
  }

 private:
  static constexpr double kSmallGradient = 1e-12;
  static constexpr double kRidge = 1e-12;  // Keeps the Hessian invertible where all scores are one.

  struct Slope {
    double g[2] = {0, 0};
    double h[3] = {0, 0, 0};  // By slope twice, by slope and offset, by offset twice.
  };

  [[nodiscard]] double total() const { return positives_ + negatives_; }
  [[nodiscard]] double margin(const Sigmoid& at, std::size_t r) const {
    return at.slope * (scores_[r] / scale_) + at.offset;
  }

  [[nodiscard]] double loss(const Sigmoid& at) const {
    double sum = 0;
    for (std::size_t r = 0; r < scores_.size(); ++r) {
      const double z = margin(at, r);
      // −t ln p − (1 − t) ln(1 − p), written so that nothing overflows.
      sum += weights_[r] * (z >= 0 ? (1 - targets_[r]) * z + std::log1p(std::exp(-z))
                                   : -targets_[r] * z + std::log1p(std::exp(z)));
    }
    return sum;
  }

  [[nodiscard]] Slope derive(const Sigmoid& at) const {
    Slope slope;
    slope.h[0] = slope.h[2] = kRidge * total();
    for (std::size_t r = 0; r < scores_.size(); ++r) {
      const double f = scores_[r] / scale_, p = 1 / (1 + std::exp(-margin(at, r)));
      const double residual = weights_[r] * (p - targets_[r]);
      const double curvature = weights_[r] * p * (1 - p);
      slope.g[0] += residual * f;
      slope.g[1] += residual;
      slope.h[0] += curvature * f * f;
      slope.h[1] += curvature * f;
      slope.h[2] += curvature;
    }
    return slope;
  }

  // One Newton step, halved until it lowers the loss enough; false where none does.
  bool line_search(const Slope& slope, Sigmoid& at, double& value) const {
    const auto& [g, h] = slope;
    const double determinant = h[0] * h[2] - h[1] * h[1];
    const double da = -(h[2] * g[0] - h[1] * g[1]) / determinant;
    const double db = -(h[0] * g[1] - h[1] * g[0]) / determinant;
    const double descent = g[0] * da + g[1] * db;
    if (!std::isfinite(da) || !std::isfinite(db)) return false;
    for (double share = 1; share >= 1e-10; share /= 2) {
      const Sigmoid next{at.slope + share * da, at.offset + share * db};
      const double lower = loss(next);
      if (lower < value + 1e-4 * share * descent) {
        at = next;
        value = lower;
        return true;
      }
    }
    return false;
  }

  std::span<const double> scores_;
  std::vector<double> weights_;
  std::vector<double> targets_;
  double positives_ = 0;
  double negatives_ = 0;
  double scale_ = 0;
};

// Neighbouring scores that share one probability.
struct Pool {
  double first = 0, last = 0;  // Scores.
  double positives = 0, weight = 0;
  [[nodiscard]] double probability() const { return positives / weight; }
};

}  // namespace

double Sigmoid::probability(double score) const {
  return 1 / (1 + std::exp(-(offset + slope * score)));
}

double Steps::probability(double score) const {
  if (score < points.front().score) return points.front().probability;
  if (score > points.back().score) return points.back().probability;
  // The first point behind the first that is not below the score.
  const auto right =
      std::lower_bound(points.begin() + 1, points.end() - 1, score,
                       [](const Point& point, double value) { return point.score < value; });
  const auto left = right - 1;
  return left->probability + (score - left->score) / (right->score - left->score) *
                                 (right->probability - left->probability);
}

double log_odds(double probability) {
  const double kept = std::min(std::max(probability, kLeastProbability), 1 - kLeastProbability);
  return std::log(kept / (1 - kept));
}

double Calibration::probability(double uncalibrated) const {
  if (const auto* sigmoid = std::get_if<Sigmoid>(&of))
    return sigmoid->probability(log_odds(uncalibrated));
  return std::get<Steps>(of).probability(uncalibrated);
}

base::Result<Sigmoid> fit_sigmoid(const HeldOut& held_out) {
  TRY(validate(held_out));
  return SigmoidProblem(held_out).solve();
}

base::Result<Steps> fit_steps(const HeldOut& held_out) {
  TRY(validate(held_out));
  std::vector<std::size_t> order(held_out.scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return held_out.scores[a] < held_out.scores[b];
  });
  std::vector<Pool> pools;
  for (const std::size_t row : order) {
    const double score = held_out.scores[row];
    const double weight = held_out.weights.empty() ? 1 : held_out.weights[row];
    if (weight == 0) continue;
    if (pools.empty() || pools.back().last != score) pools.push_back({score, score, 0, 0});
    pools.back().positives += held_out.labels[row] != 0 ? weight : 0;
    pools.back().weight += weight;
  }
  std::vector<Pool> rising;
  for (Pool pool : pools) {
    while (!rising.empty() && rising.back().probability() >= pool.probability()) {
      pool.first = rising.back().first;
      pool.positives += rising.back().positives;
      pool.weight += rising.back().weight;
      rising.pop_back();
    }
    rising.push_back(pool);
  }
  Steps steps;
  for (const Pool& pool : rising) {
    steps.points.push_back({pool.first, pool.probability()});
    if (pool.last > pool.first) steps.points.push_back({pool.last, pool.probability()});
  }
  // All scores are one: constant on both sides of it.
  if (steps.points.size() == 1) {
    const double score = steps.points[0].score;
    const double behind = std::nextafter(score, std::numeric_limits<double>::max());
    steps.points.push_back({behind, steps.points[0].probability});
  }
  return steps;
}

base::Result<Calibration> fit_calibration(CalibrationMethod method, const HeldOut& held_out) {
  for (std::size_t row = 0; row < held_out.scores.size(); ++row) {
    const double score = held_out.scores[row];
    if (score >= 0 && score <= 1) continue;
    return base::input_error("calibration: the score of row " + std::to_string(row + 1) + " is " +
                             base::format_double(score) + ": a probability lies between 0 and 1");
  }
  if (method == CalibrationMethod::kIsotonic) {
    TRY_ASSIGN(Steps steps, fit_steps(held_out));
    return Calibration{std::move(steps)};
  }
  std::vector<double> odds;
  for (const double score : held_out.scores) odds.push_back(log_odds(score));
  TRY_ASSIGN(const Sigmoid sigmoid, fit_sigmoid({odds, held_out.labels, held_out.weights}));
  return Calibration{sigmoid};
}

base::Result<Calibration> prior_correction(double trained_rate, double true_rate) {
  for (const double rate : {trained_rate, true_rate}) {
    if (rate > 0 && rate < 1) continue;
    return base::input_error("a rate of positives of " + base::format_double(rate) +
                             ": it must lie strictly between 0 and 1");
  }
  const double offset =
      std::log(true_rate / (1 - true_rate)) - std::log(trained_rate / (1 - trained_rate));
  return Calibration{Sigmoid{1, offset}};
}

}  // namespace learn
