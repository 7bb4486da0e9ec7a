// SPDX-License-Identifier: Apache-2.0
// Probabilities that mean what they say: of the rows given 0.1, one in ten accepts. An offer pays
// where the probability is above 1/q only if it is one. Fitted on rows that the model has not seen.
//
//   TRY_ASSIGN(const learn::Scores held_out, learn::score(document, validation, labels.positive));
//   TRY_ASSIGN(const learn::Calibration calibration,
//              learn::fit_calibration(learn::CalibrationMethod::kPlatt,
//                                     {held_out.probabilities, labels.values}));
//   TRY_ASSIGN(document, learn::calibrate(std::move(document), labels.positive, calibration));
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "pmml/document/document.h"

namespace learn {

// Scores of rows that the model has not seen, and what they turned out to be.
struct HeldOut {
  std::span<const double> scores;        // Finite.
  std::span<const std::uint8_t> labels;  // 1: positive. One for each score; both classes occur.
  std::span<const double> weights = {};  // Empty, or a finite weight ≥ 0 for each row.
};

// p = 1 / (1 + exp(−(slope · score + offset))).
struct Sigmoid {
  double slope = 1;
  double offset = 0;
  [[nodiscard]] double probability(double score) const;
  bool operator==(const Sigmoid&) const = default;
};

// Platt's sigmoid of any score, a margin say, by Lin, Lin & Weng's Newton method (2007, Machine
// Learning 68, algorithm 1) with Platt's targets (N₊ + 1) / (N₊ + 2) and 1 / (N₋ + 2), which keep
// it finite where the scores part the classes. Weights count as shares of the number of rows. The
// slope is negative where high scores are rejected more often than low ones. Refuses what HeldOut
// rules out.
base::Result<Sigmoid> fit_sigmoid(const HeldOut& held_out);

// Rising probability, linear between points, constant outside of them. Scores rise strictly; there
// are two points or more.
struct Steps {
  struct Point {
    double score = 0;
    double probability = 0;
    bool operator==(const Point&) const = default;
  };
  std::vector<Point> points;
  [[nodiscard]] double probability(double score) const;
  bool operator==(const Steps&) const = default;
};

// Isotonic regression: of all rising functions the one with the least squared error, by pooling
// adjacent violators (Ayer et al. 1955); of each pool its first and its last score is a point. Rows
// of weight 0 do not count. The lowest and the highest pool may be of one class: then 0 and 1 are
// among the probabilities, and the log-loss of a surprise is infinite. Refuses what HeldOut rules
// out.
base::Result<Steps> fit_steps(const HeldOut& held_out);

enum class CalibrationMethod {
  kPlatt,     // Two figures: for few held-out rows, and for models wrong in the same way all over.
  kIsotonic,  // Any rising shape: for a thousand positives and more.
};

// Of a probability that a document gives: a sigmoid of its log-odds, or steps of itself.
struct Calibration {
  std::variant<Sigmoid, Steps> of = Sigmoid{};
  [[nodiscard]] double probability(double uncalibrated) const;
  bool operator==(const Calibration&) const = default;
};

// The scores are the probabilities that the document gives the positive value. Refuses also scores
// outside of [0, 1].
base::Result<Calibration> fit_calibration(CalibrationMethod method, const HeldOut& held_out);

// For a model trained where positives were made more frequent than they are (SMOTE, weights of
// classes; the share is then that of the weights): its probabilities under the true rate (Elkan
// 2001, theorem 2; Saerens, Latinne & Decaestecker 2002, equation 4), which moves the log-odds by a
// constant. Refuses rates outside of (0, 1).
base::Result<Calibration> prior_correction(double trained_rate, double true_rate);

// ln(p / (1 − p)) with p kept within [1e-15, 1 − 1e-15], as the document computes it.
double log_odds(double probability);

// The same document with calibrated probabilities of both values; an `offer` it has keeps its
// threshold, which is then compared with the calibrated probability (pmml::add_decision moves it).
// A logistic regression, alone or at the end of a chain, gets other coefficients: equal to
// Calibration::probability() but for rounding. To any other model a link is chained that computes
// it bit for bit; it is compiled where the model is. A ModelVerification is dropped: it would no
// longer be true.
//
// Refuses a document that is no classification of two values, a value that is none of them, a
// calibration whose figures are not finite or whose points do not rise, and outputs other than
// probabilities, the predicted value and what is computed from them.
base::Result<pmml::Document> calibrate(pmml::Document document, const std::string& positive,
                                       const Calibration& calibration);

}  // namespace learn
