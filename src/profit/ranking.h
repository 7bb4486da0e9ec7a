// SPDX-License-Identifier: Apache-2.0
// Models in the order of the money they earn, and which of the differences at the top are noise.
// Pure and thread-safe. 100,000 models are ranked with all intervals in well under a second.
//
// The leader of many models is partly lucky: its estimate here is too high. winners_curse.h says by
// how much.
#pragma once
#include <span>
#include <vector>

#include "base/result.h"
#include "profit/intervals.h"
#include "profit/paired.h"

namespace profit {

struct Standing {
  std::size_t model = 0;  // Its index among the models given.
  MoneyIntervals money;
};

// Best RAP first; of equal RAPs the one with fewer offers, then the earlier one. Since all models
// were counted on the same rows this is also the order of P. Errors as in `sensitivity`, and a
// confidence outside (0, 1).
base::Result<std::vector<Standing>> rank(std::span<const metric::Confusion> models,
                                         const Economics& e, double confidence = 0.95,
                                         Sampling sampling = Sampling::kRows);

struct Comparison {
  std::size_t model = 0;
  PairedDifference lead;  // The leader less this model.
  double p_holm = 1;      // Adjusted for all the models compared.
  bool is_noise = true;   // p_holm > alpha: these rows do not show that the leader is better.
};

// The leader against each rival on the same rows; p-values adjusted by Holm's step-down method
// (Holm 1979), in the order given. The leader was chosen on these rows, so its lead is a little
// flattered: what is noise here is noise; what is not should still be told with the corrected
// estimate. Refuses alpha outside (0, 1) and a test set without positives.
base::Result<std::vector<Comparison>> compare_with_leader(const Decisions& decisions,
                                                          std::size_t leader,
                                                          std::span<const std::size_t> rivals,
                                                          const Economics& e, double alpha = 0.05);

// Holm's adjusted p-values, in the order given.
std::vector<double> holm(std::span<const double> p);

}  // namespace profit
