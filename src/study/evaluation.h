// SPDX-License-Identifier: Apache-2.0
// How models are evaluated: on rows held out once, or in rounds that each hold other rows out.
#pragma once
#include <cstddef>
#include <string>

namespace study {

enum class Order {
  kShuffled,  // Stratified by the target.
  kTime,      // Rows stand in the order of time: train on the first, test on the last.
};

struct Evaluation {
  Order order = Order::kShuffled;
  // 0: a share of the rows is held out. 2 or more: every row is tested once, by a model that has
  // not seen it; in the order of time every row but those of the first block, by models of the rows
  // before it (data/split.h).
  int folds = 0;
  int repeats = 1;           // All that so often, with other draws.
  double test_share = 0.15;  // Of all rows, where no test table is given and there are no folds.
  // Of all rows, where no validation table is given; with folds of the rows that a fold trains on.
  double validation_share = 0.15;

  [[nodiscard]] bool once() const { return folds == 0 && repeats == 1; }
  [[nodiscard]] std::size_t rounds_a_repeat() const {
    return folds == 0 ? 1 : static_cast<std::size_t>(folds);
  }
  [[nodiscard]] std::size_t rounds() const {
    return rounds_a_repeat() * static_cast<std::size_t>(repeats);
  }
};

// "hold-out", "repeated hold-out", "k-fold", "repeated k-fold" or "forward chaining".
std::string name_of(const Evaluation& evaluation);

// What the rounds do, half a sentence: "every row is tested once, by a model of the 4 other folds;
// …". Of an evaluation in rounds.
std::string describe(const Evaluation& evaluation);

}  // namespace study
