// SPDX-License-Identifier: Apache-2.0
#include "study/train.h"

#include <array>
#include <utility>

#include "study/detail/hold_out.h"
#include "study/detail/over_rounds.h"

namespace study {
namespace {

constexpr std::array<std::pair<ThresholdRule, const char*>, 3> kRules = {
    {{ThresholdRule::kBest, "best"},
     {ThresholdRule::kBreakEven, "break-even"},
     {ThresholdRule::kHalf, "half"}}};

}  // namespace

base::Result<ThresholdRule> threshold_rule_from(const std::string& name) {
  for (const auto& [rule, spelled] : kRules) {
    if (name == spelled) return rule;
  }
  return base::input_error("there is no threshold rule '" + name +
                           "': known are best, break-even, half");
}

std::string name_of(ThresholdRule rule) {
  for (const auto& [known, spelled] : kRules) {
    if (known == rule) return spelled;
  }
  return {};
}

base::Result<std::vector<std::uint8_t>> decide(const Rows& rows,
                                               const std::vector<double>& probabilities,
                                               double threshold) {
  TRY_ASSIGN(const std::vector<double> keys, keys_of(rows, probabilities));
  return detail::offers_above(keys, threshold);
}

base::Result<MadeModel> make_model(const Ground& ground, const Recipe& recipe, double row_share,
                                   ThresholdRule rule, const AfterRound& after_round) {
  if (!ground.rounds().empty())
    return detail::make_over_rounds(ground, recipe, row_share, rule, after_round);
  TRY_ASSIGN(detail::Tested tested, detail::hold_out(ground, recipe, row_share, rule));
  if (!tested.of_controls.empty()) {
    detail::UpliftSample sample(ground.economics());
    TRY(detail::add_to_sample(ground, tested, sample));
    TRY_ASSIGN(tested.made.model.uplift, sample.measure(ground.options().seed));
  }
  if (after_round) (void)after_round();
  return std::move(tested.made);
}

}  // namespace study
