// SPDX-License-Identifier: Apache-2.0
// Who wins if q is not what was supposed.
#include <algorithm>
#include <cmath>
#include <map>

#include "report/detail/sections.h"
#include "report/detail/wording.h"
#include "report/plot.h"

namespace report::detail {
namespace {

using profit::Segment;
using study::Ranked;

constexpr std::size_t kColours = 6;
constexpr std::size_t kMostRows = 12;
constexpr int kSamples = 160;

// The hypotheses worth drawing: around the study's own, and the whole range where its winner wins.
profit::QRange window(const View& view, const Segment* now) {
  profit::QRange shown{std::max(1.0, view.q / 2), view.q * 2};
  if (now != nullptr) {
    shown.from = std::max(1.0, std::min(shown.from, now->q.from * 0.8));
    if (std::isfinite(now->q.to))
      shown.to = std::min(view.q * 5, std::max(shown.to, now->q.to * 1.25));
  }
  if (const auto& range = view.a.options.hypothesis.roi_range;
      range && view.a.options.hypothesis.old_precision) {
    shown.from = std::max(1.0, std::min(shown.from, view.q_at(range->from) * 0.9));
    shown.to = std::max(shown.to, view.q_at(range->to) * 1.1);
  }
  return shown;
}

std::vector<const Segment*> inside(const View& view, const profit::QRange& range) {
  std::vector<const Segment*> out;
  for (const Segment& segment : view.a.sensitivity.segments)
    if (segment.q.from < range.to && segment.q.to > range.from) out.push_back(&segment);
  return out;
}

// How far a segment lies from the study's hypothesis.
double distance(const Segment& segment, double q) {
  return std::max({0.0, segment.q.from - q, q - segment.q.to});
}

// Colours for the winners next to the hypothesis: the one now first.
std::map<std::size_t, int> colours(const View& view, std::vector<const Segment*> segments) {
  std::stable_sort(segments.begin(), segments.end(), [&](const Segment* a, const Segment* b) {
    return distance(*a, view.q) < distance(*b, view.q);
  });
  std::map<std::size_t, int> out;
  for (const Segment* segment : segments)
    if (out.size() < kColours) out.try_emplace(segment->model, static_cast<int>(out.size()));
  return out;
}

std::vector<Point> curve(const View& view, const Ranked& model, double from, double to) {
  std::vector<Point> points;
  for (int i = 0; i <= kSamples; ++i) {
    const double x = from + (to - from) * i / kSamples;
    const double q = view.q_at(x);
    if (q > 1) points.push_back({x, View::rap_at(model.model.test, q)});
  }
  return points;
}

void add_lines(const View& view, const std::vector<const Segment*>& segments, Plot& plot) {
  const auto colour = colours(view, segments);
  std::vector<const Segment*> by_colour = segments;
  std::stable_sort(by_colour.begin(), by_colour.end(), [&](const Segment* a, const Segment* b) {
    const auto at = [&](const Segment* s) {
      const auto found = colour.find(s->model);
      return found == colour.end() ? static_cast<int>(kColours) : found->second;
    };
    return at(a) < at(b);
  });
  for (const Segment* segment : by_colour) {
    const Ranked& model = view.a.ranking[segment->model];
    const auto found = colour.find(segment->model);
    const int series = found == colour.end() ? kQuiet : found->second;
    if (series != kQuiet)
      plot.lines.push_back(
          {.points = curve(view, model, plot.x.low, plot.x.high), .series = series, .faint = true});
    const double from = std::max(view.hypothesis_at(segment->q.from), plot.x.low);
    const double to = std::isfinite(segment->q.to)
                          ? std::min(view.hypothesis_at(segment->q.to), plot.x.high)
                          : plot.x.high;
    plot.lines.push_back({.points = curve(view, model, from, to),
                          .series = series,
                          .name = series == kQuiet ? std::string() : model.model.recipe.name});
  }
}

void add_marks(const View& view, const std::vector<const Segment*>& segments, const Segment* now,
               Plot& plot) {
  const double infinity = std::numeric_limits<double>::infinity();
  if (now != nullptr)
    plot.shades.push_back({now->q.from > 1 ? view.hypothesis_at(now->q.from) : -infinity,
                           std::isfinite(now->q.to) ? view.hypothesis_at(now->q.to) : infinity, 0,
                           "safe range"});
  for (const Segment* segment : segments)
    if (std::isfinite(segment->q.to))
      plot.markers.push_back(
          {view.hypothesis_at(segment->q.to),
           view.speaks_of_roi() ? view.hypothesis_words(segment->q.to) : number(segment->q.to)});
  plot.markers.push_back(
      {view.hypothesis_at(view.q), "supposed " + view.hypothesis_words(view.q), true});
}

std::string picture(const View& view, const Segment* now) {
  const profit::QRange shown = window(view, now);
  Plot plot{.title = view.speaks_of_roi() ? "RAP against the ROI supposed of the old system"
                                          : "RAP against q"};
  const std::vector<const Segment*> segments = inside(view, shown);
  plot.x = axis_over(view.speaks_of_roi() ? "ROI supposed of the old system" : "q, income per cost",
                     {view.hypothesis_at(shown.from), view.hypothesis_at(shown.to)},
                     view.speaks_of_roi() ? Ticks::kSignedPercent : Ticks::kPlain);
  double best = 0.05;
  for (const Segment* segment : segments)
    best = std::max(best, View::rap_at(view.a.ranking[segment->model].model.test,
                                       std::max(shown.from, std::min(shown.to, segment->q.to))));
  plot.y = axis_over("RAP", {-0.3 * best, best * 1.05}, Ticks::kPercent);
  add_lines(view, segments, plot);
  add_marks(view, segments, now, plot);
  plot.description = "The models that earn the most somewhere, as curves; the winner changes at " +
                     count(static_cast<std::int64_t>(segments.empty() ? 0 : segments.size() - 1)) +
                     " break-points in the range drawn.";
  return figure(
      plot, "hypotheses-p",
      "A curve is a model; where it is thick it earns more than every other. Shaded: the "
      "hypotheses under which today’s winner stays the winner. Dotted: the break-points.");
}

// "A from −15 % to +50 %, then B", of the segments next to the hypothesis.
std::string in_words(const View& view, const Segment* now) {
  if (now == nullptr) return {};
  const auto& segments = view.a.sensitivity.segments;
  const auto at = static_cast<std::size_t>(now - segments.data());
  const auto name = [&](const Segment& s) {
    return "<strong>" + escape(view.a.ranking[s.model].model.recipe.name) + "</strong>";
  };
  if (segments.size() == 1)
    return "<p>" + name(*now) + " earns the most under every hypothesis.</p>\n";
  std::string out = "<p>" + name(*now) + " earns the most " +
                    (view.speaks_of_roi() ? "if the old system’s ROI was " : "for ") +
                    escape(view.range_words(now->q)) + ".";
  if (at > 0) out += " Below that, " + name(segments[at - 1]) + " earns more.";
  if (at + 1 < segments.size()) out += " Above, " + name(segments[at + 1]) + ".";
  return out + "</p>\n";
}

std::string segment_row(const View& view, const Segment& segment, bool is_now) {
  const metric::Confusion& counts = view.a.ranking[segment.model].model.test;
  const std::string low =
      segment.q.from > 1 ? percent(View::rap_at(counts, segment.q.from)) : std::string("–");
  const std::string high = std::isfinite(segment.q.to)
                               ? percent(View::rap_at(counts, segment.q.to))
                               : percent(metric::recall(counts).value_or(0));
  const std::string name = escape(view.a.ranking[segment.model].model.recipe.name);
  const std::string tag = is_now ? "<strong>" + name + "</strong> (supposed)" : name;
  std::string out = "<tr><th scope=\"row\" class=\"t\">" + tag + "</th>";
  if (view.speaks_of_roi())
    out += "<td class=\"t\">" + escape(view.range_words(segment.q)) + "</td>";
  return out + "<td>" + number(segment.q.from) + "</td><td>" +
         (std::isfinite(segment.q.to) ? number(segment.q.to) : "any") + "</td><td>" + low +
         "</td><td>" + high + "</td></tr>\n";
}

std::string segment_table(const View& view, const Segment* now) {
  const auto& segments = view.a.sensitivity.segments;
  const std::size_t at = now == nullptr ? 0 : static_cast<std::size_t>(now - segments.data());
  const std::size_t first =
      segments.size() <= kMostRows
          ? 0
          : std::min(at - std::min(at, kMostRows / 2), segments.size() - kMostRows);
  std::string near;
  std::string all;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const std::string row = segment_row(view, segments[i], &segments[i] == now);
    if (i >= first && i < first + kMostRows) near += row;
    all += row;
  }
  const auto table = [&](const std::string& caption, const std::string& body) {
    return "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + caption +
           "\"><table><caption><span>" + caption +
           "</span></caption>\n<thead><tr><th scope=\"col\" class=\"t\">Model</th>" +
           (view.speaks_of_roi() ? "<th scope=\"col\" class=\"t\">ROI of the old system</th>"
                                 : "") +
           "<th scope=\"col\">q from</th><th scope=\"col\">q to</th><th scope=\"col\">RAP at its "
           "low end</th><th scope=\"col\">RAP at its high end</th></tr></thead>\n<tbody>\n" +
           body + "</tbody></table></div>\n";
  };
  if (segments.size() <= kMostRows) return table("Who earns the most under which hypothesis", all);
  return table("Who earns the most, near the hypothesis", near) + "<details><summary>All " +
         escape(counted(static_cast<std::int64_t>(segments.size()), "range", "ranges")) +
         "</summary>\n" + table("Who earns the most under every hypothesis", all) + "</details>\n";
}

std::string under_doubt(const View& view) {
  if (view.a.under_doubt.empty()) return {};
  std::string out = "<h3>If all you know is a range</h3>\n";
  const std::string& belief = view.a.options.hypothesis.belief_in_words;
  out += "<p>" + (belief.empty() ? std::string() : "What is supposed: " + escape(belief) + ". ") +
         "The model with the least expected regret is the safest choice.</p>\n";
  out +=
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Models under doubt\">"
      "<table><caption><span>Under the range of hypotheses</span></caption>\n<thead><tr><th "
      "scope=\"col\" "
      "class=\"t\">Model</th><th scope=\"col\">Chance of being the best <small>%</small></th>"
      "<th scope=\"col\">Expected RAP <small>%</small></th>"
      "<th scope=\"col\">Expected regret <small>points of RAP</small></th>"
      "<th scope=\"col\">Worst regret <small>points of RAP</small></th></tr></thead>\n"
      "<tbody>\n";
  std::size_t rows = 0;
  for (const study::UnderDoubt& one : view.a.under_doubt) {
    if (rows++ == kMostRows) break;
    out += "<tr><th scope=\"row\" class=\"t\">" + escape(one.name) + "</th><td>" +
           fixed(one.chance_of_best * 100, 1) + "</td><td>" + fixed(one.expected_rap * 100, 1) +
           "</td><td>" + fixed(one.expected_regret * 100, 2) + "</td><td>" +
           fixed(one.worst_regret * 100, 2) + "</td></tr>\n";
  }
  return out + "</tbody></table></div>\n";
}

}  // namespace

std::string hypotheses(const View& view) {
  if (view.a.sensitivity.segments.empty() || !(view.q > 1)) return {};
  const Segment* now = view.winning_segment();
  return how_to_read(view.speaks_of_roi()
                         ? "q was inferred from a guess: what the old system returned. Here is who "
                           "wins if the guess is wrong; the break-points are exact."
                         : "Here is who wins if income or cost are not what was said; the "
                           "break-points are exact.") +
         in_words(view, now) + picture(view, now) + segment_table(view, now) + under_doubt(view);
}

}  // namespace report::detail
