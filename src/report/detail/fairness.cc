// SPDX-License-Identifier: Apache-2.0
// Whether groups of customers are treated alike.
#include <cmath>

#include "report/detail/group_table.h"
#include "report/detail/sections.h"
#include "report/detail/wording.h"
#include "report/plot.h"

namespace report::detail {
namespace {

std::string cell(const std::optional<double>& value, double scale, int decimals) {
  return "<td>" + (value ? fixed(*value * scale, decimals) : std::string("–")) + "</td>";
}

std::string gap_table(const View& view) {
  std::string out =
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Gaps between "
      "groups\"><table><caption><span>Largest gaps between groups</span></caption>\n<thead><tr>"
      "<th scope=\"col\" class=\"t\">Model</th><th scope=\"col\" class=\"t\">Groups by</th>"
      "<th scope=\"col\">Offers <small>points</small></th>"
      "<th scope=\"col\">Recall <small>points</small></th>"
      "<th scope=\"col\">Odds <small>points</small></th>"
      "<th scope=\"col\">Calibration <small>points</small></th>"
      "<th scope=\"col\">Jain’s index <small>1: alike</small></th></tr></thead>\n<tbody>\n";
  for (const study::Leader& leader : view.a.leaders) {
    for (const study::Fairness& fairness : leader.fairness) {
      out += "<tr><th scope=\"row\" class=\"t\">" + escape(leader.name) + "</th><td class=\"t\">" +
             escape(fairness.column) + "</td>" + cell(fairness.parity_gap, 100, 1) +
             cell(fairness.opportunity_gap, 100, 1) + cell(fairness.odds_gap, 100, 1) +
             cell(fairness.calibration_gap, 100, 1) + cell(fairness.jain_index, 1, 3) + "</tr>\n";
    }
  }
  return out + "</tbody></table></div>\n";
}

std::string picture(const study::Leader& leader, const study::Fairness& fairness,
                    const std::string& id) {
  Bars bars{.title = "Share of customers shown the offer, by " + fairness.column,
            .description = "By the decisions of " + leader.name + "."};
  for (const study::GroupFigures& group : fairness.groups)
    if (group.offer_rate && bars.bars.size() < kMostGroups)
      bars.bars.push_back({group.group, *group.offer_rate,
                           percent(*group.offer_rate) + " of " + count(group.rows)});
  if (bars.bars.empty()) return {};
  return figure(bars, id,
                "The share of each group of " + escape(fairness.column) + " that " +
                    escape(leader.name) + " shows the offer, and how many rows that group has.");
}

}  // namespace

std::string group_table(const std::string& model, const study::Fairness& fairness) {
  const std::string caption = model + " by " + fairness.column;
  std::string out = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" +
                    escape(caption) + "\"><table><caption><span>" + escape(caption) +
                    "</span></caption>\n<thead><tr><th scope=\"col\" class=\"t\">Group</th><th "
                    "scope=\"col\">Rows</th>"
                    "<th scope=\"col\">Accepted</th><th scope=\"col\">Offers <small>%</small></th>"
                    "<th scope=\"col\">Recall <small>%</small></th>"
                    "<th scope=\"col\">False alarms <small>%</small></th>"
                    "<th scope=\"col\">Precision <small>%</small></th>"
                    "<th scope=\"col\">Predicted <small>%</small></th>"
                    "<th scope=\"col\">Observed <small>%</small></th></tr></thead>\n<tbody>\n";
  std::size_t rows = 0;
  for (const study::GroupFigures& group : fairness.groups) {
    if (rows++ == kMostGroups) break;
    out += "<tr><th scope=\"row\" class=\"t\">" + escape(group.group) + "</th><td>" +
           count(group.rows) + "</td><td>" + count(group.positives) + "</td>" +
           cell(group.offer_rate, 100, 1) + cell(group.recall, 100, 1) +
           cell(group.false_alarm, 100, 1) + cell(group.precision, 100, 2) +
           cell(group.predicted, 100, 2) + cell(group.observed, 100, 2) + "</tr>\n";
  }
  out += "</tbody></table></div>\n";
  if (fairness.groups.size() > kMostGroups)
    out += "<p class=\"how\">" +
           escape(counted(static_cast<std::int64_t>(fairness.groups.size() - kMostGroups),
                          "more group", "more groups")) +
           " in the JSON.</p>\n";
  return out;
}

std::string fairness(const View& view) {
  const study::Leader* first = nullptr;
  for (const study::Leader& leader : view.a.leaders)
    if (first == nullptr && !leader.fairness.empty()) first = &leader;
  if (first == nullptr) return {};
  std::string out = how_to_read(
      "Gaps are the largest differences between groups that are large enough to say anything, in "
      "percentage points; 0 treats all alike. Offers: the share shown the offer. Recall: of those "
      "who accept. Odds: the larger gap of recall and false alarms. Calibration: of predicted less "
      "observed. Groups that differ in what they accept cannot be alike in all of them.");
  out += gap_table(view);
  std::size_t number = 0;
  for (const study::Fairness& fairness : first->fairness) {
    out += "<h3>By " + escape(fairness.column) + "</h3>\n" +
           picture(*first, fairness, "fairness-" + std::to_string(++number)) +
           group_table(first->name, fairness);
  }
  return out;
}

}  // namespace report::detail
