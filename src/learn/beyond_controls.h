// SPDX-License-Identifier: Apache-2.0
// Models side by side by what their offers bring beyond what would have come without them, on rows
// that were contacted and rows that were not.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "data/table.h"
#include "learn/evaluate.h"
#include "learn/uplift_figures.h"

namespace learn {

struct BeyondControls {
  std::string name;
  std::int64_t offers = 0;  // Of all rows of both groups.
  Uplift figures;
  // What the first of the ranking brings more, per row, on the same rows; nothing for the first.
  std::optional<metric::Interval> behind = {};
};

struct ControlledRows {
  const data::Table* table = nullptr;     // Borrowed for the call.
  const Labels* labels = nullptr;         // One for each row.
  std::span<const std::uint8_t> treated;  // 1: contacted.
};

// Every candidate and the models "always" and "never", the one that brings most first; of equal
// ones these two, then the others in the order given. Without economics an acceptance counts 1 and
// an offer costs nothing. A document without an `offer` of its own decides at the break-even of the
// economics, 1/q, or at ½. The seed is that of the orders' bootstrap. Refuses a document that
// cannot score the rows.
base::Result<std::vector<BeyondControls>> rank_beyond_controls(
    std::span<const Candidate> candidates, const ControlledRows& rows,
    const std::optional<profit::Economics>& economics, std::uint64_t seed = 1);

}  // namespace learn
