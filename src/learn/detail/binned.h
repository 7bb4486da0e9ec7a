// SPDX-License-Identifier: Apache-2.0
// Columns of a table as small numbers, the form in which trees are grown: one byte a cell, its bin.
// Made once for a table, used by any number of fits on the same rows.
//
// Numbers: at most kMostBins intervals of about equal numbers of rows; one for each value where
// there are no more values than that. Edges lie midway between neighbouring values of the table.
// Texts: one bin for each value that occurs; of more than kMostBins values the rarest share one.
// Missing values have a bin of their own, the last one.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/column.h"
#include "learn/labels.h"
#include "learn/prepared.h"
#include "learn/training_set.h"

namespace learn::detail {

inline constexpr std::size_t kMostBins = 254;
inline constexpr std::size_t kMostFineBins = 65'534;

// The bins of a numeric column cut finer, where they hold several values: two bytes a cell, at most
// kMostFineBins intervals, and one for each value where there are no more than 65,280.
struct FineColumn {
  std::size_t bins = 0;
  std::vector<double> edges;
  std::vector<std::uint16_t> cells;
};

struct BinnedColumn {
  std::string name = {};
  std::size_t position = 0;  // Among the columns that were given.
  bool numeric = true;
  std::size_t bins = 0;       // Of values. Bin number `bins` is that of missing ones.
  bool missing = false;       // Some value is missing.
  bool pooled = false;        // Numeric: some bin holds several values.
  std::vector<double> edges;  // Numeric: bin(x) ≤ b exactly where x ≤ edges[b]; bins − 1 of them.
  std::vector<std::string> categories;     // Text: those that occur, in the order of the column.
  std::vector<std::uint8_t> category_bin;  // For each of them.
  std::vector<std::uint8_t> cells;         // The bin of each row.
  std::shared_ptr<const FineColumn> fine;  // Of pooled columns, after add_fine().

  [[nodiscard]] std::size_t slots() const { return bins + (missing ? 1 : 0); }
};

// Several columns of few bins as one of their product, at most kMostBundleBins: its histogram holds
// theirs, for the price of one.
inline constexpr std::size_t kMostBundleBins = 64;
struct Bundle {
  struct Part {
    std::uint32_t column = 0;
    std::uint32_t step = 1;  // The bundle's bin is Σ step · bin.
  };
  std::vector<Part> parts;
  std::size_t bins = 1;
};

struct Binned {
  std::size_t rows = 0;
  std::vector<const data::Column*> given;  // All columns, used or not.
  std::vector<BinnedColumn> columns;       // Without those that hold one value.
  std::vector<Bundle> bundles;
  std::vector<std::uint8_t> cells;  // Row by row, one for each bundle.
  std::vector<std::string> notes;   // One for each column given that is left out.
};

// Leaves out empty columns and those of one value, with a note. Refuses columns of different
// lengths, a number that is not finite, and a text column of more than most_categories values.
base::Result<Binned> make_binned(std::span<const data::Column* const> columns,
                                 std::size_t most_categories, int threads);
// Fine bins for the columns that need them: trees grown on them are exact. The columns given must
// still be there.
void add_fine(Binned& binned, int threads);
base::Result<void> check_lengths(std::span<const data::Column* const> columns);

// What make_binned() would make of some of a table's columns. Refuses one it was not made of.
base::Result<Binned> part_of(const Binned& table, std::span<const data::Column* const> columns,
                             int threads);

// The set's columns: binned now, or those prepared, which must outlive what this returns.
enum class Cells { kBytes, kFine };
base::Result<std::shared_ptr<const Binned>> binned_of(const TrainingSet& set, Cells cells,
                                                      const LearnerSettings& settings,
                                                      const Prepared* prepared);

// The rows of a fit: all those of `table`, and some of its columns.
struct BinnedSet {
  const Binned* table = nullptr;
  std::span<const std::uint32_t> columns = {};  // Into table->columns, rising; empty: all.
  const Labels* labels = nullptr;
  std::span<const double> weights = {};  // Empty, or a finite weight ≥ 0 for each row.
};

// Refuses what no learner can use: other numbers of labels or weights than rows, a weight that is
// negative or not finite, no weight on one of the classes.
base::Result<void> check(const BinnedSet& set);

// What `columns` stands for.
std::vector<std::uint32_t> columns_of(const BinnedSet& set);

}  // namespace learn::detail
