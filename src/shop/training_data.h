// SPDX-License-Identifier: Apache-2.0
// The shop's files: past customers with what they bought, and live customers with what is known of
// them. Columns: uuid, age, man, woman, the 110 flags in the exercise's order, and for training the
// label "bought" (0 or 1).
#pragma once
#include <cstdint>
#include <string>

#include "base/progress.h"
#include "base/result.h"

namespace shop {

struct TableOptions {
  std::int64_t rows = 335'000;  // The exercise's training set has 335,000.
  std::uint64_t seed = 2019;
  std::int64_t first_row =
      0;  // Skips this many customers: another part of the same population, as for a test set.
};

// Customers kFirstTrainingUuid + first_row …, with label. Streams to the file ("-": standard
// output), replacing it only when complete. Refuses no rows or more than a range of uuids holds; a
// file that cannot be written is a system error.
base::Result<void> write_training_csv(const std::string& path, const TableOptions& options,
                                      const base::Progress& progress = {});

// Customers kFirstLiveUuid + first_row …, without label: the table from which enrichment answers.
base::Result<void> write_customers_csv(const std::string& path, const TableOptions& options,
                                       const base::Progress& progress = {});

}  // namespace shop
