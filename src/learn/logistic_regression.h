// SPDX-License-Identifier: Apache-2.0
// Logistic regression, to its exact optimum.
//
// Minimises over weights w and a free intercept b
//     (1 − r)/2 ‖w‖² + r ‖w‖₁ + C · Σ_i s_i · log(1 + exp(−y_i (b + w·x_i))),
// y_i = ±1, s_i the row's weight (1 if none are given), r the l1_ratio: 0 is ridge, 1 the lasso,
// between them the elastic net; in the original scale of the features, as scikit-learn and
// LIBLINEAR define C. Inside, features are standardised.
//
// Method, r = 0: L-BFGS (Nocedal 1980) preconditioned by the Cholesky factor of the Hessian. The
// Hessian is taken on as few rows as still give fast progress and anew when progress slows; the
// gradient is always that of all rows, so only speed depends on it. Beyond kMostCholeskyColumns
// features the preconditioner is the Hessian's diagonal. r > 0: proximal Newton on such Hessians
// (detail/minimise_sparse.h). Sums run over fixed blocks of rows in a fixed order, with arithmetic
// that is the same on every instruction set: the result does not depend on the number of threads.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "base/result.h"
#include "learn/training_set.h"

namespace learn {

class Prepared;

inline constexpr std::size_t kMostCholeskyColumns = 2000;

// 1 in the rows of one text of a column, else 0.
struct Indicator {
  std::span<const std::int32_t> codes;  // Of the rows' texts (data::TextValues).
  std::int32_t code = 0;                // This text's.

  [[nodiscard]] std::size_t size() const { return codes.size(); }
  [[nodiscard]] std::uint8_t operator[](std::size_t row) const {
    return static_cast<std::uint8_t>(codes[row] == code ? 1 : 0);
  }
};

// One feature: a value for each row. Bytes where values are whole numbers from 0 to 255, which is
// eight times faster to read. Indicators of one column that follow one another are read together,
// whatever their number. All values are finite.
using FeatureValues =
    std::variant<std::span<const std::uint8_t>, std::span<const double>, Indicator>;

struct LogisticProblem {
  std::vector<FeatureValues> features;   // May be empty: then only the intercept is fitted.
  std::span<const std::uint8_t> labels;  // 0 or 1; both must occur.
  std::span<const double> weights;       // Empty, or a finite weight ≥ 0 for each row.
};

// Where a search begins: the coefficients of a similar problem.
struct LogisticStart {
  double intercept = 0;
  std::vector<double> weights;  // One for each feature.
};

// What the penalty's ‖w‖ is taken of: weights of features
enum class PenaltyScale {
  kAsGiven,     // in their own units;
  kDeviations,  // in standard deviations, as after scikit-learn's StandardScaler (weighted, if rows
                // are), so that a column's unit does not matter;
  kIndicatorsAsGiven,  // so too, but for those of only 0 and 1 (Gelman 2008): an indicator of few
                       // rows has a small deviation, in which its weight would cost next to
                       // nothing. Nor may the rows at a number's commonest value make its deviation
                       // small: its square is divided by the share of the other rows. For many
                       // indicators, as of bins, and for counts that are mostly 0.
};

struct LogisticOptions {
  double c = 1.0;         // Strength of the data against the penalty; larger fits closer.
  double l1_ratio = 0.0;  // In [0, 1]. Above 0, features that tell little get weights of exactly 0.
  PenaltyScale penalty_scale = PenaltyScale::kAsGiven;
  // Stop when the objective's slope along every coefficient (of a feature in standard deviations)
  // is at most this share of the objective. Lower for more digits.
  double tolerance = 1e-7;
  int max_iterations = 200;
  int threads = 2;
  std::optional<LogisticStart> start = {};  // The optimum is the same from anywhere.
};

struct LogisticFit {
  double intercept = 0;
  std::vector<double> weights;  // For the features as given, in order.
  double objective = 0;         // As defined above.
  double gradient_norm = 0;     // The largest slope, as the tolerance measures it.
  int iterations = 0;
  int hessians = 0;        // How often the curvature was computed.
  bool converged = false;  // False: max_iterations, or no further progress in double precision.
};

// Refuses spans of different lengths, labels of one class, values that are not finite, C or
// tolerance ≤ 0, an l1_ratio outside [0, 1].
base::Result<LogisticFit> fit_logistic(const LogisticProblem& problem,
                                       const LogisticOptions& options = {});

// The objective of given coefficients (with l1_ratio 0), computed plainly, row by row: the oracle
// that fits are checked against.
double logistic_objective(const LogisticProblem& problem, double c, double intercept,
                          std::span<const double> weights);

// The learner: numeric columns as they are (missing: the mean of those present), one indicator for
// each text (missing: one of its own; unlisted: none). options.threads gives way to
// settings.threads; options.start must be of the design's features. Importance: |weight ×
// deviation| summed over a column's features.
base::Result<Trained> train_logistic(const TrainingSet& set, const LogisticOptions& options,
                                     const LearnerSettings& settings,
                                     const Prepared* prepared = nullptr);

}  // namespace learn
