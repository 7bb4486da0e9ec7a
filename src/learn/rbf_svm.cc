// SPDX-License-Identifier: Apache-2.0
#include "learn/rbf_svm.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "base/check.h"
#include "learn/detail/design.h"
#include "learn/detail/linear.h"
#include "learn/detail/out_of_fold.h"
#include "learn/detail/parallel.h"
#include "learn/detail/problem.h"
#include "learn/detail/radial_document.h"
#include "learn/detail/radial_machine.h"
#include "learn/detail/sample_rows.h"
#include "metric/probability.h"

namespace learn {
namespace {

using Rows = std::vector<std::uint32_t>;

constexpr std::size_t kFewRows = 3'000;  // All folds choose gamma; of more rows one does.

double value_of(const FeatureValues& feature, std::size_t row) {
  return std::visit([row](const auto& values) { return static_cast<double>(values[row]); },
                    feature);
}

// The rows that train, in the order of the table.
struct Sampled {
  detail::Points points;
  std::vector<std::uint8_t> labels;
  std::vector<double> weights;  // Empty: all are 1.
};

Sampled sampled(const detail::Design& design, const std::vector<detail::Moments>& scale,
                const TrainingSet& set, const Rows& rows) {
  Sampled sample{detail::Points(rows.size(), design.features.size()), {}, {}};
  for (std::size_t j = 0; j < design.features.size(); ++j) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      sample.points.at(i, j) = static_cast<float>(
          (value_of(design.features[j], rows[i]) - scale[j].mean) / scale[j].deviation);
    }
  }
  sample.points.measure();
  for (const std::uint32_t row : rows) {
    sample.labels.push_back(set.labels->values[row]);
    if (!set.weights.empty()) sample.weights.push_back(set.weights[row]);
  }
  return sample;
}

// The sum of all features' variances: half the mean squared distance of two rows.
double spread_of(const detail::Points& points) {
  const auto n = static_cast<double>(points.rows());
  double spread = 0;
  for (std::size_t j = 0; j < points.features(); ++j) {
    double sum = 0, squares = 0;
    for (std::size_t i = 0; i < points.rows(); ++i) {
      const double x = static_cast<double>(points.at(i, j));
      sum += x;
      squares += x * x;
    }
    spread += squares / n - sum / n * (sum / n);
  }
  return spread > 0 ? spread : 1;
}

detail::Machine fit(const Sampled& sample, const Rows& rows, const detail::Points& points,
                    const RbfSvmOptions& options, double gamma, std::size_t cache_bytes) {
  std::vector<std::uint8_t> labels;
  std::vector<double> costs;
  for (const std::uint32_t row : rows) {
    labels.push_back(sample.labels[row]);
    costs.push_back(options.c * (sample.weights.empty() ? 1 : sample.weights[row]));
  }
  return detail::solve({.points = &points,
                        .labels = labels,
                        .costs = costs,
                        .gamma = gamma,
                        .tolerance = options.tolerance,
                        .cache_bytes = cache_bytes});
}

// The rows outside of a fold, and those in it.
std::pair<Rows, Rows> part(const std::vector<std::uint16_t>& folds, std::size_t fold) {
  std::pair<Rows, Rows> parts;
  for (std::size_t i = 0; i < folds.size(); ++i)
    (folds[i] == fold ? parts.second : parts.first).push_back(static_cast<std::uint32_t>(i));
  return parts;
}

struct Fits {
  double gamma = 0;
  detail::Machine whole;
  std::vector<double> out_of_fold;  // Each row's value by the fit on the other folds.
};

// One after the other: what chooses gamma, then the fits with it. Whatever can be done side by side
// is.
class Fitter {
 public:
  Fitter(const Sampled& sample, const std::vector<std::uint16_t>& folds,
         const RbfSvmOptions& options, int threads)
      : sample_(sample), options_(options), threads_(threads) {
    for (std::size_t fold = 0; fold < kFolds; ++fold) parts_.push_back(part(folds, fold));
  }

  // By the first folds' rows, with each of the gammas: the one that orders them best, by the mean
  // AUC of the folds.
  double choose(std::span<const double> gammas) {
    const std::size_t folds = sample_.labels.size() <= kFewRows ? kFolds : 1;
    std::vector<std::vector<double>> values(gammas.size() * folds);
    detail::for_each_piece(values.size(), threads_, [&](std::size_t piece) {
      values[piece] = values_of_fold(piece % folds, gammas[piece / folds], values.size());
    });
    std::size_t best = 0;
    double most = 0;
    for (std::size_t g = 0; g < gammas.size(); ++g) {
      double sum = 0;
      for (std::size_t fold = 0; fold < folds; ++fold)
        sum += auc_of_fold(fold, values[g * folds + fold]);
      if (sum <= most) continue;
      most = sum;
      best = g;
    }
    const auto first = values.begin() + static_cast<std::ptrdiff_t>(best * folds);
    values_.assign(first, first + static_cast<std::ptrdiff_t>(folds));
    return gammas[best];
  }

  // The fit on all rows and those without one fold each.
  Fits fit_all(double gamma) {
    Fits fits{.gamma = gamma, .whole = {}, .out_of_fold = {}};
    const std::size_t known = values_.size();
    values_.resize(kFolds);
    const std::size_t pieces = 1 + kFolds - known;
    detail::for_each_piece(pieces, threads_, [&](std::size_t piece) {
      if (piece > 0) {
        const std::size_t fold = known + piece - 1;
        values_[fold] = values_of_fold(fold, gamma, pieces);
        return;
      }
      Rows rows(sample_.labels.size());
      std::iota(rows.begin(), rows.end(), 0U);
      fits.whole = fit(sample_, rows, sample_.points, options_, gamma, cache_of(pieces));
    });
    fits.out_of_fold.resize(sample_.labels.size());
    for (std::size_t fold = 0; fold < kFolds; ++fold) {
      const Rows& rows = parts_[fold].second;
      for (std::size_t i = 0; i < rows.size(); ++i) fits.out_of_fold[rows[i]] = values_[fold][i];
    }
    return fits;
  }

 private:
  static constexpr std::size_t kFolds = detail::kCalibrationFolds;

  // Each piece's share of the memory for kernel rows.
  [[nodiscard]] std::size_t cache_of(std::size_t pieces) const {
    return options_.cache_mb * 1'000'000 /
           std::min(pieces, static_cast<std::size_t>(std::max(threads_, 1)));
  }

  [[nodiscard]] std::vector<double> values_of_fold(std::size_t fold, double gamma,
                                                   std::size_t pieces) const {
    const auto& [others, rows] = parts_[fold];
    const detail::Points points = sample_.points.take(others);
    const detail::Machine machine = fit(sample_, others, points, options_, gamma, cache_of(pieces));
    return detail::machine_values(machine, points, sample_.points.take(rows), gamma, 1);
  }

  [[nodiscard]] double auc_of_fold(std::size_t fold, const std::vector<double>& values) const {
    std::vector<std::uint8_t> labels;
    for (const std::uint32_t row : parts_[fold].second) labels.push_back(sample_.labels[row]);
    return metric::auc(values, labels).value_or(0.5);
  }

  const Sampled& sample_;
  const RbfSvmOptions& options_;
  const int threads_;
  std::vector<std::pair<Rows, Rows>> parts_;  // For each fold the rows outside, and those in it.
  std::vector<std::vector<double>> values_;   // Of the first folds' rows, once they are known.
};

base::Result<void> check(const RbfSvmOptions& options) {
  TRY(detail::check_positive("C", options.c));
  TRY(detail::check_positive("the tolerance", options.tolerance));
  if (options.gamma) TRY(detail::check_positive("gamma", *options.gamma));
  if (options.relative_gamma)
    TRY(detail::check_positive("relative_gamma", *options.relative_gamma));
  if (options.most_rows < 6) return base::input_error("most_rows must be at least 6");
  return {};
}

}  // namespace

base::Result<Trained> train_rbf_svm(const TrainingSet& set, const RbfSvmOptions& options,
                                    const LearnerSettings& settings) {
  TRY(check(options));
  TRY_ASSIGN(const detail::Design design, detail::design_of(set, settings, nullptr));
  if (design.inputs.empty())
    return base::input_error("every column is constant or empty: there is nothing to tell apart");
  std::vector<detail::Moments> scale = detail::measure(design.features, {}, settings.threads);
  for (std::size_t j = 0; j < scale.size(); ++j) {
    if (design.meanings[j].value) scale[j] = {};
  }
  const Rows rows =
      detail::sample_rows(set.labels->values, set.weights, options.most_rows, settings.seed);
  const Sampled sample = sampled(design, scale, set, rows);
  TRY_ASSIGN(const std::vector<std::uint16_t> folds,
             detail::calibration_folds(sample.labels, sample.weights, settings.seed));
  Fitter fitter(sample, folds, options, settings.threads);
  const double unit = 1 / spread_of(sample.points);
  std::vector<double> gammas = {options.gamma.value_or(unit * options.relative_gamma.value_or(1))};
  if (!options.gamma && !options.relative_gamma) gammas = {unit, 0.5 * unit, 2 * unit};
  const Fits fits = fitter.fit_all(gammas.size() > 1 ? fitter.choose(gammas) : gammas.front());

  Trained trained;
  trained.notes = detail::texts_of(design.notes);
  if (set.labels->values.size() > options.most_rows)
    trained.notes.push_back(detail::sample_note(rows.size(), set.labels->values.size()));
  if (!fits.whole.converged)
    trained.notes.emplace_back(
        "the solver stopped before its optimum: C or gamma may be too large");
  TRY_ASSIGN(const Sigmoid sigmoid, detail::calibrating_sigmoid(fits.out_of_fold, sample.labels,
                                                                sample.weights, trained.notes));
  detail::RadialClassifier classifier{.design = design,
                                      .scale = scale,
                                      .gamma = fits.gamma,
                                      .bias = fits.whole.bias,
                                      .vectors = {},
                                      .sigmoid = sigmoid};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (fits.whole.coefficients[i] == 0) continue;
    detail::SupportVector& vector = classifier.vectors.emplace_back();
    vector.coefficient = fits.whole.coefficients[i];
    for (std::size_t j = 0; j < design.features.size(); ++j) {
      vector.coordinates.push_back((value_of(design.features[j], rows[i]) - scale[j].mean) /
                                   scale[j].deviation);
    }
  }
  trained.document = detail::to_document(std::move(classifier), *set.labels, settings.name);
  return trained;
}

}  // namespace learn
