// SPDX-License-Identifier: Apache-2.0
// What offers change, by a control group.
#include <algorithm>

#include "report/detail/sections.h"
#include "report/detail/wording.h"
#include "report/plot.h"

namespace report::detail {
namespace {

using learn::Uplift;
using study::Ranked;

constexpr std::size_t kMostRows = 12;
constexpr std::size_t kMostCurves = 4;

// The one that brings most first; the null models stay however little they bring.
std::vector<const Ranked*> by_profit(const View& view) {
  std::vector<const Ranked*> sorted;
  for (const Ranked& one : view.a.ranking)
    if (one.model.uplift) sorted.push_back(&one);
  std::ranges::stable_sort(sorted, [](const Ranked* a, const Ranked* b) {
    return a->model.uplift->profit_per_customer.estimate >
           b->model.uplift->profit_per_customer.estimate;
  });
  std::vector<const Ranked*> shown;
  for (std::size_t i = 0; i < sorted.size(); ++i)
    if (i < kMostRows || is_null(*sorted[i])) shown.push_back(sorted[i]);
  return shown;
}

std::string scaled(const metric::Interval& interval, double scale) {
  return number(scale * interval.estimate) + " <small>" + number(scale * interval.low) + " to " +
         number(scale * interval.high) + "</small>";
}

std::string top_cell(const Uplift& uplift, std::size_t i) {
  return i < uplift.top.size() ? scaled(uplift.top[i].uplift, 100) : std::string("–");
}

std::string row(const Ranked& one) {
  const Uplift& uplift = *one.model.uplift;
  const metric::Confusion& c = one.model.test;
  std::string out =
      "<tr><th scope=\"row\" class=\"t\">" + escape(one.model.recipe.name) + "</th><td>" +
      percent(static_cast<double>(c.offered()) / static_cast<double>(c.total()), 0) + "</td><td>" +
      scaled(uplift.profit_per_customer, 1000) + "</td><td>" +
      (uplift.coefficient ? scaled(*uplift.coefficient, 1) : std::string("–")) + "</td>";
  for (std::size_t i = 0; i < 4; ++i) out += "<td>" + top_cell(uplift, i) + "</td>";
  return out + "</tr>\n";
}

std::string table(const View& view, const std::vector<const Ranked*>& models) {
  const auto heading = [](const std::string& name, const std::string& unit) {
    return "<th scope=\"col\">" + name + (unit.empty() ? "" : " <small>" + unit + "</small>") +
           "</th>";
  };
  std::string head =
      "<th scope=\"col\" class=\"t\">Model</th>" + heading("Offers to", "%") +
      heading("Profit beyond the controls", escape(view.money_unit()) + " / 1,000 customers") +
      heading("Qini", "");
  for (const char* share : {"10 %", "20 %", "30 %", "50 %"})
    head += heading(std::string("Uplift, first ") + share, "points");
  std::string rows;
  for (const Ranked* one : models) rows += row(*one);
  return "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"What offers "
         "change\"><table><caption><span>What offers change</span></caption>\n<thead><tr>" +
         head + "</tr></thead>\n<tbody>\n" + rows + "</tbody></table></div>\n";
}

std::string picture(const std::vector<const Ranked*>& models) {
  Plot plot{.title = "Acceptances gained against the share of customers contacted",
            .description =
                "The Qini curve of the models that bring most; the straight line is "
                "chance, from nobody to everybody."};
  plot.x = {.title = "share of customers shown the offer, in the model’s order",
            .low = 0,
            .high = 1,
            .ticks = Ticks::kPercent};
  std::vector<double> values = {0};
  double everyone = 0;
  for (const Ranked* one : models) {
    const std::vector<Uplift::Point>& curve = one->model.uplift->curve;
    if (curve.empty() || plot.lines.size() == kMostCurves) continue;
    const int series = static_cast<int>(plot.lines.size());
    Line line{.points = {}, .series = series, .name = one->model.recipe.name, .thin = series > 0};
    for (const Uplift::Point& point : curve) {
      line.points.push_back({point.share, 1000 * point.gained});
      values.push_back(line.points.back().y);
    }
    everyone = line.points.back().y;
    plot.lines.push_back(std::move(line));
  }
  if (plot.lines.empty()) return {};
  plot.lines.push_back({.points = {{0, 0}, {1, everyone}}, .series = kQuiet, .dashed = true});
  plot.y = axis_over("acceptances gained per 1,000 customers", values, Ticks::kPlain);
  return figure(plot, "uplift-p",
                "The dashed line is what chance gains. A curve above it finds customers whom the "
                "offer changes; one that falls has reached those whom it puts off, or noise.");
}

}  // namespace

std::string uplift(const View& view) {
  const std::vector<const Ranked*> models = by_profit(view);
  if (models.empty()) return {};
  const auto controls = static_cast<std::int64_t>(view.a.control_rows);
  return how_to_read(
             "Everything else on this page counts an acceptance as the offer’s doing. Here " +
             counted(controls, "customer", "customers") + " of a control group (" + view.a.control +
             ", " + count(view.a.control_positives) +
             " of whom accepted unasked) say what would have come without it. Profit beyond the "
             "controls: accepted among the treated whom the model chooses, less the same among the "
             "controls, times income, less the cost of the offers. Qini: the area between the "
             "model’s curve and chance, by that of a perfect model that puts nobody off (Radcliffe "
             "2007): 0 is chance. Uplift: acceptances of the treated less those of the controls, "
             "among the first of the model’s order. Small figures: 95 % intervals.") +
         table(view, models) + picture(models);
}

}  // namespace report::detail
