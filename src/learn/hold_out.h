// SPDX-License-Identifier: Apache-2.0
// The usual job in one call: hold rows out, train on the rest, measure on what was held out.
#pragma once
#include <cstdint>
#include <optional>

#include "base/result.h"
#include "data/table.h"
#include "learn/evaluate.h"
#include "learn/train.h"

namespace learn {

struct TrainedAndTested {
  TrainedModel model;
  Evaluation tested;              // On the held-out rows.
  std::vector<Evaluation> nulls;  // "always" and "never" on the same rows.
  std::size_t test_rows = 0;
};

// With a test table, trains on all of the first table and tests on the second. Without one, a
// stratified share of the table (0 < share < 1) is held out, chosen by the seed.
base::Result<TrainedAndTested> train_and_test(const data::Table& table, const data::Table* test,
                                              double test_share, std::uint64_t seed,
                                              const TrainOptions& options);

}  // namespace learn
