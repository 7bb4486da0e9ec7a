// SPDX-License-Identifier: Apache-2.0
// How well scores put positives before negatives: the ROC and precision-recall curves, average
// precision, cumulative gains and lift. Equal scores are one point: no order among them is made up.
// O(n log n). Pure and thread-safe.
//
// Scores are any finite numbers, labels 0 or 1, one of each for a row. Nothing (or an empty curve)
// where the measure is not defined: without a positive, or without a negative for the ROC.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "metric/confusion.h"

namespace metric {

// The rows with score ≥ threshold are offered. The first point of a curve is nobody, at infinity.
struct CurvePoint {
  double threshold = 0;
  Confusion counts;
};

// One point for each distinct score, the highest first, after the one for nobody.
std::vector<CurvePoint> score_curve(std::span<const double> scores,
                                    std::span<const std::uint8_t> labels);

// Of a curve, at most so many points (at least 2): the ends stay, and of the others those whose
// offers are the nearest above an even grid.
std::vector<CurvePoint> decimated(std::span<const CurvePoint> curve, std::size_t most_points);

// Σ (recall_k − recall_{k−1})·precision_k over the points of the curve: the step-wise area, not the
// trapezoid, which is too high (Davis & Goadrich 2006). The definition of scikit-learn's
// average_precision_score.
std::optional<double> average_precision(std::span<const double> scores,
                                        std::span<const std::uint8_t> labels);

struct Gain {
  double share = 0;  // Of the rows, from the highest score down.
  double gain = 0;   // The share of all positives among them.
  double lift = 0;   // gain/share: how many times more positives than by chance.
};

// At 1/parts, 2/parts … 1 of the rows. Where equal scores straddle a step, the positives among them
// are spread evenly, which is their expectation in random order. parts ≥ 1.
std::vector<Gain> cumulative_gains(std::span<const double> scores,
                                   std::span<const std::uint8_t> labels, int parts = 10);

// Mean of recall and specificity.
std::optional<double> balanced_accuracy(const Confusion& c);
// (TP·TN − FP·FN)/√((TP+FP)(TP+FN)(TN+FP)(TN+FN)) (Matthews 1975), from −1 to 1; nothing where a
// factor is 0.
std::optional<double> matthews(const Confusion& c);

}  // namespace metric
