// SPDX-License-Identifier: Apache-2.0
// The verdict of several candidates against one base: each compared with base, and which to take.
//
// Nothing is said before the customers of all arms are in. At a look before the last the experiment
// ends for all where one candidate is to be taken (or, with two sides, all are worse); what is said
// of the others is said by the bounds of that look. The comparisons are made at a level
// (comparison_level()) at which the chance of calling any candidate better, if none is, is at most
// the plan's alpha (half of it with two sides), and all lower bounds hold together with confidence
// 1 − alpha. Taking the one with the greatest estimate of those called better costs nothing on top:
// it is wrong only if one of them was called better wrongly. Its estimate is the largest of
// several, so it tends to flatter; its lower bound does not.
//
// Where one candidate reaches the stop for harm (verdict.h) the experiment ends for all: that one
// is WORSE, and so is any other whose always-valid upper bound lies below the margin; the others
// are INCONCLUSIVE.
//
// Pure and thread-safe.
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "experiment/verdict.h"

namespace experiment {

struct CandidatesVerdict {
  std::vector<Verdict> each{};          // Of candidate k against base, in order.
  std::optional<std::size_t> winner{};  // Of those to be taken (taken()) the one with the greatest
                                        // estimate; the first of equal ones.
};

// One evidence for each of plan.candidates, all with the same `assigned_arms` (but in a dry run).
// By disagreement the customers of all arms are taken where the evidence has them (`pooled`) and
// the agreement's A/A test of every candidate is sound; where only another candidate's is not,
// this one's own two arms are compared. An invalid plan, or evidence that does not fit it, is an
// error.
base::Result<CandidatesVerdict> judge_candidates(const PlannedDesign& plan,
                                                 std::span<const Evidence> evidence);

// "TAKE history-v4: BETTER: +0.83 $ per customer, at least +0.37 $ (95 %, 3 candidates); the
// desired 0.70 $ is reached by the estimate, not proven. age-sex: INCONCLUSIVE: …". With nobody to
// take "TAKE NONE: history-v4: WORSE: …. age-sex: …", stopped for harm with the one that did it
// first; before the end each candidate's sentence, said once where all are the same. `names`: one
// for each candidate.
std::string sentence(const CandidatesVerdict& verdict, std::span<const std::string> names,
                     const MoneyWords& words = {});

// The candidate for whose harm the experiment has to stop now: of those that reached it the one
// with the greatest e-value.
std::optional<std::size_t> harmful(const PlannedDesign& plan, std::span<const Evidence> evidence);
// The candidate whom the verdict is about: the one to take; of an experiment stopped for harm of
// the WORSE the one with the lowest upper bound; else the one with the greatest estimate, or the
// first.
std::size_t leader(const CandidatesVerdict& verdict);

}  // namespace experiment
