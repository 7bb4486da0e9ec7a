// SPDX-License-Identifier: Apache-2.0
// How many acceptances are found among so many customers, and how many times more than by chance.
#include "report/detail/sections.h"
#include "report/detail/wording.h"
#include "report/plot.h"

namespace report::detail {
namespace {

constexpr std::size_t kMostCurves = 5;

// The first step that reaches the share.
metric::Gain gain_at(const std::vector<metric::Gain>& gains, double share) {
  for (const metric::Gain& gain : gains)
    if (gain.share >= share - 1e-9) return gain;
  return gains.back();
}

}  // namespace

std::string lift(const View& view) {
  std::vector<const study::Leader*> leaders;
  for (const study::Leader& leader : view.a.leaders)
    if (!leader.gains.empty() && leaders.size() < kMostCurves) leaders.push_back(&leader);
  if (leaders.empty()) return {};
  Plot plot{.title = "Acceptances found against the share of customers contacted",
            .description = "A curve for each leader; the diagonal is chance."};
  plot.x = {.title = "share of customers shown the offer, likeliest first",
            .low = 0,
            .high = 1,
            .ticks = Ticks::kPercent};
  plot.y = {.title = "share of all acceptances", .low = 0, .high = 1, .ticks = Ticks::kPercent};
  plot.lines.push_back({.points = {{0, 0}, {1, 1}}, .series = kQuiet, .dashed = true});
  for (std::size_t i = 0; i < leaders.size(); ++i) {
    const int series = static_cast<int>(i);
    Line line{.points = {{0, 0}}, .series = series, .name = leaders[i]->name, .thin = i > 0};
    Spots spots{.series = series};
    for (const metric::Gain& gain : leaders[i]->gains) {
      line.points.push_back({gain.share, gain.gain});
      const std::string words = leaders[i]->name + ": " + percent(gain.share, 0) +
                                " of the customers hold " + percent(gain.gain) +
                                " of the acceptances, lift " + fixed(gain.lift, 2);
      if (i == 0) spots.spots.push_back({.at = line.points.back(), .hover = words});
    }
    plot.lines.push_back(std::move(line));
    if (!spots.spots.empty()) plot.spots.push_back(std::move(spots));
  }
  const metric::Gain tenth = gain_at(leaders.front()->gains, 0.1);
  return how_to_read(
             "Customers are contacted in the order of their probability. The lift is how many "
             "times "
             "more acceptances are found than by contacting as many at random: the height of the "
             "curve over that of the diagonal.") +
         "<p>The first " + percent(tenth.share, 0) + " of the customers by " +
         escape(leaders.front()->name) + " hold " + percent(tenth.gain) +
         " of the acceptances: a lift of " + fixed(tenth.lift, 2) + ".</p>\n" +
         figure(plot, "lift-p", "The diagonal is what chance finds.", 420);
}

}  // namespace report::detail
