// SPDX-License-Identifier: Apache-2.0
#include "learn/rbf_svm.h"

#include <algorithm>
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

namespace learn {
namespace {

using Rows = std::vector<std::uint32_t>;

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

struct Fits {
  detail::Machine whole;
  std::vector<double> out_of_fold;  // Each row's value by the fit on the other folds.
};

// The fit on all rows and those without one fold each, side by side.
Fits fit_all(const Sampled& sample, const std::vector<std::uint16_t>& folds,
             const RbfSvmOptions& options, double gamma, int threads) {
  Fits fits;
  fits.out_of_fold.resize(sample.labels.size());
  const std::size_t pieces = detail::kCalibrationFolds + 1;
  const std::size_t cache =
      options.cache_mb * 1'000'000 /
      std::min<std::size_t>(pieces, static_cast<std::size_t>(std::max(threads, 1)));
  detail::for_each_piece(pieces, threads, [&](std::size_t piece) {
    Rows rows, others;
    for (std::size_t i = 0; i < folds.size(); ++i)
      (piece > 0 && folds[i] == piece - 1 ? others : rows).push_back(static_cast<std::uint32_t>(i));
    if (piece == 0) {
      fits.whole = fit(sample, rows, sample.points, options, gamma, cache);
      return;
    }
    const detail::Points points = sample.points.take(rows);
    const detail::Machine machine = fit(sample, rows, points, options, gamma, cache);
    const std::vector<double> values =
        detail::machine_values(machine, points, sample.points.take(others), gamma, 1);
    for (std::size_t i = 0; i < others.size(); ++i) fits.out_of_fold[others[i]] = values[i];
  });
  return fits;
}

base::Result<void> check(const RbfSvmOptions& options) {
  TRY(detail::check_positive("C", options.c));
  TRY(detail::check_positive("the tolerance", options.tolerance));
  if (options.gamma) TRY(detail::check_positive("gamma", *options.gamma));
  TRY(detail::check_positive("relative_gamma", options.relative_gamma));
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
  const double gamma = options.gamma.value_or(options.relative_gamma / spread_of(sample.points));
  const Fits fits = fit_all(sample, folds, options, gamma, settings.threads);

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
                                      .gamma = gamma,
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
