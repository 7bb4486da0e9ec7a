// SPDX-License-Identifier: Apache-2.0
// The best of thousands of models on one test set is partly the luckiest: the leader's RAP there is
// too high as an estimate of what it will earn. Two honest estimates. Pure and thread-safe; the
// same figures for the same seed.
#pragma once
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "metric/interval.h"
#include "profit/decisions.h"
#include "profit/economics.h"

namespace profit {

struct CurseOptions {
  int resamples = 500;  // At least 20. The error that they add falls as their root.
  double confidence = 0.95;
  std::uint64_t seed = 1;
};

struct WinnersCurse {
  std::size_t leader = 0;      // Best RAP on all rows; of equals the first.
  metric::Interval raw;        // Its RAP as it stands.
  metric::Interval corrected;  // What a winner so chosen earns on rows that did not choose it.
  double optimism = 0;         // raw − corrected.

  struct Win {
    std::size_t model = 0;
    double share = 0;  // Of the resamples in which it was the best.
  };
  std::vector<Win> wins;       // Most frequent first; only models that won at all.
  std::size_t candidates = 0;  // Models that took part: not beaten beyond six standard errors.
  int resamples = 0;           // Those that counted: with rows of each class left out.
};

// Bootstrap bias correction (Tsamardinos, Greasidou & Borboudakis 2018, BBC): rows are drawn again
// with replacement within each class; the model that is best on the drawn rows is measured on the
// rows not drawn; `corrected` is the mean of these. A resample holds 63 % of the distinct rows, so
// the correction errs, slightly, towards caution. The interval's width is that of the leader's RAP
// (delta method, classes fixed); the resamples' own spread would be that of a third of the rows.
//
// Costs models × resamples × some four words for 64 rows: drawn multiplicities are bit
// planes, so a model's hits in a resample are counts of ones. Models whose lead over the leader is
// worse than −6 paired standard errors cannot win and are left out; `candidates` counts the others.
// Refuses no models, and classes so small that no resample leaves a row of each out.
base::Result<WinnersCurse> correct_winners_curse(const Decisions& decisions, const Economics& e,
                                                 const CurseOptions& options = {});

// The alternative that needs no argument: the best model of one random half of each class, measured
// on the other half. Unbiased for that model, at the price of half the rows. `chosen_with` is what
// the first half made of it. Refuses fewer than two rows of the positive class.
struct HoldOut {
  std::size_t model = 0;
  double chosen_with = 0;  // RAP on the half that chose it.
  metric::Interval rap;    // RAP on the other half.
};
base::Result<HoldOut> choose_on_half(const Decisions& decisions, const Economics& e,
                                     double confidence = 0.95, std::uint64_t seed = 1);

}  // namespace profit
