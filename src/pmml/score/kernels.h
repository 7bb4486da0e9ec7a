// SPDX-License-Identifier: Apache-2.0
// The inner loops over a block of 64 rows, or of one row over many points, written once and
// compiled for several instruction sets. All variants do the same operations on every row in the
// same order, so their results agree bit for bit.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "pmml/compile/points.h"
#include "pmml/compile/row_sets.h"

namespace pmml::detail {

// Arrays of rows are kBlockRows long.
struct Kernels {
  const char* name;
  // ranks[r] = the number of the boundaries, which rise, that are not above x[r].
  void (*ranks)(const double* boundaries, std::uint32_t count, const double* x,
                std::uint32_t* ranks);
  // codes[r] = ranks[r] - base, held between 0 and `most`.
  void (*codes)(const std::uint32_t* ranks, std::int32_t base, std::int32_t most,
                std::uint8_t* codes);
  // The rows of a column of codes that are below each of the bounds; codes of column c begin at
  // codes + kBlockRows * c.
  void (*number_masks)(const std::uint8_t* codes, const NumberMask* masks, std::size_t n,
                       std::uint64_t* out);
  // out[c] = the rows whose member code is 0 in column c: rows[i] are the rows of category i,
  // members[i * columns + c] its code.
  void (*set_masks)(const std::uint8_t* members, const std::uint64_t* rows, std::size_t categories,
                    std::size_t columns, std::uint64_t* out);
  // sums[r] += the number of the leaf that row r comes to, tree after tree. `sets` has room for
  // kMostRowSets words.
  void (*add_doubles)(const RowSetView& forest, const std::uint64_t* masks, std::uint64_t* sets,
                      double* sums);
  void (*add_floats)(const RowSetView& forest, const std::uint64_t* masks, std::uint64_t* sets,
                     float* sums);
  // The same for distributions: sums[c * kBlockRows + r] += weight * distribution[c] of the answer,
  // unweighted where weights is null.
  void (*add_distributions)(const RowSetView& forest, const std::uint64_t* masks,
                            std::uint64_t* sets, const double* distributions,
                            std::size_t categories, const double* weights, double* sums);
  // y[r] += c[i] * x[i][r], one i after the other.
  void (*add_scaled)(const double* c, const double* const* x, std::size_t n, double* y);
  void (*add_scaled_floats)(float c, const double* x, float* y);
  // The rows with low <= x[r] <= high.
  std::uint64_t (*rows_within)(const double* x, double low, double high);
  // Is low[i] <= x[i] <= high[i] for all n?
  bool (*all_within)(const double* x, const double* low, const double* high, std::size_t n);
  // A row x with all points y, feature after feature: out[i] = Σ (x − y)², or Σ x · y, or the sum
  // of the differences.
  void (*squared_distances)(const PointsView& points, const double* x, double* out);
  void (*inner_products)(const PointsView& points, const double* x, double* out);
  void (*sum_differences)(const PointsView& points, const Difference* differences, std::size_t n,
                          const double* x, double* out);
};

// The best for this processor, or those chosen.
const Kernels& kernels();
// All that this processor can run, the plainest first.
std::span<const Kernels* const> runnable_kernels();
// For tests and measurements: workspaces that have scored no block yet take these; null: the best.
void use_kernels(const Kernels* kernels);

}  // namespace pmml::detail
