// SPDX-License-Identifier: Apache-2.0
// A card for each leader (after Mitchell et al., Model cards for model reporting, FAT* 2019), and
// the models that came to nothing.
#include <algorithm>
#include <cmath>

#include "metric/confusion.h"
#include "profit/amount_models.h"
#include "report/detail/group_table.h"
#include "report/detail/sections.h"
#include "report/detail/wording.h"

namespace report::detail {
namespace {

using study::Leader;
using study::Ranked;

constexpr std::int64_t kFewPositives = 100;

class Facts {
 public:
  void add(const std::string& name, const std::string& words) {
    if (!words.empty()) body_ += "<dt>" + name + "</dt><dd>" + escape(words) + "</dd>\n";
  }
  void add_html(const std::string& name, const std::string& html) {
    body_ += "<dt>" + name + "</dt><dd>" + html + "</dd>\n";
  }
  [[nodiscard]] std::string html() const { return "<dl class=\"facts\">\n" + body_ + "</dl>\n"; }

 private:
  std::string body_;
};

std::string settings_words(const study::Recipe& recipe) {
  std::vector<std::string> words;
  for (const auto& [name, value] : recipe.settings)
    if (name != "learner") words.push_back(name + " = " + setting_words(value));
  return words.empty() ? "all as standard" : listed(words);
}

std::string data_words(const View& view, const study::Model& model) {
  std::string words;
  if (model.row_share < 1) words = percent(model.row_share, 0) + " of the ";
  words += counted(static_cast<std::int64_t>(view.a.train_rows), "row", "rows") + " (" +
           count(view.a.train_positives) + " accepted)";
  if (!view.a.attributes.empty())
    words +=
        ", " +
        counted(static_cast<std::int64_t>(view.a.attributes.size()), "attribute", "attributes") +
        " on offer";
  if (!view.a.evaluation.once())
    return words + "; measured before, in rounds: " + describe(view.a.evaluation);
  return words + "; threshold chosen on " +
         counted(static_cast<std::int64_t>(view.a.validation_rows), "row", "rows") +
         "; measured on " + counted(static_cast<std::int64_t>(view.a.test_rows), "other", "others");
}

std::string interval_words(const metric::Interval& interval, double confidence) {
  return percent(interval.estimate) + " (" + percent(interval.low) + " to " +
         percent(interval.high) + " with " + percent(confidence, 0) + " confidence)";
}

void add_money(const View& view, const Ranked& one, Facts& facts) {
  facts.add("RAP", interval_words(one.money.rap, view.a.options.confidence));
  const double before =
      one.model.validation_rap_by_row.value_or(View::rap_at(one.model.validation, view.q));
  if (std::isfinite(before)) facts.add("RAP where the threshold was chosen", percent(before));
  facts.add("Profit of 1,000 customers", view.money(1000 * one.money.profit_per_customer.estimate));
  if (one.money.roi) facts.add("ROI", interval_words(*one.money.roi, view.a.options.confidence));
  if (view.a.by_row) return;  // Hypotheses are of one q.
  if (one.wins) {
    facts.add("Earns the most",
              (view.speaks_of_roi() ? "ROI of the old system " : "") + view.range_words(*one.wins));
  } else {
    facts.add("Earns the most", "under no hypothesis: some other model always earns as much");
  }
}

std::string threshold_words(const View& view, double threshold) {
  if (!view.a.by_row) return "offers where the probability is above " + number(threshold);
  if (threshold == profit::kToEverybody) return "offers to everybody";
  if (threshold == profit::kToNobody) return "offers to nobody";
  return "offers where probability · income − cost of the row is above " + view.money(threshold);
}

void add_quality(const View& view, const study::Model& model, Facts& facts) {
  const metric::Confusion& c = model.test;
  facts.add("Decisions", count(c.offered()) + " of " + counted(c.total(), "customer", "customers") +
                             " shown the offer, " + count(c.tp) + " accept; " + count(c.fn) +
                             " who would accept are not shown it");
  std::vector<std::string> words;
  if (const auto value = metric::precision(c)) words.push_back("precision " + percent(*value, 2));
  if (const auto value = metric::recall(c)) words.push_back("recall " + percent(*value));
  if (const auto value = metric::false_alarm(c)) words.push_back("false alarms " + percent(*value));
  if (const auto value = metric::f_score(c)) words.push_back("F1 " + percent(*value));
  if (model.auc) words.push_back("AUC " + fixed(*model.auc, 3));
  if (model.average_precision)
    words.push_back("average precision " + fixed(*model.average_precision, 3));
  if (model.brier) words.push_back("Brier score " + number(*model.brier));
  if (model.log_loss) words.push_back("log-loss " + number(*model.log_loss) + " nats");
  if (model.calibration_error)
    words.push_back("calibration error " + percent(*model.calibration_error, 2));
  facts.add("Quality", listed(words));
  facts.add("Threshold", threshold_words(view, model.threshold));
}

void add_costs(const study::Model& model, Facts& facts) {
  std::vector<std::string> words;
  if (model.seconds > 0) words.push_back(duration(model.seconds) + " to train");
  if (model.nanoseconds_a_row > 0)
    words.push_back(nanoseconds(model.nanoseconds_a_row) + " to score a row");
  if (model.bytes > 0) words.push_back("a file of " + size(model.bytes));
  facts.add("Cost", listed(words));
}

std::string important_words(const study::Model& model) {
  std::vector<learn::Importance> sorted = model.importance;
  std::stable_sort(
      sorted.begin(), sorted.end(),
      [](const learn::Importance& a, const learn::Importance& b) { return a.share > b.share; });
  std::vector<std::string> words;
  for (std::size_t i = 0; i < sorted.size() && i < 5; ++i)
    if (sorted[i].share > 0)
      words.push_back(sorted[i].column + " (" + percent(sorted[i].share, 0) + ")");
  return listed(words);
}

// What a reader of the figures should hold against them.
std::vector<std::string> limits(const View& view, const Ranked& one) {
  std::vector<std::string> out;
  const metric::Confusion& c = one.model.test;
  if (c.positives() < kFewPositives)
    out.push_back("Only " + counted(c.positives(), "acceptance", "acceptances") +
                  " to measure with: the figures are rough.");
  if (one.money.rap.low <= 0)
    out.push_back("These rows do not show that it earns anything: its interval reaches 0 %.");
  if (one.behind && &one != view.leader &&
      one.p_holm.value_or(one.behind->p) > 1 - view.a.options.confidence)
    out.push_back("These rows do not tell it from the leader.");
  out.push_back("Measured on past offers: customers whom the old system never chose may differ.");
  out.insert(out.end(), one.model.notes.begin(), one.model.notes.end());
  return out;
}

std::string groups_words(const study::Fairness& fairness) {
  std::vector<std::string> words;
  if (fairness.parity_gap) words.push_back("offers " + fixed(*fairness.parity_gap * 100, 1));
  if (fairness.opportunity_gap)
    words.push_back("recall " + fixed(*fairness.opportunity_gap * 100, 1));
  if (fairness.calibration_gap)
    words.push_back("calibration " + fixed(*fairness.calibration_gap * 100, 1));
  if (words.empty()) return {};
  return "by " + fairness.column + ", largest gaps: " + listed(words) + " points";
}

std::string card(const View& view, const Leader& leader, bool has_tables_elsewhere) {
  Facts facts;
  std::string tables;
  const Ranked* one = view.find(leader.name);
  if (one != nullptr) {
    facts.add("What", learner_words(one->model.recipe) + ", " +
                          generation_words(one->model.recipe.generation));
    facts.add("Settings", settings_words(one->model.recipe));
    facts.add("Data", data_words(view, one->model));
    add_money(view, *one, facts);
    add_quality(view, one->model, facts);
    facts.add("Looks at", important_words(one->model));
    add_costs(one->model, facts);
  }
  for (const study::Fairness& fairness : leader.fairness) {
    facts.add("Groups", groups_words(fairness));
    if (!has_tables_elsewhere) tables += group_table(leader.name, fairness);
  }
  if (one != nullptr) {
    std::string items;
    for (const std::string& limit : limits(view, *one)) items += escape(limit) + "<br>";
    if (!items.empty()) items.resize(items.size() - 4);
    facts.add_html("Limits", items);
  }
  if (!leader.file.empty()) facts.add_html("File", "<code>" + escape(leader.file) + "</code>");
  std::string out =
      "<article class=\"card\">\n<h3>" + escape(leader.name) + "</h3>\n" + facts.html();
  if (!tables.empty())
    out += "<details><summary>Figures by group</summary>\n" + tables + "</details>\n";
  return out + "</article>\n";
}

}  // namespace

std::string cards(const View& view) {
  if (view.a.leaders.empty()) return {};
  std::string out = how_to_read(
      std::string(
          "One card for each of the leaders: what it is, what it learned from, how it did on "
          "rows it had never seen, and what to hold against it. The file is the model ") +
      (view.a.evaluation.once() ? "itself" : "fitted once more on all rows") +
      " (PMML), with its threshold inside.");
  bool has_tables_elsewhere = true;  // The fairness section holds those of the first.
  for (const Leader& leader : view.a.leaders) {
    out += card(view, leader, has_tables_elsewhere);
    if (!leader.fairness.empty()) has_tables_elsewhere = false;
  }
  return out;
}

namespace {

// Models with a reason each.
std::string reasons(const std::vector<std::pair<std::string, std::string>>& models,
                    const std::string& caption) {
  if (models.empty()) return {};
  std::string rows;
  for (const auto& [name, reason] : models)
    rows += "<tr><th scope=\"row\" class=\"t\">" + escape(name) + "</th><td class=\"t words\">" +
            escape(reason) + "</td></tr>\n";
  const std::string table = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" +
                            caption + "\"><table><caption><span>" + caption +
                            "</span></caption>\n<thead><tr><th scope=\"col\" "
                            "class=\"t\">Model</th>"
                            "<th scope=\"col\" class=\"t\">Why</th></tr></thead>\n<tbody>\n" +
                            rows + "</tbody></table></div>\n";
  const std::string how =
      how_to_read("They take no part in the ranking; everything else stands without them.");
  constexpr std::size_t kMany = 10;
  if (models.size() <= kMany) return how + table;
  return how + "<details><summary>" +
         escape(counted(static_cast<std::int64_t>(models.size()), "model", "models")) +
         "</summary>\n" + table + "</details>\n";
}

}  // namespace

std::string failures(const View& view) { return reasons(view.a.failed, "Failed models"); }
std::string exclusions(const View& view) {
  return reasons(view.a.excluded, "Models outside of the limits");
}

}  // namespace report::detail
