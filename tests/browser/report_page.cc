// SPDX-License-Identifier: Apache-2.0
// Prints the report of a study made up here, with every part that a report may have.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/random.h"
#include "metric/normal.h"
#include "profit/intervals.h"
#include "profit/sensitivity.h"
#include "report/html.h"

namespace {

constexpr std::int64_t kPositives = 634;
constexpr std::int64_t kNegatives = 22'116;

study::Ranked ranked(const std::string& name, const std::string& generation,
                     const metric::Confusion& test, const profit::Economics& economics) {
  study::Ranked one;
  one.model.recipe.name = name;
  one.model.recipe.generation = generation;
  if (generation != study::kNullGeneration) {
    one.model.recipe.settings = {{"learner", std::string(study::kLogisticRegression)}, {"c", 0.5}};
    one.model.auc = 0.69;
    one.model.seconds = 0.3;
    one.model.nanoseconds_a_row = 80;
    one.model.bytes = 6200;
    one.model.importance = {{"age", 0.5}, {"months as a customer, by the household", 0.3}};
  }
  one.model.test = one.model.validation = test;
  one.money = profit::money_intervals(test, economics).value();
  return one;
}

// Two normal scores, `apart` deviations from each other; this share of the negatives is offered.
metric::Confusion counts(double apart, double false_alarms) {
  const double threshold = -metric::normal_quantile(false_alarms);
  const auto tp = static_cast<std::int64_t>(kPositives * metric::normal_sf(threshold - apart));
  const auto fp = static_cast<std::int64_t>(kNegatives * false_alarms);
  return {.tp = tp, .fp = fp, .tn = kNegatives - fp, .fn = kPositives - tp};
}

study::Leader leader(const std::string& name) {
  study::Leader out;
  out.name = name;
  out.file = "models/" + name + ".pmml";
  out.contacted = 0.35;
  for (int i = 0; i <= 50; ++i) {
    const double x = i / 50.0;
    out.profit_curve.push_back({x, x * (1 - x)});
    out.roc.push_back({x, std::sqrt(x)});
  }
  for (int i = 1; i <= 8; ++i)
    out.calibration.push_back({i / 100.0, *metric::wilson(20 * i, 2000, 0.95), 2000});
  out.fairness.push_back({.column = "sex",
                          .groups = {{"woman", 11'800, 330, 0.41, 0.68, 0.4, 0.046, 0.03, 0.03},
                                     {"man", 10'950, 304, 0.37, 0.65, 0.36, 0.05, 0.03, 0.03}},
                          .parity_gap = 0.04});
  return out;
}

study::Analysis made_up() {
  study::Analysis a;
  a.economics = profit::economics_from_hypothesis(0.027856, 0).value();
  a.options.hypothesis.old_precision = 0.027856;
  a.options.hypothesis.roi = 0;
  a.options.hypothesis.belief_in_words = "the old return lies between −10 % and 30 %";
  a.target = "accepted";
  a.positive = "yes";
  a.test_rows = kPositives + kNegatives;
  a.test_positives = kPositives;
  a.warnings = {"'duration' alone predicts the target"};
  a.failed = {{"svm", "one class only"}};
  base::Random random(1);
  for (int i = 0; i < 400; ++i)
    a.ranking.push_back(ranked("model-" + std::to_string(i), i % 2 == 0 ? "1" : "search",
                               counts(0.3 + 0.4 * random.uniform(), 0.02 + 0.9 * random.uniform()),
                               a.economics));
  a.ranking.push_back(ranked("always", study::kNullGeneration,
                             metric::always(kPositives, kNegatives), a.economics));
  a.ranking.push_back(
      ranked("never", study::kNullGeneration, metric::never(kPositives, kNegatives), a.economics));
  std::stable_sort(a.ranking.begin(), a.ranking.end(), [](const auto& x, const auto& y) {
    return x.money.rap.estimate > y.money.rap.estimate;
  });
  std::vector<metric::Confusion> tests;
  for (const study::Ranked& one : a.ranking) tests.push_back(one.model.test);
  a.sensitivity = profit::sensitivity(tests).value();
  for (std::size_t i = 0; i < 3; ++i) a.leaders.push_back(leader(a.ranking[i].model.recipe.name));
  a.under_doubt = {{a.leaders[0].name, 0.9, 0.3, 0.001, 0.02}};
  a.advice = "Offer with " + a.leaders[0].name + ".";
  return a;
}

}  // namespace

int main() {
  const study::Analysis analysis = made_up();
  const std::string page = report::html(analysis);
  return std::fwrite(page.data(), 1, page.size(), stdout) == page.size() ? 0 : 1;
}
