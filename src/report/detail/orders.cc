// SPDX-License-Identifier: Apache-2.0
// Where customers have amounts of their own: whom to contact first, and what p alone costs.
#include <algorithm>

#include "report/detail/sections.h"
#include "report/detail/wording.h"
#include "report/plot.h"

namespace report::detail {
namespace {

using study::CurvePoint;
using study::Orders;

std::vector<Point> per_thousand(const std::vector<CurvePoint>& curve) {
  std::vector<Point> points;
  points.reserve(curve.size());
  for (const CurvePoint& point : curve) points.push_back({point.x, 1000 * point.y});
  return points;
}

// The curve's profit where this share has been contacted.
double profit_at(const std::vector<CurvePoint>& curve, double share) {
  const auto at = std::ranges::find_if(curve, [&](const CurvePoint& p) { return p.x >= share; });
  return at == curve.end() ? curve.back().y : at->y;
}

CurvePoint top_of(const std::vector<CurvePoint>& curve) {
  return *std::ranges::max_element(curve, {}, &CurvePoint::y);
}

std::string lesson(const View& view, const Orders& orders) {
  const auto brings = [&](const metric::Interval& profit) {
    return escape(view.money(1000 * profit.estimate)) + " (" + number(1000 * profit.low) + " to " +
           number(1000 * profit.high) + ")";
  };
  std::string out = "<p>Of 1,000 customers, offering where p·i &gt; c brings " +
                    brings(orders.where_it_pays) + "; by one threshold of p alone " +
                    brings(orders.above_mean_share) + "; to everybody " + brings(orders.everyone) +
                    ".";
  if (orders.above_mean_share.estimate < orders.everyone.estimate) {
    out +=
        " By p alone less is earned than by offering to everybody: those who are likeliest to "
        "accept bring little, and those who bring much are left out.";
  }
  return out + "</p>\n";
}

std::string steps_table(const View& view, const Orders& orders) {
  std::string rows;
  for (int tenth = 1; tenth <= 10; ++tenth) {
    const double share = tenth / 10.0;
    rows += "<tr><th scope=\"row\">" + percent(share, 0) + "</th><td>" +
            number(1000 * profit_at(orders.by_expected_profit, share)) + "</td><td>" +
            number(1000 * profit_at(orders.by_probability, share)) + "</td></tr>\n";
  }
  const std::string unit = " <small>" + escape(view.money_unit()) + " / 1,000 customers</small>";
  return "<details><summary>As a table</summary>\n<div class=\"scroll\" tabindex=\"0\" "
         "role=\"region\" aria-label=\"Profit by order\"><table><caption><span>Profit by share "
         "contacted</span></caption>\n<thead><tr><th scope=\"col\">Contacted</th><th "
         "scope=\"col\">by p·i − c" +
         unit + "</th><th scope=\"col\">by p" + unit + "</th></tr></thead>\n<tbody>\n" + rows +
         "</tbody></table></div>\n</details>\n";
}

}  // namespace

std::string orders(const View& view) {
  if (view.a.leaders.empty() || !view.a.leaders.front().orders) return {};
  const study::Leader& leader = view.a.leaders.front();
  const Orders& orders = *leader.orders;
  if (orders.by_probability.empty() || orders.by_expected_profit.empty()) return {};
  const double everyone = 1000 * orders.everyone.estimate;
  Plot plot{.title = "Profit by the order of contact",
            .description =
                "Cumulative profit of the customers in the order of p·i − c and of p, "
                "and what everybody brings."};
  plot.x = {.title = "share of customers shown the offer, best first",
            .low = 0,
            .high = 1,
            .ticks = Ticks::kPercent};
  plot.lines = {
      {.points = per_thousand(orders.by_expected_profit), .series = 0, .name = "by p·i − c"},
      {.points = per_thousand(orders.by_probability), .series = 1, .name = "by p alone"},
      {.points = {{0, everyone}, {1, everyone}},
       .series = kQuiet,
       .name = "everybody",
       .dashed = true}};
  std::vector<double> values = {0, everyone};
  for (const Line& line : plot.lines)
    for (const Point& point : line.points) values.push_back(point.y);
  plot.y =
      axis_over("profit, " + view.money_unit() + " per 1,000 customers", values, Ticks::kPlain);
  const CurvePoint top = top_of(orders.by_expected_profit), other = top_of(orders.by_probability);
  return how_to_read(
             "Each customer would bring an income i of their own and cost c to ask. The upper "
             "curve "
             "contacts first those of whom most profit is expected, p·i − c; the other those who "
             "are likeliest to accept. Both use the probabilities of " +
             leader.name + " on the test rows and end at everybody.") +
         lesson(view, orders) +
         figure(plot, "orders-p",
                "At the best in hindsight p·i − c reaches " + escape(view.money(1000 * top.y)) +
                    " at " + percent(top.x, 0) + " of the customers, p alone " +
                    escape(view.money(1000 * other.y)) + " at " + percent(other.x, 0) + ".") +
         steps_table(view, orders) +
         "<p>The model’s file knows probabilities; <code>provecho plan</code> with "
         "<code>--income-column</code> and <code>--cost-column</code> chooses customers by "
         "p·i − c.</p>\n";
}

}  // namespace report::detail
