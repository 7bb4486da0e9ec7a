// SPDX-License-Identifier: Apache-2.0
// How much a column tells any model, measured from outside: what its AUC loses on rows it has not
// seen when the column's values are dealt out anew among the rows (Breiman 2001, Machine Learning
// 45, section 10; Fisher, Rudin & Dominici 2019, Journal of Machine Learning Research 20). For the
// models that have no importance of their own. Of two columns that say the same each may look
// useless: the other still tells it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/table.h"
#include "learn/labels.h"
#include "learn/training_set.h"
#include "pmml/document/document.h"

namespace learn {

struct PermutationOptions {
  std::uint64_t seed = 1;
  // Rows scored in all, every column's together: a nearest-neighbours model takes a fifth of a
  // millisecond for each. As many of each class are drawn as there are, half and half at most.
  std::size_t most_scored = 20'000;
  std::size_t fewest_rows = 200;  // But never fewer than these, if there are so many.
};

// One for each of `columns` (names), in that order: the loss of AUC as a share of all losses; 0
// where nothing is lost. Empty where no column's loss is above 0. Refuses what score() refuses,
// rows of one class only, and columns that the table lacks. The same for the same seed.
base::Result<std::vector<Importance>> permutation_importance(
    const pmml::Document& document, const data::Table& held_out, const Labels& labels,
    std::span<const std::string> columns, const PermutationOptions& options = {});

}  // namespace learn
