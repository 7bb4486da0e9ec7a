// SPDX-License-Identifier: Apache-2.0
// Who earns how much, and which differences are noise.
#include <algorithm>
#include <cmath>

#include "report/detail/sections.h"
#include "report/detail/wording.h"
#include "report/plot.h"

namespace report::detail {
namespace {

using study::Ranked;

constexpr std::size_t kTop = 12;      // Rows of the table that are always there.
constexpr std::size_t kPicture = 15;  // Rows of the picture.

struct Place {
  std::size_t number = 0;  // From 1.
  const Ranked* model = nullptr;
};

// The best, and every null model.
std::vector<Place> top(const View& view, std::size_t most) {
  std::vector<Place> out;
  for (std::size_t i = 0; i < view.a.ranking.size(); ++i)
    if (i < most || is_null(view.a.ranking[i])) out.push_back({i + 1, &view.a.ranking[i]});
  return out;
}

std::vector<Place> rest(const View& view) {
  std::vector<Place> out;
  for (std::size_t i = kTop; i < view.a.ranking.size(); ++i)
    if (!is_null(view.a.ranking[i])) out.push_back({i + 1, &view.a.ranking[i]});
  return out;
}

// The best of each figure among the models that look at customers.
std::vector<const Ranked*> best_of_each(const View& view, const std::vector<Figure>& all) {
  std::vector<const Ranked*> best(all.size(), nullptr);
  for (const Ranked& one : view.a.ranking) {
    if (is_null(one)) continue;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const auto value = all[i].of(one);
      if (!value || all[i].better == 0) continue;
      const auto so_far = best[i] == nullptr ? std::nullopt : all[i].of(*best[i]);
      if (!so_far || (*value - *so_far) * all[i].better > 0) best[i] = &one;
    }
  }
  return best;
}

std::string heading(const std::string& name, const std::string& unit,
                    const std::string& attributes) {
  return "<th scope=\"col\"" + attributes + ">" + escape(name) +
         (unit.empty() ? "" : " <small>" + escape(unit) + "</small>") + "</th>";
}

// What the few that were compared say of themselves.
std::string compared_cells(const View& view, const Ranked& one) {
  if (&one == view.leader) return "<td>leader</td>";
  if (!one.behind) return "<td>–</td>";
  return "<td>" + fixed(one.behind->rap.estimate * 100, 1) + " (" +
         escape(p_value(one.p_holm.value_or(one.behind->p))) + ")</td>";
}

// The column's heading says "Generation".
std::string generation_cell(const std::string& generation) {
  constexpr std::string_view kPrefix = "Generation ";
  const std::string words = generation_words(generation);
  return words.starts_with(kPrefix) ? words.substr(kPrefix.size()) : words;
}

std::string row(const View& view, const Place& place, const std::vector<Figure>& all,
                const std::vector<const Ranked*>& best, bool is_full) {
  const Ranked& one = *place.model;
  std::string out = is_null(one) ? "<tr class=\"null\">" : "<tr>";
  out += "<td>" + count(static_cast<std::int64_t>(place.number)) +
         "</td><th scope=\"row\" class=\"t\">" + escape(one.model.recipe.name) + "</th>";
  if (is_full)
    out += "<td class=\"t\">" + escape(generation_cell(one.model.recipe.generation)) + "</td>";
  for (std::size_t i = 0; i < all.size(); ++i) {
    out += best[i] == &one ? "<td class=\"best\">" : "<td>";
    out += escape(all[i].words(one)) + "</td>";
    if (i > 0 || !is_full) continue;
    out += "<td>" + fixed(one.money.rap.low * 100, 1) + " to " +
           fixed(one.money.rap.high * 100, 1) + "</td>" + compared_cells(view, one);
  }
  return out + "</tr>\n";
}

std::string table(const View& view, const std::vector<Place>& places,
                  const std::vector<Figure>& all, const std::vector<const Ranked*>& best,
                  bool is_full, const std::string& caption) {
  std::string head = heading("#", "", " data-up") + heading("Model", "", " class=\"t\" data-text");
  if (is_full) head += heading("Generation", "", " class=\"t\" data-text");
  for (std::size_t i = 0; i < all.size(); ++i) {
    head += heading(all[i].name, all[i].unit, all[i].better < 0 ? " data-up" : "");
    if (i == 0 && is_full)
      head += heading("Interval", "% RAP, " + percent(view.a.options.confidence, 0), "") +
              heading("Behind leader", "points of RAP", " data-up");
  }
  std::string body;
  for (const Place& place : places) body += row(view, place, all, best, is_full);
  return "<div class=\"scroll ranks\" tabindex=\"0\" role=\"region\" aria-label=\"" +
         escape(caption) + "\"><table class=\"sortable\"><caption><span>" + escape(caption) +
         "</span></caption>\n<thead><tr>" + head + "</tr></thead>\n<tbody>\n" + body +
         "</tbody></table></div>\n";
}

std::string interval_words(const Ranked& one) {
  return percent(one.money.rap.estimate) + " (" + fixed(one.money.rap.low * 100, 1) + " to " +
         fixed(one.money.rap.high * 100, 1) + ")";
}

int series_of(const View& view, const Ranked& one) {
  if (is_null(one)) return kQuiet;
  if (&one == view.leader) return 0;
  for (const Ranked* other : view.compared(true))
    if (other == &one) return 2;
  return one.behind ? 1 : kInk;
}

std::string picture(const View& view) {
  Forest forest{.title = "Models by RAP, with intervals",
                .description = "RAP of the best models and the null models: the leader " +
                               view.leader->model.recipe.name + " reaches " +
                               interval_words(*view.leader) + "."};
  std::vector<double> ends = {0};
  bool has_noise = false, has_worse = false, has_plain = false, has_null = false;
  const double lowest = -0.6 * std::max(view.leader->money.rap.high, 0.05);
  for (const Place& place : top(view, kPicture)) {
    const Ranked& one = *place.model;
    const int series = series_of(view, one);
    has_noise = has_noise || series == 2;
    has_worse = has_worse || series == 1;
    has_plain = has_plain || series == kInk;
    has_null = has_null || series == kQuiet;
    const metric::Interval& rap = one.money.rap;
    forest.rows.push_back(
        {count(static_cast<std::int64_t>(place.number)) + "  " + one.model.recipe.name,
         rap.estimate, rap.low, rap.high, interval_words(one), series});
    ends.push_back(std::max(rap.low, lowest));
    ends.push_back(rap.high);
  }
  forest.x = axis_over("RAP, the share of all profit that could be earned", ends, Ticks::kPercent);
  forest.markers.push_back({.x = 0, .label = "", .strong = true});
  forest.markers.push_back({.x = view.leader->money.rap.estimate, .label = ""});
  if (series_of(view, *view.leader) == 0) forest.legend.emplace_back(0, "leader");
  if (has_noise) forest.legend.emplace_back(2, "not told from the leader");
  if (has_worse) forest.legend.emplace_back(1, "worse than the leader");
  if (has_plain) forest.legend.emplace_back(kInk, "not compared");
  if (has_null) forest.legend.emplace_back(kQuiet, "null model");
  return figure(forest, "forest",
                "Each row is a model: the mark is its RAP on the test rows, the bar the range "
                "that the truth lies in with " +
                    percent(view.a.options.confidence, 0) +
                    " confidence. All were measured on the same rows, so two bars may overlap and "
                    "the difference still be real: the colours say whether it is.");
}

// The article's lesson: the best by another measure earns less.
std::string best_predictor(const View& view, const std::vector<Figure>& all,
                           const std::vector<const Ranked*>& best) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].name != "F1" || best[i] == nullptr || best[i] == view.leader) continue;
    const double lost = view.leader->money.rap.estimate - best[i]->money.rap.estimate;
    if (!(lost >= 0.001)) continue;
    return "<p>The model with the highest F1 score, " + escape(best[i]->model.recipe.name) + " (" +
           escape(all[i].words(*best[i])) + "\u00A0%), reaches a RAP of " +
           percent(best[i]->money.rap.estimate) + ": " + fixed(lost * 100, 1) +
           " points less than the leader. The best predictor is not the best earner.</p>\n";
  }
  return {};
}

}  // namespace

std::string ranking(const View& view) {
  if (view.leader == nullptr) return {};
  const std::vector<Figure> all = figures(view);
  const auto best = best_of_each(view, all);
  std::string out = how_to_read(
      "Models in the order of the money they earn on the test rows; bold is the best of a column "
      "among all models that look at customers. The headings sort.");
  const std::string noise = view.noise_words();
  if (!noise.empty()) out += "<p>" + escape(noise) + "</p>\n";
  out += best_predictor(view, all, best);
  out += table(view, top(view, kTop), all, best, true, "The best models, and the null models");
  const std::vector<Place> others = rest(view);
  if (!others.empty())
    out += "<details><summary>" +
           escape(counted(static_cast<std::int64_t>(others.size()), "more model", "more models")) +
           "</summary>\n" + table(view, others, all, best, false, "All other models") +
           "</details>\n";
  return out + picture(view);
}

}  // namespace report::detail
