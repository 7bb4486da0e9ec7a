// SPDX-License-Identifier: Apache-2.0
// The usual job in one call: hold rows out, train on the rest, measure on what was held out.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "data/table.h"
#include "learn/beyond_controls.h"
#include "learn/control_group.h"
#include "learn/evaluate.h"
#include "learn/train.h"
#include "learn/uplift.h"

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

struct TrainedAndTestedUplift {
  TrainedUplift model;
  // On the held-out rows: the model (by its name in the options), «by acceptance», "always" and
  // "never".
  std::vector<BeyondControls> ranking;
  std::size_t test_rows = 0, test_controls = 0;
};

// The same with a control group, which both tables have; the share is drawn alike of both groups.
// The group's column is no feature.
base::Result<TrainedAndTestedUplift> train_and_test_uplift(const data::Table& table,
                                                           const ControlGroup& group,
                                                           const data::Table* test,
                                                           double test_share, std::uint64_t seed,
                                                           const TrainOptions& options);

inline constexpr const char* kByAcceptance = "by acceptance";

}  // namespace learn
