// SPDX-License-Identifier: Apache-2.0
#include "learn/beyond_controls.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace learn {
namespace {

struct Measured {
  BeyondControls model;
  std::vector<int> offers;
};

base::Result<Measured> measured(std::string name, std::vector<int> offers,
                                std::span<const double> keys, const profit::IncrementalRows& rows,
                                std::uint64_t seed) {
  Measured one{.model = {.name = std::move(name)}, .offers = std::move(offers)};
  one.model.offers = std::accumulate(one.offers.begin(), one.offers.end(), std::int64_t{0});
  TRY_ASSIGN(one.model.figures, measure_uplift(rows, one.offers, keys, seed));
  return one;
}

}  // namespace

base::Result<std::vector<BeyondControls>> rank_beyond_controls(
    std::span<const Candidate> candidates, const ControlledRows& rows,
    const std::optional<profit::Economics>& economics, std::uint64_t seed) {
  const std::size_t count = rows.labels->values.size();
  const std::vector<double> incomes(count, economics ? economics->income : 1);
  const std::vector<double> costs(count, economics ? economics->cost : 0);
  const profit::IncrementalRows groups{rows.labels->values, rows.treated, incomes, costs};
  const double threshold = economics ? profit::break_even_threshold(*economics) : 0.5;
  std::vector<Measured> all;
  // They come first: a model that does the same leads none of them.
  for (const auto& [name, offer] : {std::pair("always", 1), std::pair("never", 0)}) {
    TRY_ASSIGN(Measured one, measured(name, std::vector<int>(count, offer), {}, groups, seed));
    all.push_back(std::move(one));
  }
  for (const Candidate& candidate : candidates) {
    const auto scores = score(*candidate.document, *rows.table, rows.labels->positive, threshold);
    if (!scores) {
      return base::Error{scores.error().kind,
                         "model '" + candidate.name + "': " + scores.error().message};
    }
    TRY_ASSIGN(Measured one,
               measured(candidate.name, {scores->offers.begin(), scores->offers.end()},
                        scores->keys(), groups, seed));
    all.push_back(std::move(one));
  }
  std::ranges::stable_sort(all, [](const Measured& a, const Measured& b) {
    return a.model.figures.profit_per_customer.estimate >
           b.model.figures.profit_per_customer.estimate;
  });
  std::vector<BeyondControls> ranking;
  for (Measured& one : all) {
    if (!ranking.empty()) {
      std::vector<int> difference = all.front().offers;
      for (std::size_t row = 0; row < count; ++row) difference[row] -= one.offers[row];
      TRY_ASSIGN(one.model.behind, profit::incremental_profit(groups, difference));
    }
    ranking.push_back(std::move(one.model));
  }
  return ranking;
}

}  // namespace learn
