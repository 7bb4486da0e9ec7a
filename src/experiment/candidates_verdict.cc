// SPDX-License-Identifier: Apache-2.0
#include "experiment/candidates_verdict.h"

#include <algorithm>

#include "base/check.h"
#include "experiment/detail/estimate.h"

namespace experiment {
namespace {

base::Result<void> refuse_wrong_arms(const PlannedDesign& plan,
                                     std::span<const Evidence> evidence) {
  if (static_cast<int>(evidence.size()) != plan.candidates) {
    return base::input_error("the plan compares " + std::to_string(plan.candidates) +
                             " candidates, the evidence is of " + std::to_string(evidence.size()));
  }
  if (plan.candidates == 1 || plan.dry_run) return {};
  for (std::size_t k = 0; k < evidence.size(); ++k) {
    const std::vector<std::int64_t>& arms = evidence[k].assigned_arms;
    const bool fits = arms.size() == evidence.size() + 1 && arms == evidence[0].assigned_arms &&
                      arms[0] == evidence[k].assigned.base &&
                      arms[k + 1] == evidence[k].assigned.candidate;
    if (fits) continue;
    return base::input_error("the customers assigned to candidate " + std::to_string(k + 1) +
                             " and base are not those of all arms together");
  }
  return {};
}

// Why no customer of that candidate's arm may tell about others; empty where he may.
std::string why_unfit(const PlannedDesign& plan, const Evidence& evidence) {
  if (!evidence.rows) return "";
  const AgreementHealth health = agreement_health(*evidence.rows, plan.design.ratio);
  return health.alarms.empty() ? "" : health.alarms.front().message;
}

// Why those of the other candidates' arms may not tell about k.
std::string why_others_unfit(std::span<const std::string> unfit, std::size_t k) {
  for (std::size_t other = 0; other < unfit.size(); ++other) {
    if (other != k && !unfit[other].empty())
      return "of candidate " + std::to_string(other + 1) + ", " + unfit[other];
  }
  return "";
}

std::optional<std::size_t> best_of(const std::vector<Verdict>& each) {
  std::optional<std::size_t> best;
  for (std::size_t k = 0; k < each.size(); ++k) {
    if (!taken(each[k])) continue;
    if (!best || each[k].figures->welch.difference > each[*best].figures->welch.difference)
      best = k;
  }
  return best;
}

}  // namespace

base::Result<CandidatesVerdict> judge_candidates(const PlannedDesign& plan,
                                                 std::span<const Evidence> evidence) {
  TRY(refuse_wrong_arms(plan, evidence));
  bool complete = true;
  std::vector<std::string> unfit;
  for (const Evidence& one : evidence) {
    complete = complete && detail::look_complete(plan, one);
    unfit.push_back(why_unfit(plan, one));
  }
  CandidatesVerdict verdict;
  for (std::size_t k = 0; k < evidence.size(); ++k) {
    TRY_ASSIGN(Verdict one,
               detail::judge_one(plan, evidence[k], complete, why_others_unfit(unfit, k)));
    verdict.each.push_back(std::move(one));
  }
  verdict.winner = best_of(verdict.each);
  return verdict;
}

std::string sentence(const CandidatesVerdict& verdict, std::span<const std::string> names,
                     const MoneyWords& words) {
  CHECK(names.size() == verdict.each.size());
  std::vector<std::string> said;
  for (const Verdict& each : verdict.each) said.push_back(sentence(each, words));
  const bool alike = std::all_of(said.begin(), said.end(),
                                 [&](const std::string& one) { return one == said.front(); });
  const bool judged = std::any_of(verdict.each.begin(), verdict.each.end(),
                                  [](const Verdict& each) { return each.figures.has_value(); });
  if (alike && !judged && !said.empty()) return said.front();
  std::string text = judged ? "TAKE NONE: " : "";
  if (verdict.winner) text = "TAKE " + names[*verdict.winner] + ": " + said[*verdict.winner];
  for (std::size_t k = 0; k < said.size(); ++k) {
    if (k == verdict.winner) continue;
    text += (verdict.winner || k > 0 ? ". " : "") + names[k] + ": " + said[k];
  }
  return text;
}

}  // namespace experiment
