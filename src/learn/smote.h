// SPDX-License-Identifier: Apache-2.0
// SMOTE: rows of the rarer class made up between those that are there, so that a learner meets both
// classes as often (Chawla, Bowyer, Hall & Kegelmeyer 2002, JAIR 16, section 4.2; distances of
// texts by section 6.1, SMOTE-NC). Of the rows to train on only: a made-up row lies between rows,
// and one of them held out would be known before the test.
//
// A model that is trained on resampled rows believes in their rate of positives: put its
// probabilities right with prior_correction() (learn/calibration.h).
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/result.h"
#include "data/table.h"
#include "learn/labels.h"

namespace learn {

// How far apart two numbers of a column are.
enum class SmoteDistances {
  // In standard deviations of the column among the rows of the rarer class: no column's unit
  // decides for all the others.
  kScaled,
  // As they are: the paper's, and imbalanced-learn's SMOTE.
  kRaw,
};

struct SmoteOptions {
  SmoteDistances distances = SmoteDistances::kScaled;
  int neighbours = 5;      // Of each row, between which and the row new rows are made; at least 1.
  double ratio = 1;        // Rows of the rarer class for each of the other one, after; in (0, 1].
  std::uint64_t seed = 1;  // Which neighbours, and how far towards them.
  int threads = 2;         // The rows are the same with any number.
};

struct Resampled {
  data::Table table;  // The columns given: their rows, then the made-up ones.
  Labels labels;
  std::size_t made_up = 0;
};

// Columns of texts are SMOTE's nominal variant (SMOTE-NC). Without them, and with indicators in
// their place (DerivedFeatureOptions::indicators), it is plain SMOTE: indicators then become
// shares.
//
// Neighbours are the nearest rows of the rarer class (the positive one where both are equally
// frequent). Raw distances let the column with the largest unit decide alone, and would make other
// rows of the same data in cents; indicators count for next to nothing beside them. Two different
// texts are the median deviation of the numeric columns apart (SMOTE-NC), which is 1 where these
// are scaled or there are none.
//
// A made-up row stands on the straight line from a row to one of its neighbours, both of its
// columns' numbers the same share of the way; a column of whole numbers gets fractions. Each of its
// texts is that of one end by lot, of the neighbour with a chance of that share: on average its
// indicators stand on the line too. (SMOTE-NC takes the most frequent text of all neighbours: rare
// texts die out, and models believe that those who accept do not have them.)
// Every row is the beginning of equally many made-up rows (to one).
//
// Missing values: a missing number is one deviation away from every other, a missing text is a text
// of its own. Where one end of the line has no number, the made-up row has that of the nearer end,
// missing or not; where both have none, it has none.
//
// Cost: every row that is a beginning is compared with every row of its class, but with a sample of
// them, drawn by the seed, where that were more than 2³⁴ comparisons of numbers (36 columns: 21,800
// rows); with 1,024 of them at least.
//
// Refuses options out of range, no columns, columns and labels of different lengths, a class of
// fewer than neighbours + 1 rows, rows that are more balanced already than asked for, and
// differences of numbers that no double holds.
base::Result<Resampled> smote(std::span<const data::Column* const> columns, const Labels& labels,
                              const SmoteOptions& options = {});

}  // namespace learn
