// SPDX-License-Identifier: Apache-2.0
#include "profit/detail/same_rows.h"

#include <string>

namespace profit::detail {
namespace {

std::string totals(const metric::Confusion& c) {
  return std::to_string(c.positives()) + " positives and " + std::to_string(c.negatives()) +
         " negatives";
}

}  // namespace

base::Result<void> check_same_rows(std::span<const metric::Confusion> models) {
  if (models.empty()) return base::input_error("there is no model to compare");
  constexpr std::int64_t kMost = std::int64_t{1} << 61;  // Sums and differences fit.
  for (std::size_t i = 0; i < models.size(); ++i) {
    const metric::Confusion& c = models[i];
    for (const std::int64_t count : {c.tp, c.fp, c.tn, c.fn}) {
      if (count < 0 || count >= kMost) {
        return base::input_error("model " + std::to_string(i) + " has a count of " +
                                 std::to_string(count) + ": counts are 0 or more, below 2^61");
      }
    }
    if (c.positives() == 0) {
      return base::input_error("model " + std::to_string(i) +
                               " was tested without a positive: RAP needs at least one");
    }
    if (c.positives() != models[0].positives() || c.negatives() != models[0].negatives()) {
      return base::input_error("model " + std::to_string(i) + " was tested on " + totals(c) +
                               ", model 0 on " + totals(models[0]) +
                               ": compare models on the same rows");
    }
  }
  return {};
}

}  // namespace profit::detail
