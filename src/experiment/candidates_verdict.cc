// SPDX-License-Identifier: Apache-2.0
#include "experiment/candidates_verdict.h"

#include <algorithm>
#include <utility>

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
std::string why_others_unfit(std::span<const std::string> unfit, bool harmed, std::size_t k) {
  if (harmed) return "the stop for harm looks at each candidate's own customers";
  for (std::size_t other = 0; other < unfit.size(); ++other) {
    if (other != k && !unfit[other].empty())
      return "of candidate " + std::to_string(other + 1) + ", " + unfit[other];
  }
  return "";
}

// For its harm, or with it.
bool stopped_it(const Verdict& verdict) {
  return verdict.harmed && verdict.word == VerdictWord::kWorse;
}

// All but the winner; of an experiment stopped for harm those first that it was stopped for.
std::vector<std::size_t> order_said(const CandidatesVerdict& verdict) {
  std::vector<std::size_t> order;
  for (const bool stopped : {true, false}) {
    for (std::size_t k = 0; k < verdict.each.size(); ++k) {
      if (k != verdict.winner && stopped_it(verdict.each[k]) == stopped) order.push_back(k);
    }
  }
  return order;
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
  detail::Together all{.complete = true};
  std::vector<std::string> unfit;
  for (const Evidence& one : evidence) {
    all.complete = all.complete && detail::look_complete(plan, one);
    all.harmed = all.harmed || one.harmed;
    unfit.push_back(why_unfit(plan, one));
  }
  all.complete = all.complete || all.harmed;
  CandidatesVerdict verdict;
  for (std::size_t k = 0; k < evidence.size(); ++k) {
    all.other_arms_unfit = why_others_unfit(unfit, all.harmed, k);
    TRY_ASSIGN(Verdict one, detail::judge_one(plan, evidence[k], all));
    verdict.each.push_back(std::move(one));
  }
  if (detail::goes_on(plan, verdict.each)) {
    for (Verdict& one : verdict.each) detail::withhold(&one);
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
  bool first = !verdict.winner;
  for (const std::size_t k : order_said(verdict)) {
    text += (first ? "" : ". ") + names[k] + ": " + said[k];
    first = false;
  }
  return text;
}

std::optional<std::size_t> harmful(const PlannedDesign& plan, std::span<const Evidence> evidence) {
  std::optional<std::size_t> most;
  double log_e = 0;
  for (std::size_t k = 0; k < evidence.size(); ++k) {
    if (!harm_reached(plan, evidence[k])) continue;
    const double its = *harm_log_e(plan, evidence[k]);
    if (most && its <= log_e) continue;
    most = k;
    log_e = its;
  }
  return most;
}

std::size_t leader(const CandidatesVerdict& verdict) {
  if (verdict.winner) return *verdict.winner;
  // What is not estimated comes last.
  const auto lead = [](const Verdict& one) {
    if (!one.figures) return std::pair(0, 0.0);
    if (stopped_it(one)) return std::pair(2, -one.figures->upper);
    return std::pair(1, one.figures->welch.difference);
  };
  const auto most =
      std::max_element(verdict.each.begin(), verdict.each.end(),
                       [&](const auto& a, const auto& b) { return lead(a) < lead(b); });
  return static_cast<std::size_t>(most - verdict.each.begin());
}

}  // namespace experiment
