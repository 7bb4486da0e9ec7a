// SPDX-License-Identifier: Apache-2.0
// Rows into disjoint shares or folds, by lot or in order. What is drawn is drawn from the seed: the
// same rows on every machine.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "data/column.h"

namespace data {

// Shares of the rows; what is left over is for training. Each in [0, 1), together below 1.
struct Shares {
  double validation = 0.0;
  double test = 0.3;
};

// Row numbers, ascending in each share.
struct Split {
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> validation;
  std::vector<std::uint32_t> test;
};

// Each class is shared out on its own, so that every share holds the classes in the same proportion
// (to one row). Classes are any small numbers, one for each row. Refuses shares out of range or
// more than 2³² − 1 rows.
base::Result<Split> stratified_split(std::span<const std::uint8_t> classes, const Shares& shares,
                                     std::uint64_t seed);

// The same without classes.
base::Result<Split> random_split(std::size_t rows, const Shares& shares, std::uint64_t seed);

// In the order of the rows: the first for training, the next for validation, the last for testing,
// as a model meets the customers of tomorrow. Refuses shares out of range, and a share above 0 that
// gets no row.
base::Result<Split> ordered_split(std::size_t rows, const Shares& shares);

// In the order of a column's values, numbers by size, texts by their bytes (so ISO dates stand in
// the order of time). Rows of equal values stay together: they all go to the share that the middle
// one of them falls to. Refuses also a column with a missing value, naming the row.
base::Result<Split> ordered_split(const Column& order, const Shares& shares);

// All rows in the order of a column's values; rows of equal values stay in their order. Refuses a
// column with a missing value, naming the row.
base::Result<std::vector<std::uint32_t>> rows_in_order_of(const Column& order);

// The fold of every row, 0 … folds − 1. Each class is dealt out on its own, so that every fold
// holds the classes in the same proportion (to one row), and all folds are equally large (to one
// row). Refuses fewer than 2 folds or more than 65,535, and a class with fewer rows than folds.
base::Result<std::vector<std::uint16_t>> stratified_folds(std::span<const std::uint8_t> classes,
                                                          int folds, std::uint64_t seed);

// What the draws of a repeat are drawn from, so that each is another one; repeat 0 has the seed
// itself.
std::uint64_t seed_of_repeat(std::uint64_t seed, int repeat);

// The same `repeats` times over, each dealt anew; the first deal is that of stratified_folds().
// Refuses also fewer than 1 repeat.
base::Result<std::vector<std::vector<std::uint16_t>>> repeated_folds(
    std::span<const std::uint8_t> classes, int folds, int repeats, std::uint64_t seed);

// One fold to test on, the others to train on; row numbers, ascending.
struct Fold {
  std::vector<std::uint32_t> train;
  std::vector<std::uint32_t> test;
};
Fold take_fold(std::span<const std::uint16_t> fold_of_row, int fold);

// Folds of rows in the order of time (forward chaining; Hyndman & Athanasopoulos, Forecasting:
// Principles and Practice, "time series cross-validation"): the rows are cut into folds + 1 blocks,
// equally large to one row; each block but the first is tested on once, by what was trained on all
// the blocks before it. Refuses fewer than 2 folds or more than 65,535, and fewer rows than blocks.
base::Result<std::vector<Fold>> forward_folds(std::size_t rows, int folds);

}  // namespace data
