// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "report/detail/view.h"
#include "report/detail/wording.h"
#include "report/tables.h"

namespace report {
namespace {

using detail::View;
using study::Ranked;

constexpr std::size_t kTop = 10;

std::string words(const std::string& text) { return detail::escape_markdown(text); }

std::string ranking(const View& view) {
  if (view.leader == nullptr) return {};
  const std::vector<detail::Figure> figures = detail::figures(view);
  std::string head = "| # | Model |";
  std::string rule = "| ---: | --- |";
  for (const detail::Figure& figure : figures) {
    head += " " + figure.name + (figure.unit.empty() ? std::string() : ", " + words(figure.unit)) +
            " |";
    rule += " ---: |";
  }
  std::string out = "## Ranking by profit\n\n" + head + "\n" + rule + "\n";
  for (std::size_t i = 0; i < view.a.ranking.size(); ++i) {
    const Ranked& one = view.a.ranking[i];
    if (i >= kTop && !detail::is_null(one)) continue;
    out += "| " + std::to_string(i + 1) + " | " + words(one.model.recipe.name) + " |";
    for (const detail::Figure& figure : figures) out += " " + figure.words(one) + " |";
    out += "\n";
  }
  const metric::Interval& rap = view.leader->money.rap;
  out += "\nThe leader’s RAP lies between " + detail::percent(rap.low) + " and " +
         detail::percent(rap.high) + " with " + detail::percent(view.a.options.confidence, 0) +
         " confidence.";
  if (view.a.corrected)
    out += " Corrected for the luck of the best of many: " +
           detail::percent(view.a.corrected->rap.estimate) + ".";
  if (!view.a.evaluation.once()) {
    out += " Measured by " + name_of(view.a.evaluation) + ": " +
           words(describe(view.a.evaluation)) + "; intervals are over " +
           (view.a.evaluation.repeats > 1 ? "the rounds" : "rows") + ".";
  }
  const std::string noise = view.noise_words();
  return out + (noise.empty() ? "" : " " + words(noise)) + "\n\n";
}

std::string hypotheses(const View& view) {
  if (view.a.sensitivity.segments.empty()) return {};
  std::string out = "## If the hypothesis is wrong\n\n| Model | ";
  out += view.speaks_of_roi() ? "ROI of the old system" : "q";
  out += " |\n| --- | --- |\n";
  const profit::Segment* now = view.winning_segment();
  for (const profit::Segment& segment : view.a.sensitivity.segments)
    out += "| " + words(view.a.ranking[segment.model].model.recipe.name) +
           (&segment == now ? " (supposed)" : "") + " | " + view.range_words(segment.q) + " |\n";
  return out + "\n";
}

std::string orders(const View& view) {
  if (view.a.leaders.empty() || !view.a.leaders.front().orders) return {};
  const study::Orders& orders = *view.a.leaders.front().orders;
  std::string out = "## Whom to contact first\n\n| Offer to | Profit, " + words(view.money_unit()) +
                    " / 1,000 customers | from | to |\n| --- | ---: | ---: | ---: |\n";
  const auto row = [&](const std::string& whom, const metric::Interval& profit) {
    out += "| " + whom + " | " + detail::number(1000 * profit.estimate) + " | " +
           detail::number(1000 * profit.low) + " | " + detail::number(1000 * profit.high) + " |\n";
  };
  row("those with p·i > c", orders.where_it_pays);
  row("those above one threshold of p", orders.above_mean_share);
  row("everybody", orders.everyone);
  return out + "\n";
}

std::string lift(const View& view) {
  if (view.a.leaders.empty() || view.a.leaders.front().gains.empty()) return {};
  std::string out =
      "## How many acceptances are found\n\n| Customers contacted, likeliest first | Acceptances "
      "found | Lift |\n| ---: | ---: | ---: |\n";
  for (const metric::Gain& gain : view.a.leaders.front().gains) {
    const bool is_tenth = std::abs(gain.share * 10 - std::round(gain.share * 10)) < 1e-9;
    if (is_tenth)
      out += "| " + detail::percent(gain.share, 0) + " | " + detail::percent(gain.gain) + " | " +
             detail::fixed(gain.lift, 2) + " |\n";
  }
  return out + "\n";
}

std::string uplift(const View& view) {
  std::string out = "## What the offer changes\n\n| Model | Profit beyond the controls, " +
                    words(view.money_unit()) +
                    " / 1,000 customers | from | to | Qini | from | to |\n| --- | ---: | ---: | "
                    "---: | ---: | ---: "
                    "| ---: |\n";
  bool is_known = false;
  std::size_t place = 0;
  for (const Ranked& one : view.a.ranking) {
    if (!one.model.uplift || (place++ >= kTop && !detail::is_null(one))) continue;
    is_known = true;
    const metric::Interval& profit = one.model.uplift->profit_per_customer;
    out += "| " + words(one.model.recipe.name) + " | " + detail::number(1000 * profit.estimate) +
           " | " + detail::number(1000 * profit.low) + " | " + detail::number(1000 * profit.high);
    if (const auto& qini = one.model.uplift->coefficient) {
      out += " | " + detail::fixed(qini->estimate, 3) + " | " + detail::fixed(qini->low, 3) +
             " | " + detail::fixed(qini->high, 3) + " |\n";
    } else {
      out += " | – | – | – |\n";
    }
  }
  return is_known ? out + "\n" : std::string();
}

std::string items(const std::string& heading, const std::vector<std::string>& lines) {
  if (lines.empty()) return {};
  std::string out = "## " + heading + "\n\n";
  for (const std::string& line : lines) out += "- " + line + "\n";
  return out + "\n";
}

}  // namespace

std::string markdown(const study::Analysis& analysis) {
  const View view(analysis);
  std::string out = "# Which model earns the most";
  if (!analysis.target.empty()) out += ": " + words(analysis.target + " = " + analysis.positive);
  out += "\n\n";
  if (!analysis.advice.empty()) out += "**What to do:** " + words(analysis.advice) + "\n\n";
  std::vector<std::string> warnings;
  for (const std::string& warning : analysis.warnings) warnings.push_back(words(warning));
  const auto reasons = [](const std::vector<std::pair<std::string, std::string>>& models) {
    std::vector<std::string> lines;
    for (const auto& [name, reason] : models) lines.push_back(words(name) + ": " + words(reason));
    return lines;
  };
  out += items("Before you trust these figures", warnings) + ranking(view) + uplift(view) +
         orders(view) + lift(view) + hypotheses(view) +
         items("Models outside of the limits", reasons(analysis.excluded)) +
         items("Models that could not be trained", reasons(analysis.failed));
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

}  // namespace report
