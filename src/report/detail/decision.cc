// SPDX-License-Identifier: Apache-2.0
// The top of the page, and its foot: what to do, the key figures, warnings; how it was made.
#include <cmath>

#include "report/detail/sections.h"
#include "report/detail/wording.h"

namespace report::detail {
namespace {

std::string key_figure(const std::string& name, const std::string& value,
                       const std::string& words) {
  std::string out = "<div><dt>" + escape(name) + "</dt><dd>" + escape(value);
  if (!words.empty()) out += " <small>" + escape(words) + "</small>";
  return out + "</dd></div>\n";
}

// Over what the intervals are, where there are rounds.
std::string interval_words(const study::Evaluation& evaluation) {
  if (evaluation.once()) return {};
  if (evaluation.repeats == 1) {
    return " They are over rows, each tested once; that the folds’ models were trained on rows in "
           "common is not in them.";
  }
  return " They are over " + std::to_string(evaluation.rounds()) +
         " rounds, by the corrected resampled t-test (Nadeau & Bengio 2003); curves and groups are "
         "of the first repeat.";
}

// A number and its per cent stay on one line.
std::string with_units_held(std::string words) {
  for (std::size_t at = words.find(" %"); at != words.npos; at = words.find(" %", at))
    words.replace(at, 1, "\u00A0");
  return words;
}

std::string q_words(const View& view) {
  const study::Hypothesis& hypothesis = view.a.options.hypothesis;
  if (!view.a.options.currency.empty())
    return view.money(view.a.economics.income) + " for an accepted offer, " +
           view.money(view.a.economics.cost) + " for each offer shown";
  if (view.a.by_row)
    return "on average; each customer has an income and a cost of their own, and is chosen by p·i "
           "− c";
  std::string words = "an accepted offer earns " + number(view.q) + " times what showing one costs";
  if (hypothesis.old_precision)
    words += ": the old system’s precision was " + percent(*hypothesis.old_precision, 2) +
             ", its ROI is supposed to be " + view.hypothesis_words(view.q);
  return words;
}

std::string leader_figures(const View& view) {
  const metric::Interval& rap = view.leader->money.rap;
  const metric::Interval& each = view.leader->money.profit_per_customer;
  const std::string confidence = percent(view.a.options.confidence, 0);
  std::string out = key_figure("Best RAP", percent(rap.estimate),
                               view.leader->model.recipe.name + "; " + percent(rap.low) + " to " +
                                   percent(rap.high) + " with " + confidence + " confidence");
  if (view.a.corrected) {
    const study::Corrected& corrected = *view.a.corrected;
    std::string words = percent(corrected.rap.low) + " to " + percent(corrected.rap.high) + "; " +
                        fixed(corrected.optimism * 100, 1) +
                        " points were luck of the best of many";
    if (corrected.nested)
      words += "; chosen on one half and measured on the other: " + percent(*corrected.nested);
    out += key_figure("RAP to expect", percent(corrected.rap.estimate), words);
  }
  out += key_figure("Profit of 1,000 customers", view.money(1000 * each.estimate),
                    number(1000 * each.low) + " to " + view.money(1000 * each.high) +
                        (view.a.options.currency.empty() && !view.has_nameless_money()
                             ? " (1 = showing one offer)"
                             : ""));
  return out;
}

std::string key_figures(const View& view) {
  const study::Analysis& a = view.a;
  std::string out = key_figure("Income per cost, q", number(view.q), q_words(view));
  if (view.leader != nullptr) out += leader_figures(view);
  std::int64_t trained = 0;
  for (const study::Ranked& one : a.ranking) trained += is_null(one) ? 0 : 1;
  std::string models =
      "and " +
      counted(static_cast<std::int64_t>(a.ranking.size()) - trained, "null model", "null models") +
      " to beat";
  if (!a.failed.empty())
    models += "; " + count(static_cast<std::int64_t>(a.failed.size())) + " could not be trained";
  out += key_figure("Models", count(trained), models);
  const auto part = [](std::size_t rows, std::int64_t positives, const char* name) {
    return count(static_cast<std::int64_t>(rows)) + " " + name + " (" + count(positives) +
           " accepted)";
  };
  if (a.evaluation.once()) {
    out +=
        key_figure("Offers, past",
                   count(static_cast<std::int64_t>(a.train_rows + a.validation_rows + a.test_rows)),
                   part(a.train_rows, a.train_positives, "to train") + ", " +
                       part(a.validation_rows, a.validation_positives, "to choose thresholds") +
                       ", " + part(a.test_rows, a.test_positives, "to measure"));
  } else {
    out += key_figure("Offers, past", count(static_cast<std::int64_t>(a.train_rows)),
                      count(a.train_positives) + " accepted; " + describe(a.evaluation));
  }
  if (a.seconds > 0) out += key_figure("Training", duration(a.seconds), "all models together");
  return "<dl class=\"key\">\n" + out + "</dl>\n";
}

std::string warnings(const View& view) {
  if (view.a.warnings.empty()) return {};
  std::string items;
  for (const std::string& warning : view.a.warnings)
    items += "<li>" + with_units_held(escape(warning)) + "</li>\n";
  return "<section class=\"warnings\" aria-labelledby=\"warnings-h\">\n<h2 "
         "id=\"warnings-h\">Before "
         "you trust these figures</h2>\n<ul>\n" +
         items + "</ul>\n</section>\n";
}

}  // namespace

std::string what_to_do(const View& view) {
  std::string out;
  if (!view.a.advice.empty())
    out +=
        "<section class=\"advice\" aria-labelledby=\"advice-h\">\n<h2 id=\"advice-h\">What to "
        "do</h2>\n<p>" +
        with_units_held(escape(view.a.advice)) + "</p>\n</section>\n";
  return out + key_figures(view) + warnings(view);
}

std::string how_to_read(const std::string& words) {
  return "<p class=\"how\">" + escape(words) + "</p>\n";
}

std::string method(const View& view) {
  const study::Analysis& a = view.a;
  std::string out = "<dl class=\"facts\">\n";
  const auto fact = [&](const std::string& name, const std::string& words) {
    out += "<dt>" + name + "</dt><dd>" + escape(words) + "</dd>\n";
  };
  fact("q", "what an accepted offer earns, divided by what showing an offer costs.");
  fact("Profit", "accepted offers times income, less offers shown times cost.");
  fact("RAP",
       "relative achieved profit: profit divided by that of offering to every customer who accepts "
       "and to nobody else. 100 % cannot be passed; below 0 % an offer to nobody is better.");
  fact("ROI", "profit divided by the cost of the offers shown.");
  fact("Precision, recall",
       "the share of the shown offers that is accepted; the share of the customers who accept that "
       "is shown the offer. False alarms: of the customers who do not accept, the share shown it.");
  fact("Intervals", "hold the truth with " + percent(a.options.confidence, 0) +
                        " confidence, if future customers are like the test rows." +
                        interval_words(a.evaluation));
  fact("Thresholds", "were chosen on rows of their own, never on the rows that measure.");
  if (!a.evaluation.once()) {
    fact("Rounds",
         describe(a.evaluation) +
             ". A model in a file is none of those that were "
             "measured: it was fitted once more on all rows, its threshold chosen on what "
             "they said of rows that they had not seen.");
  }
  fact("Null models", "look at nobody: always offer, never offer, offer at random.");
  if (!a.attributes.empty()) fact("Attributes", listed(a.attributes));
  return out + "</dl>\n";
}

}  // namespace report::detail
