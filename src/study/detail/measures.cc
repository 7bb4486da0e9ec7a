// SPDX-License-Identifier: Apache-2.0
#include "study/detail/measures.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "metric/fairness.h"
#include "study/detail/groups.h"

namespace study::detail {
namespace {

using Figure = std::optional<double>;

profit::Measure measure(const std::string& name, const std::vector<Model>& models,
                        const std::function<Figure(const Model&)>& figure) {
  profit::Measure measure{name, {}};
  for (const Model& model : models) measure.values.push_back(figure(model));
  return measure;
}

struct Gaps {
  Figure parity, opportunity, odds;
};

void raise(Figure& largest, const Figure& value) {
  if (value && (!largest || *value > *largest)) largest = value;
}

Figure size_of(const std::optional<metric::Gap>& gap) {
  return gap ? Figure(gap->difference.estimate) : std::nullopt;
}

base::Result<Gaps> gaps_of(const Model& model, const Rows& test,
                           const std::vector<Groups>& groupings) {
  Gaps gaps;
  const std::vector<std::uint8_t> offers = unpack(model.decisions, test.labels.values.size());
  for (const Groups& groups : groupings) {
    TRY_ASSIGN(const metric::Fairness found, metric::fairness({.groups = groups.of_row,
                                                               .labels = test.labels.values,
                                                               .decisions = offers,
                                                               .probabilities = {}}));
    raise(gaps.parity, size_of(found.demographic_parity));
    raise(gaps.opportunity, size_of(found.equal_opportunity));
    raise(gaps.odds, found.equalised_odds);
  }
  return gaps;
}

}  // namespace

base::Result<std::vector<profit::Measure>> measures_of(const Ground& ground,
                                                       const std::vector<Model>& models,
                                                       const std::vector<std::string>& groups) {
  std::vector<profit::Measure> measures = {
      measure("seconds", models, [](const Model& m) { return m.seconds; }),
      measure("ns_a_row", models, [](const Model& m) { return m.nanoseconds_a_row; }),
      measure("kilobytes", models,
              [](const Model& m) { return static_cast<double>(m.bytes) / 1e3; }),
      measure("offer_rate", models,
              [](const Model& m) {
                return static_cast<double>(m.test.offered()) / static_cast<double>(m.test.total());
              }),
      measure("precision", models, [](const Model& m) { return metric::precision(m.test); }),
      measure("recall", models, [](const Model& m) { return metric::recall(m.test); }),
      measure("false_alarm", models, [](const Model& m) { return metric::false_alarm(m.test); }),
      measure("auc", models, [](const Model& m) { return m.auc; }),
      measure("calibration_error", models, [](const Model& m) { return m.calibration_error; }),
  };
  if (groups.empty()) return measures;
  std::vector<Groups> groupings;
  for (const std::string& name : groups) {
    TRY_ASSIGN(Groups one, groups_of(ground.test().table, name));
    groupings.push_back(std::move(one));
  }
  profit::Measure parity{"parity_gap", {}}, opportunity{"opportunity_gap", {}},
      odds{"odds_gap", {}};
  for (const Model& model : models) {
    TRY_ASSIGN(const Gaps gaps, gaps_of(model, ground.test(), groupings));
    parity.values.push_back(gaps.parity);
    opportunity.values.push_back(gaps.opportunity);
    odds.values.push_back(gaps.odds);
  }
  for (profit::Measure* one : {&parity, &opportunity, &odds}) measures.push_back(std::move(*one));
  return measures;
}

}  // namespace study::detail
