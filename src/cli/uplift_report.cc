// SPDX-License-Identifier: Apache-2.0
#include "cli/uplift_report.h"

#include <cmath>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/number.h"
#include "cli/figures.h"
#include "cli/terminal.h"

namespace cli {
namespace {

using learn::BeyondControls;
using metric::Interval;

// Per 1,000 customers.
std::string thousand(double value) { return base::format_fixed(1000 * value, 1); }

// The same inside a sentence.
std::string said(double value) {
  const std::string text = thousand(std::abs(value));
  return value < 0 && text != "0.0" ? "−" + text : text;
}
std::string said(const Interval& interval) {
  return said(interval.estimate) + " (" + said(interval.low) + " to " + said(interval.high) + ")";
}

nlohmann::json json_of(const Interval& interval) {
  return {{"estimate", interval.estimate}, {"low", interval.low}, {"high", interval.high}};
}
nlohmann::json json_of(const std::optional<Interval>& interval) {
  return interval ? json_of(*interval) : nlohmann::json(nullptr);
}

}  // namespace

std::string format_beyond_controls(std::span<const BeyondControls> ranking, std::size_t rows,
                                   const std::optional<profit::Economics>& economics) {
  const std::vector<std::string> header = {
      "model",      economics ? "profit beyond controls" : "acceptances gained",
      "95 %",       "behind the first",
      "95 %",       "offers to",
      "Qini",       "95 %",
      "first 10 %", "30 %"};
  std::vector<std::vector<std::string>> cells;
  for (const BeyondControls& one : ranking) {
    const Interval& profit = one.figures.profit_per_customer;
    const auto& qini = one.figures.coefficient;
    const auto top = [&](std::size_t i) {
      return i < one.figures.top.size()
                 ? base::format_fixed(100 * one.figures.top[i].uplift.estimate, 1) + " points"
                 : std::string();
    };
    cells.push_back(
        {one.name, thousand(profit.estimate), thousand(profit.low) + " … " + thousand(profit.high),
         one.behind ? thousand(one.behind->estimate) : "",
         one.behind ? thousand(one.behind->low) + " … " + thousand(one.behind->high) : "",
         format_percent(static_cast<double>(one.offers) / static_cast<double>(rows)),
         qini ? base::format_fixed(qini->estimate, 3) : "",
         qini ? base::format_fixed(qini->low, 3) + " … " + base::format_fixed(qini->high, 3) : "",
         top(0), top(2)});
  }
  return format_table(header, cells);
}

std::string beyond_controls_sentence(std::span<const BeyondControls> ranking,
                                     const std::optional<profit::Economics>& economics) {
  const BeyondControls& first = ranking.front();
  const BeyondControls& second = ranking[1];
  const Interval& brings = first.figures.profit_per_customer;
  if (first.name == "never") {
    return "By these rows nobody should get an offer: the next, «" + second.name + "», brings " +
           said(second.figures.profit_per_customer) +
           " a thousand customers beyond what would have come without one.";
  }
  const bool alike = second.behind->low == second.behind->high;
  std::string text = "«" + first.name + "» brings most: " + said(brings) +
                     (economics ? "" : " acceptances") +
                     " a thousand customers beyond what would have come without an offer, ";
  if (alike) {
    text += "as much as «" + second.name + "».";
  } else {
    text += said(*second.behind) + " more than «" + second.name +
            (second.behind->low > 0 ? "»." : "»: the difference may be chance.");
  }
  if (brings.low <= 0) text += " That an offer pays at all is not shown by these rows.";
  return text;
}

nlohmann::json beyond_controls_json(std::span<const BeyondControls> ranking) {
  nlohmann::json models = nlohmann::json::array();
  for (const BeyondControls& one : ranking) {
    nlohmann::json top = nlohmann::json::array(), curve = nlohmann::json::array();
    for (const auto& first : one.figures.top)
      top.push_back({{"share", first.share}, {"uplift", json_of(first.uplift)}});
    for (const auto& point : one.figures.curve)
      curve.push_back({{"share", point.share}, {"gained", point.gained}});
    models.push_back({{"model", one.name},
                      {"offers", one.offers},
                      {"profit_per_customer", json_of(one.figures.profit_per_customer)},
                      {"behind", json_of(one.behind)},
                      {"qini_area", json_of(one.figures.area)},
                      {"qini", json_of(one.figures.coefficient)},
                      {"top", top},
                      {"qini_curve", curve}});
  }
  return models;
}

}  // namespace cli
