// SPDX-License-Identifier: Apache-2.0
#include "report/detail/view.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/check.h"
#include "metric/confusion.h"
#include "profit/economics.h"
#include "report/detail/wording.h"

namespace report::detail {
namespace {

using Words = std::pair<std::string_view, std::string_view>;
constexpr std::array<Words, 8> kLearners = {{
    {study::kLogisticRegression, "logistic regression"},
    {study::kLinearSvm, "linear support vector machine"},
    {study::kRbfSvm, "support vector machine (RBF kernel)"},
    {study::kDecisionTree, "decision tree"},
    {study::kRandomForest, "random forest"},
    {study::kGradientBoosting, "gradient boosting"},
    {study::kNaiveBayes, "naive Bayes"},
    {study::kNearestNeighbors, "nearest neighbours"},
}};

std::optional<double> positive(double value) {
  return value > 0 ? std::optional<double>(value) : std::nullopt;
}

}  // namespace

View::View(const study::Analysis& analysis) : a(analysis), q(analysis.economics.q()) {
  if (!a.ranking.empty()) leader = &a.ranking.front();
  bool has_null = false;
  for (const study::Ranked& one : a.ranking) {
    const std::string& generation = one.model.recipe.generation;
    has_null = has_null || is_null(one);
    if (!is_null(one) &&
        std::find(generations.begin(), generations.end(), generation) == generations.end())
      generations.push_back(generation);
  }
  std::sort(generations.begin(), generations.end());
  if (has_null) generations.emplace_back(study::kNullGeneration);
  for (const profit::Segment& segment : a.sensitivity.segments) {
    CHECK(segment.model < a.ranking.size());
    // Break-points nearer than two per cent need a decimal to be told apart.
    if (speaks_of_roi() && segment.q.from > q / 2 && segment.q.to < 2 * q &&
        hypothesis_at(segment.q.to) - hypothesis_at(segment.q.from) < 0.02)
      roi_decimals_ = 1;
  }
}

const study::Ranked* View::find(const std::string& name) const {
  for (const study::Ranked& one : a.ranking)
    if (one.model.recipe.name == name) return &one;
  return nullptr;
}

std::string View::money_unit() const {
  if (!a.options.currency.empty()) return a.options.currency;
  return has_nameless_money() ? "money" : "offer costs";
}

bool View::has_nameless_money() const {
  return a.options.currency.empty() && (a.by_row || a.economics.cost != 1);
}

std::string View::money(double amount) const {
  if (has_nameless_money()) return number(amount);
  const bool has_cents = !a.options.currency.empty() && std::abs(amount) < 100;
  return (has_cents && std::abs(amount) >= 1 ? fixed(amount, 2) : number(amount)) + "\u00A0" +
         money_unit();
}

double View::hypothesis_at(double q_value) const {
  return speaks_of_roi() ? profit::roi_from_precision(*a.options.hypothesis.old_precision, q_value)
                         : q_value;
}

double View::q_at(double hypothesis) const {
  return speaks_of_roi() ? (1 + hypothesis) / *a.options.hypothesis.old_precision : hypothesis;
}

std::string View::hypothesis_words(double q_value) const {
  return speaks_of_roi() ? signed_percent(hypothesis_at(q_value), roi_decimals_)
                         : "q\u00A0=\u00A0" + number(q_value);
}

std::string View::range_words(const profit::QRange& range) const {
  const bool has_low = range.from > 1;
  const bool has_high = std::isfinite(range.to);
  const auto end = [&](double value) {
    return speaks_of_roi() ? hypothesis_words(value) : number(value);
  };
  const std::string of = speaks_of_roi() ? "" : "q ";
  if (!has_low && !has_high) return "every hypothesis";
  if (!has_low) return of + "up to " + end(range.to);
  if (!has_high) return of + "from " + end(range.from) + " on";
  return of + "from " + end(range.from) + " to " + end(range.to);
}

double View::rap_at(const metric::Confusion& counts, double q_value) {
  if (!(q_value > 1)) return std::nan("");
  return profit::relative_achieved_profit(counts, q_value).value_or(std::nan(""));
}

const profit::Segment* View::winning_segment() const {
  for (const profit::Segment& segment : a.sensitivity.segments)
    if (q >= segment.q.from && (q < segment.q.to || &segment == &a.sensitivity.segments.back()))
      return &segment;
  return nullptr;
}

std::vector<const study::Ranked*> View::compared(bool is_noise) const {
  std::vector<const study::Ranked*> out;
  for (const study::Ranked& one : a.ranking) {
    if (&one == leader || !one.behind) continue;
    const double p = one.p_holm.value_or(one.behind->p);
    if ((p > 1 - a.options.confidence) == is_noise) out.push_back(&one);
  }
  return out;
}

std::string View::noise_words() const {
  const auto noise = compared(true);
  const auto worse = compared(false);
  if (noise.empty() && worse.empty()) return {};
  const std::string test =
      " (at the " + percent(1 - a.options.confidence, 0) + " level, after Holm’s correction for " +
      counted(static_cast<std::int64_t>(noise.size() + worse.size()), "comparison", "comparisons") +
      " on the same rows)";
  if (noise.empty())
    return "The leader is better than every model it was compared with" + test + ".";
  std::vector<std::string> names;
  constexpr std::size_t kMostNames = 6;
  for (std::size_t i = 0; i < noise.size() && i < kMostNames; ++i)
    names.push_back(noise[i]->model.recipe.name);
  if (noise.size() > kMostNames)
    names.push_back(
        counted(static_cast<std::int64_t>(noise.size() - kMostNames), "other", "others"));
  std::string words = "These rows do not tell the leader from " + listed(names) +
                      ": between them the difference is noise, so choose by cost, speed or "
                      "simplicity.";
  if (!worse.empty())
    words += " It is better than the other " +
             counted(static_cast<std::int64_t>(worse.size()), "model", "models") +
             " it was compared with" + test + ".";
  return words;
}

bool is_null(const study::Ranked& ranked) {
  return ranked.model.recipe.generation == study::kNullGeneration;
}

std::string generation_words(const std::string& generation) {
  if (generation == study::kNullGeneration) return "Null models";
  if (generation == "search") return "Search";
  if (generation == "own") return "Own recipes";
  return "Generation " + generation;
}

std::string learner_of(const study::Recipe& recipe) {
  const auto found = recipe.settings.find("learner");
  if (found == recipe.settings.end()) return {};
  const auto* name = std::get_if<std::string>(&found->second);
  return name == nullptr ? std::string() : *name;
}

std::string learner_words(const study::Recipe& recipe) {
  const std::string name = learner_of(recipe);
  for (const auto& [spelled, words] : kLearners)
    if (name == spelled) return std::string(words);
  if (name.empty() && recipe.generation == study::kNullGeneration)
    return "null model: looks at nobody";
  return name;
}

std::string setting_words(const study::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return count(*whole);
  return number(std::get<double>(value));
}

std::string Figure::words(const study::Ranked& ranked) const {
  const std::optional<double> value = of(ranked);
  if (!value) return "–";
  return decimals < 0 ? number(*value * scale) : fixed(*value * scale, decimals);
}

std::vector<Figure> figures(const View& view) {
  using study::Ranked;
  const std::string per_thousand = view.money_unit() + " / 1,000 customers";
  std::vector<Figure> all = {
      {"RAP", "%", [](const Ranked& r) { return std::optional(r.money.rap.estimate); }, 100, 1, 1},
      {"Profit", per_thousand,
       [](const Ranked& r) { return std::optional(r.money.profit_per_customer.estimate); }, 1000,
       -1, 1},
      {"ROI", "%",
       [](const Ranked& r) {
         return r.money.roi ? std::optional(r.money.roi->estimate) : std::nullopt;
       },
       100, 1, 1},
      {"Precision", "%", [](const Ranked& r) { return metric::precision(r.model.test); }, 100, 2,
       1},
      {"Recall", "%", [](const Ranked& r) { return metric::recall(r.model.test); }, 100, 1, 1},
      {"False alarms", "%", [](const Ranked& r) { return metric::false_alarm(r.model.test); }, 100,
       1, -1},
      {"Accuracy", "%", [](const Ranked& r) { return metric::accuracy(r.model.test); }, 100, 1, 1},
      {"F1", "%", [](const Ranked& r) { return metric::f_score(r.model.test); }, 100, 1, 1},
      {"AUC", "", [](const Ranked& r) { return r.model.auc; }, 1, 3, 1},
      {"Training", "s", [](const Ranked& r) { return positive(r.model.seconds); }, 1, -1, -1},
      {"Scoring", "ns / row", [](const Ranked& r) { return positive(r.model.nanoseconds_a_row); },
       1, -1, -1},
      {"File", "kB", [](const Ranked& r) { return positive(static_cast<double>(r.model.bytes)); },
       1e-3, -1, -1},
  };
  if (view.a.control.empty()) return all;
  all.insert(all.begin() + 3,
             {{"Beyond controls", per_thousand,
               [](const Ranked& r) {
                 const auto& found = r.model.uplift;
                 return found ? std::optional(found->profit_per_customer.estimate) : std::nullopt;
               },
               1000, -1, 1},
              {"Qini", "",
               [](const Ranked& r) {
                 const auto& found = r.model.uplift;
                 return found && found->coefficient ? std::optional(found->coefficient->estimate)
                                                    : std::nullopt;
               },
               1, 3, 1}});
  return all;
}

}  // namespace report::detail
