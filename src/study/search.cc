// SPDX-License-Identifier: Apache-2.0
#include "study/search.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace study {
namespace {

constexpr std::array<std::pair<Method, const char*>, 5> kMethods = {
    {{Method::kRandom, "random"},
     {Method::kGrid, "grid"},
     {Method::kTpe, "tpe"},
     {Method::kHalving, "halving"},
     {Method::kHyperband, "hyperband"}}};

// Rungs from a share up to all rows, each eta times the one before.
int rungs_from(double least_share, int eta) {
  int rungs = 1;
  for (double share = 1; share / eta >= least_share * (1 - 1e-9); share /= eta) ++rungs;
  return rungs;
}

}  // namespace

base::Result<Method> method_from(const std::string& name) {
  std::string known;
  for (const auto& [method, spelled] : kMethods) {
    if (name == spelled) return method;
    known += (known.empty() ? "" : ", ") + std::string(spelled);
  }
  return base::input_error("there is no search '" + name + "': known are " + known);
}

std::string name_of(Method method) {
  for (const auto& [known, spelled] : kMethods) {
    if (known == method) return spelled;
  }
  return {};
}

base::Result<Search> Search::of(Space space, const SearchOptions& options) {
  if (options.trials < 1) return base::input_error("a search needs at least one trial");
  if (options.batch < 1) return base::input_error("a search's batch holds at least one trial");
  if (options.eta < 2)
    return base::input_error("halving keeps at most every second trial: eta ≥ 2");
  if (!(options.least_share > 0 && options.least_share <= 1)) {
    return base::input_error(
        "the smallest share of the training rows must lie above 0 and not above 1");
  }
  Search search(std::move(space), options);
  if (options.method == Method::kGrid) {
    TRY_ASSIGN(search.grid_, grid(search.space_, options.grid_steps));
    if (search.grid_.size() > options.trials) search.grid_.resize(options.trials);
  }
  search.plan_rungs();
  return search;
}

void Search::plan_rungs() {
  const bool halves = options_.method == Method::kHalving || options_.method == Method::kHyperband;
  if (!halves) {
    const std::size_t trials = options_.method == Method::kGrid ? grid_.size() : options_.trials;
    for (; total_ < trials; total_ += rungs_.back().count)
      rungs_.push_back({total_, std::min(options_.batch, trials - total_), 1, false});
    return;
  }
  const int most = rungs_from(options_.least_share, options_.eta);
  for (int rungs = most; total_ < options_.trials;) {
    // A bracket of Hyperband spends about the same on every rung: it starts with
    // ⌈most / rungs · eta^(rungs − 1)⌉ trials.
    const auto start = static_cast<std::size_t>(
        std::ceil(static_cast<double>(most) / rungs * std::pow(options_.eta, rungs - 1)));
    add_bracket(options_.method == Method::kHalving ? std::max(start, options_.batch) : start,
                rungs);
    if (options_.method == Method::kHyperband) rungs = rungs == 1 ? most : rungs - 1;
  }
}

void Search::add_bracket(std::size_t first_rung_trials, int rungs) {
  std::size_t count = first_rung_trials;
  for (int rung = 0; rung < rungs && total_ < options_.trials; ++rung) {
    count = std::min(count, options_.trials - total_);
    const double share = std::pow(options_.eta, rung - rungs + 1);
    rungs_.push_back({total_, count, share, rung > 0});
    total_ += count;
    count = std::max<std::size_t>(1, count / static_cast<std::size_t>(options_.eta));
  }
}

Point Search::fresh_point(std::size_t number, const std::vector<TrialResult>& so_far) const {
  base::Random random(options_.seed, number);
  if (options_.method == Method::kGrid) return grid_[number];
  if (options_.method == Method::kRandom) return draw(space_, random);
  // Results on the most rows say most; where there are too few of them, those on fewer rows speak.
  double worst = 0;
  for (const TrialResult& result : so_far) worst = std::min(worst, result.value.value_or(0));
  for (int rung = 0;; ++rung) {
    const double share = std::pow(options_.eta, -rung);
    std::vector<Observation> observations;
    for (const TrialResult& result : so_far) {
      if (std::abs(result.trial.row_share - share) < 1e-9)
        observations.push_back({result.trial.point, result.value.value_or(worst - 1)});
    }
    const bool enough = observations.size() >= options_.tpe.startup;
    if (enough || share < options_.least_share)
      return propose(space_, observations, options_.tpe, random);
  }
}

std::vector<Trial> Search::next(const std::vector<TrialResult>& so_far) const {
  std::vector<Trial> trials;
  const auto rung = std::ranges::find_if(
      rungs_, [&](const Rung& r) { return r.first + r.count > so_far.size(); });
  if (rung == rungs_.end()) return trials;
  const std::vector<TrialResult> before(so_far.begin(),
                                        so_far.begin() + static_cast<std::ptrdiff_t>(rung->first));
  std::vector<TrialResult> best;
  if (rung->promoted) {
    const Rung& lower = *std::prev(rung);
    best.assign(before.begin() + static_cast<std::ptrdiff_t>(lower.first), before.end());
    std::ranges::stable_sort(best, [](const TrialResult& a, const TrialResult& b) {
      return a.value.value_or(-HUGE_VAL) > b.value.value_or(-HUGE_VAL);
    });
  }
  for (std::size_t i = 0; i < rung->count; ++i) {
    const std::size_t number = rung->first + i;
    if (number < so_far.size()) continue;  // Done before a stop.
    trials.push_back({number, rung->promoted ? best[i].trial.point : fresh_point(number, before),
                      rung->row_share});
  }
  return trials;
}

}  // namespace study
