// SPDX-License-Identifier: Apache-2.0
#include "study/detail/advice.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/number.h"

namespace study::detail {
namespace {

// A minus sign of its own length, as the report has it.
std::string number(double value, int decimals) {
  const std::string text = base::format_fixed(value, decimals);
  return text.starts_with('-') ? "−" + text.substr(1) : text;
}

std::string percent(double share, int decimals = 1) { return number(100 * share, decimals) + " %"; }

std::string signed_percent(double share) { return (share > 0 ? "+" : "") + percent(share, 0); }

// What a thousand customers bring, in money or in costs of an offer.
std::string bare_per_thousand(double profit_per_customer) {
  const double amount = 1000 * profit_per_customer;
  return number(amount, std::abs(amount) < 100 ? 1 : 0);
}

std::string per_thousand(double profit_per_customer, const Analysis& analysis) {
  const std::string amount = bare_per_thousand(profit_per_customer);
  if (!analysis.options.currency.empty()) return amount + " " + analysis.options.currency;
  if (analysis.by_row || analysis.economics.cost != 1) return amount;
  return amount + " times the cost of an offer";
}

bool is_null(const Ranked& ranked) { return ranked.model.recipe.generation == kNullGeneration; }

const Ranked* find(const Analysis& analysis, const std::string& name) {
  const auto at = std::ranges::find_if(analysis.ranking, [&](const Ranked& ranked) {
    return is_null(ranked) && ranked.model.recipe.name == name;
  });
  return at == analysis.ranking.end() ? nullptr : &*at;
}

// How many of the models compared are as good as the leader for all that these rows can tell.
std::size_t as_good(const Analysis& analysis) {
  return static_cast<std::size_t>(std::ranges::count_if(analysis.ranking, [](const Ranked& r) {
    return !is_null(r) && r.p_holm && *r.p_holm > 0.05;
  }));
}

// Where the leader may owe it to chance that it earns more than no model at all.
std::string null_doubt(const Analysis& analysis) {
  std::string equals;
  for (const Ranked& ranked : analysis.ranking) {
    const std::string& name = ranked.model.recipe.name;
    if (!is_null(ranked) || !ranked.p_holm || *ranked.p_holm <= 0.05 || name == "at random")
      continue;
    equals += (equals.empty() ? "" : " or ") +
              std::string(name == "always" ? "sending to everybody" : "sending nothing");
  }
  if (equals.empty()) return {};
  return " That it earns more than " + equals + " may be chance: these rows are too few to tell.";
}

std::string safe_range(const Analysis& analysis) {
  if (!analysis.safe_roi) return {};
  const profit::RoiRange& roi = *analysis.safe_roi;
  std::string text = " It stays the best choice while the old system's return was ";
  const bool open = std::isinf(roi.to);
  if (open) {
    text += "above " + signed_percent(roi.from);
  } else {
    text += "between " + signed_percent(roi.from) + " and " + signed_percent(roi.to);
  }
  return text + ".";
}

std::string at_which(const Analysis& analysis) {
  if (analysis.by_row) return "with these amounts";
  return "at q = " + base::format_fixed(analysis.economics.q(), 2);
}

// In which order, where rows have amounts of their own.
std::string order_words(const Analysis& analysis) {
  if (analysis.leaders.empty() || !analysis.leaders.front().orders) return {};
  const Orders& orders = *analysis.leaders.front().orders;
  const auto bring = [&](const metric::Interval& profit) {
    return per_thousand(profit.estimate, analysis);
  };
  std::string text =
      " Choose customers by p·i − c, not by p: by the model's probabilities, all who "
      "are worth their offer bring " +
      bring(orders.where_it_pays) + ", those above one threshold of p " +
      bring(orders.above_mean_share);
  if (orders.above_mean_share.estimate < orders.everyone.estimate)
    text += ", less than offering to everybody";
  return text + ".";
}

// What the control group says of it.
std::string uplift_words(const Analysis& analysis) {
  const Ranked& leader = analysis.ranking.front();
  if (!leader.model.uplift) return {};
  const auto brings = [&](const Ranked& ranked) {
    const metric::Interval& profit = ranked.model.uplift->profit_per_customer;
    return per_thousand(profit.estimate, analysis) + " (" + bare_per_thousand(profit.low) + " to " +
           bare_per_thousand(profit.high) + ")";
  };
  std::string text = " But some would have accepted unasked: beyond the control group it brings " +
                     brings(leader) + " a thousand customers";
  const Ranked& best = *std::ranges::max_element(analysis.ranking, {}, [](const Ranked& ranked) {
    return ranked.model.uplift->profit_per_customer.estimate;
  });
  if (&best == &leader) return text + ", more than any other.";
  if (is_null(best) && best.model.recipe.name == "never")
    return text + "; sending to nobody would be better.";
  return text + "; «" + best.model.recipe.name + "» brings the most, " + brings(best) + ".";
}

constexpr std::size_t kMostInDoubt = 10;

}  // namespace

base::Result<void> weigh_doubt(Analysis& analysis) {
  if (!analysis.options.hypothesis.belief) return {};
  std::vector<metric::Confusion> counts;
  for (const Ranked& ranked : analysis.ranking) counts.push_back(ranked.model.test);
  TRY_ASSIGN(const profit::Prospects prospects,
             profit::prospects(counts, *analysis.options.hypothesis.belief));
  std::vector<std::size_t> order(counts.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, [&](auto a, auto b) {
    return prospects.models[a].expected_regret < prospects.models[b].expected_regret;
  });
  for (const std::size_t i : order) {
    const profit::Prospect& prospect = prospects.models[i];
    const bool shown = analysis.under_doubt.size() < kMostInDoubt || prospect.probability_best > 0;
    if (!shown) continue;
    analysis.under_doubt.push_back({.name = analysis.ranking[i].model.recipe.name,
                                    .chance_of_best = prospect.probability_best,
                                    .expected_rap = prospect.expected_rap,
                                    .expected_regret = prospect.expected_regret,
                                    .worst_regret = prospect.worst_regret});
  }
  return {};
}

std::string advice(const Analysis& analysis) {
  const Ranked& leader = analysis.ranking.front();
  const Ranked* always = find(analysis, "always");
  const double earns = leader.money.profit_per_customer.estimate;
  if (is_null(leader)) {
    if (leader.model.recipe.name == "never") {
      return "Send nothing: every model loses money on these customers " + at_which(analysis) +
             "." + uplift_words(analysis) + safe_range(analysis);
    }
    return "Send to everybody: " + at_which(analysis) + " no model earns more than " +
           per_thousand(earns, analysis) +
           " a thousand customers, which sending to all of them brings." + uplift_words(analysis) +
           safe_range(analysis);
  }
  const metric::Confusion& c = leader.model.test;
  std::string text = "Send by «" + leader.model.recipe.name + "», to " +
                     percent(static_cast<double>(c.offered()) / static_cast<double>(c.total())) +
                     " of the customers: it earns " + per_thousand(earns, analysis) +
                     " a thousand customers, " + percent(leader.money.rap.estimate) +
                     " of all that could be earned";
  if (analysis.corrected) {
    text += " (" + percent(analysis.corrected->rap.estimate) + " once the luck of the best of " +
            base::format_count(static_cast<std::int64_t>(analysis.ranking.size())) +
            " is taken off)";
  }
  if (always != nullptr) {
    text += "; sending to everybody brings " +
            per_thousand(always->money.profit_per_customer.estimate, analysis);
  }
  text += "." + null_doubt(analysis) + uplift_words(analysis) + order_words(analysis) +
          safe_range(analysis);
  if (const std::size_t equals = as_good(analysis); equals > 0) {
    text += equals == 1 ? " One other model is as good for all that these rows can tell."
                        : " " + std::to_string(equals) +
                              " others are as good for all that these rows can tell.";
  }
  return text;
}

}  // namespace study::detail
