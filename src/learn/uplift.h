// SPDX-License-Identifier: Apache-2.0
// A model of what an offer changes, from customers who were contacted by lot and others (controls)
// who were not:
//   u(x) = P(accepts | x, contacted) − P(accepts | x, not contacted),
// the difference of two logistic regressions on the same features, one of each group («two models»;
// Hansotia & Rukstales, Journal of Interactive Marketing 16(3), 2002). An offer pays where
// u·i > c, that is u > 1/q.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/table.h"
#include "learn/train.h"

namespace learn {

struct TrainedUplift {
  // Probabilities of both values if contacted; of the positive one if not; `uplift`, and `offer`
  // where it is above the threshold (pmml/document/decision.h).
  pmml::Document document;
  // The regression of the contacted alone, which offers where an acceptance is probable enough,
  // asked or not: what the other one has to beat.
  pmml::Document by_acceptance;
  double threshold = 0;  // Of the uplift.
  std::size_t rows = 0, treated = 0;
  std::int64_t treated_positives = 0, control_positives = 0;
  std::size_t columns = 0;            // Of the design.
  std::string positive;               // The value that means "accepts".
  std::vector<std::string> features;  // Columns of the table that are used.
  std::vector<LeakWarning> leaks;
  std::vector<std::string> notes;
};

// `treated` is 1 for each row of the table that was contacted. Trains on every row. Without
// economics and threshold whoever is won over rather than put off is offered to (0); a threshold
// given lies between −1 and 1. Refuses what train() refuses, and a group without both values of the
// target, and a column that has the name of a result. The result is the same with any number of
// threads.
base::Result<TrainedUplift> train_uplift(const data::Table& table,
                                         std::span<const std::uint8_t> treated,
                                         const TrainOptions& options);

}  // namespace learn
