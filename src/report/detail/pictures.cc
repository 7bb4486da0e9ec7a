// SPDX-License-Identifier: Apache-2.0
// The pictures of all models, and of the leaders from close by.
#include <algorithm>
#include <cmath>

#include "metric/confusion.h"
#include "profit/economics.h"
#include "report/detail/drawing.h"
#include "report/detail/sections.h"
#include "report/detail/wording.h"
#include "report/plot.h"

namespace report::detail {
namespace {

using study::Leader;
using study::Ranked;

constexpr std::size_t kMostCurves = 5;
constexpr std::size_t kMostBars = 15;
constexpr int kSamples = 120;
constexpr std::size_t kThinned = 200;  // So many marks begin to hide each other.

double best_rap(const View& view) {
  return view.leader == nullptr ? 0 : std::max(view.leader->money.rap.estimate, 0.0);
}

std::string hover_words(const View& view, const Ranked& one) {
  const auto share = [](const std::optional<double>& value) {
    return value ? percent(*value) : std::string("–");
  };
  return one.model.recipe.name + ": RAP " + percent(one.money.rap.estimate) + ", precision " +
         share(metric::precision(one.model.test)) + ", recall " +
         share(metric::recall(one.model.test)) + ", profit " +
         view.money(1000 * one.money.profit_per_customer.estimate) + " / 1,000 customers";
}

// One kind of spots for each generation, the null models grey.
template <class Place>
std::vector<Spots> by_generation(const View& view, const Place& place) {
  std::vector<Spots> out;
  for (const std::string& generation : view.generations) {
    const bool is_null_kind = generation == study::kNullGeneration;
    Spots spots{.series = is_null_kind ? kQuiet : static_cast<int>(out.size()) + 1,
                .name = generation_words(generation),
                .large = is_null_kind};
    for (const Ranked& one : view.a.ranking) {
      if (one.model.recipe.generation != generation) continue;
      if (const std::optional<Point> at = place(one))
        spots.spots.push_back({.at = *at, .hover = hover_words(view, one)});
    }
    if (!spots.spots.empty()) out.push_back(std::move(spots));
  }
  return out;
}

template <class Place>
void mark_leader(const View& view, const Place& place, Plot& plot) {
  if (view.leader == nullptr) return;
  const std::optional<Point> at = place(*view.leader);
  if (!at) return;
  plot.spots.push_back({.spots = {{.at = *at, .hover = hover_words(view, *view.leader)}},
                        .series = 0,
                        .name = "Leader",
                        .large = true});
  plot.notes.push_back({*at, shorten(view.leader->model.recipe.name, 28), 0});
}

std::size_t outside(const Plot& plot) {
  std::size_t many = 0;
  for (const Spots& spots : plot.spots)
    for (const Spot& spot : spots.spots)
      many += spot.at.y > plot.y.high || spot.at.y < plot.y.low ? 1 : 0;
  return many;
}

// What the picture does not show.
std::string outside_words(const Plot& plot) {
  const std::size_t many = outside(plot);
  const bool is_thinned = std::any_of(plot.spots.begin(), plot.spots.end(), [](const Spots& spots) {
    return spots.spots.size() > kThinned;
  });
  const std::string thinned =
      is_thinned ? " Marks that would hide each other are drawn once." : std::string();
  if (many == 0) return thinned;
  return thinned + " " +
         escape(counted(static_cast<std::int64_t>(many), "model lies", "models lie")) +
         " outside the picture.";
}

std::optional<Point> recall_precision(const Ranked& one) {
  const auto recall = metric::recall(one.model.test);
  const auto precision = metric::precision(one.model.test);
  if (!recall || !precision) return std::nullopt;
  return Point{*recall, *precision};
}

// Models of equal RAP lie on one of these.
void add_equal_rap_lines(const View& view, Plot& plot) {
  const double best = std::max(best_rap(view), 0.04);
  const double step = round_step(best, 4);
  for (double rap = 0; rap <= best + step; rap += step) {
    Line line{
        .series = kQuiet, .dashed = true, .label = "RAP " + percent(rap, step < 0.01 ? 1 : 0)};
    for (int i = 1; i <= kSamples; ++i) {
      const double recall = static_cast<double>(i) / kSamples;
      const auto precision = profit::precision_for_rap(rap, recall, view.q);
      if (precision) line.points.push_back({recall, *precision});
    }
    plot.lines.push_back(std::move(line));
  }
}

double interpolated(const std::vector<study::CurvePoint>& curve, double x) {
  const auto after = std::find_if(curve.begin(), curve.end(),
                                  [&](const study::CurvePoint& point) { return point.x >= x; });
  if (after == curve.begin()) return after->y;
  if (after == curve.end()) return curve.back().y;
  const auto before = after - 1;
  const double share = after->x > before->x ? (x - before->x) / (after->x - before->x) : 1;
  return before->y + share * (after->y - before->y);
}

std::vector<Point> points_of(const std::vector<study::CurvePoint>& curve, double scale_y) {
  std::vector<Point> out;
  out.reserve(curve.size());
  for (const study::CurvePoint& point : curve) out.push_back({point.x, point.y * scale_y});
  return out;
}

// The leaders that have a curve of this kind, few enough to tell apart.
std::vector<const Leader*> leaders_with(const View& view,
                                        const std::function<bool(const Leader&)>& has) {
  std::vector<const Leader*> out;
  for (const Leader& leader : view.a.leaders)
    if (has(leader) && out.size() < kMostCurves) out.push_back(&leader);
  return out;
}

std::string best_contact_words(const View& view, const Leader& leader) {
  const auto best = std::max_element(
      leader.profit_curve.begin(), leader.profit_curve.end(),
      [](const study::CurvePoint& a, const study::CurvePoint& b) { return a.y < b.y; });
  return "<p>" + escape(leader.name) + " shows the offer to " + percent(leader.contacted) +
         " of the customers at its own threshold and earns " +
         escape(view.money(1000 * interpolated(leader.profit_curve, leader.contacted))) +
         " from 1,000 of them; on these rows the top of its curve is at " + percent(best->x) +
         " (" + escape(view.money(1000 * best->y)) + "), which is known only afterwards.</p>\n";
}

const Ranked* with_importance(const View& view) {
  for (const Leader& leader : view.a.leaders)
    if (const Ranked* one = view.find(leader.name);
        one != nullptr && !one->model.importance.empty())
      return one;
  if (view.leader != nullptr && !view.leader->model.importance.empty()) return view.leader;
  return nullptr;
}

std::string cost_words(const View& view) {
  std::string out;
  const study::Model& leader = view.leader->model;
  if (view.a.seconds > 0)
    out += "All models together took " + duration(view.a.seconds) + " to train. ";
  out += "The leader, " + escape(leader.recipe.name) + ",";
  std::vector<std::string> parts;
  if (leader.seconds > 0) parts.push_back("took " + duration(leader.seconds) + " to train");
  if (leader.nanoseconds_a_row > 0)
    parts.push_back("scores a row in " + nanoseconds(leader.nanoseconds_a_row));
  if (leader.bytes > 0) parts.push_back("is a file of " + size(leader.bytes));
  if (parts.empty())
    return view.a.seconds > 0 ? "<p>" + out.substr(0, out.find(" The leader")) + "</p>\n"
                              : std::string();
  return "<p>" + out + " " + listed(parts) + ".</p>\n";
}

}  // namespace

std::string trade_off(const View& view) {
  // Lines of equal RAP are those of one q.
  if (view.leader == nullptr || view.a.by_row || !(view.q > 1)) return {};
  Plot plot{.title = "Precision against recall, by generation",
            .description = "Every model that offers at all is a mark; the leader is " +
                           view.leader->model.recipe.name + "."};
  plot.x = {.title = "recall: share of those who accept that is shown the offer",
            .low = 0,
            .high = 1,
            .ticks = Ticks::kPercent};
  plot.spots = by_generation(view, recall_precision);
  if (plot.spots.empty()) return {};
  // A cautious model can be as precise as it likes; the picture is of those that earn.
  double highest = 1.5 / view.q;
  for (const Ranked& one : view.a.ranking)
    if (const auto at = recall_precision(one);
        at && one.money.rap.estimate >= best_rap(view) * 0.25)
      highest = std::max(highest, at->y);
  plot.y = axis_over("precision: share of the shown offers that is accepted",
                     {0, std::min(1.0, highest * 1.15)}, Ticks::kPercent);
  add_equal_rap_lines(view, plot);
  mark_leader(view, recall_precision, plot);
  for (const Ranked& one : view.a.ranking)
    if (const auto at = recall_precision(one); is_null(one) && at && &one != view.leader)
      plot.notes.push_back({*at, shorten(one.model.recipe.name, 16), kQuiet});
  return how_to_read(
             "A mark is a model: farther right it finds more of the customers who accept, farther "
             "up it wastes fewer offers. Along a dashed line models earn the same; a higher line "
             "earns more.") +
         figure(plot, "trade-off-p",
                "Models that offer to nobody have no precision and are not drawn." +
                    outside_words(plot),
                460);
}

std::string contacts(const View& view) {
  if (view.a.by_row) return {};  // orders() has the curve in both orders.
  const auto leaders =
      leaders_with(view, [](const Leader& leader) { return !leader.profit_curve.empty(); });
  if (leaders.empty()) return {};
  Plot plot{.title = "Profit against the share of customers contacted",
            .description = "A curve for each leader; the mark on it is the model’s own threshold."};
  plot.x = {.title = "share of customers shown the offer, best first",
            .low = 0,
            .high = 1,
            .ticks = Ticks::kPercent};
  std::vector<double> values = {0};
  for (std::size_t i = 0; i < leaders.size(); ++i) {
    const Leader& leader = *leaders[i];
    const int series = static_cast<int>(i);
    plot.lines.push_back({.points = points_of(leader.profit_curve, 1000),
                          .series = series,
                          .name = leader.name,
                          .thin = i > 0});
    for (const Point& point : plot.lines.back().points) values.push_back(point.y);
    const double own = 1000 * interpolated(leader.profit_curve, leader.contacted);
    plot.spots.push_back(
        {.spots = {{.at = {leader.contacted, own},
                    .hover = leader.name + ": " + percent(leader.contacted) + " contacted, " +
                             view.money(own) + " / 1,000 customers"}},
         .series = series,
         .large = true});
  }
  plot.y =
      axis_over("profit, " + view.money_unit() + " per 1,000 customers", values, Ticks::kPlain);
  return how_to_read(
             "Customers are contacted in the order of their probability: the curve rises while "
             "offers pay and falls when they no longer do; its right end is to offer to everybody. "
             "With fewer offers to give, read off what so many earn.") +
         best_contact_words(view, *leaders.front()) +
         figure(plot, "contacts-p", "The large mark on each curve is the model’s own threshold.");
}

std::string discrimination(const View& view) {
  const auto leaders = leaders_with(view, [](const Leader& leader) { return !leader.roc.empty(); });
  if (leaders.empty()) return {};
  Plot plot{.title = "Recall against false alarms (ROC)",
            .description = "A curve for each leader; the diagonal is chance."};
  plot.x = {.title = "false alarms: share of those who do not accept shown the offer",
            .low = 0,
            .high = 1,
            .ticks = Ticks::kPercent};
  plot.y = {.title = "recall", .low = 0, .high = 1, .ticks = Ticks::kPercent};
  plot.lines.push_back({.points = {{0, 0}, {1, 1}}, .series = kQuiet, .dashed = true});
  for (std::size_t i = 0; i < leaders.size(); ++i) {
    const Ranked* one = view.find(leaders[i]->name);
    const std::string area =
        one != nullptr && one->model.auc ? " (AUC " + fixed(*one->model.auc, 3) + ")" : "";
    plot.lines.push_back({.points = points_of(leaders[i]->roc, 1),
                          .series = static_cast<int>(i),
                          .name = leaders[i]->name + area,
                          .thin = i > 0});
  }
  return how_to_read(
             "A curve shows what a model could reach at every threshold: the nearer to the upper "
             "left corner, the better it tells customers apart. AUC is the area below: 0.5 is "
             "chance, 1 is perfect.") +
         figure(plot, "roc-p", "The diagonal is what chance reaches.", 420);
}

std::string calibration(const View& view) {
  const auto leaders =
      leaders_with(view, [](const Leader& leader) { return !leader.calibration.empty(); });
  if (leaders.empty()) return {};
  Plot plot{.title = "Observed against predicted probability",
            .description = "On the diagonal the probabilities are right."};
  std::vector<double> xs = {0};
  std::vector<double> ys = {0};
  for (std::size_t i = 0; i < leaders.size(); ++i) {
    const int series = static_cast<int>(i);
    Line line{.series = series, .name = leaders[i]->name, .thin = true};
    Spots spots{.series = series};
    for (const study::CalibrationBin& bin : leaders[i]->calibration) {
      const Point at{bin.predicted, bin.observed.estimate};
      line.points.push_back(at);
      xs.push_back(at.x);
      ys.push_back(i == 0 ? bin.observed.high : at.y);
      const std::string words = leaders[i]->name + ": predicted " + percent(at.x, 2) +
                                ", observed " + percent(at.y, 2) + " of " +
                                counted(bin.rows, "row", "rows");
      // Only the first shows its doubts: all of them would hide each other.
      spots.spots.push_back(i == 0 ? Spot{at, words, bin.observed.low, bin.observed.high}
                                   : Spot{.at = at, .hover = words});
    }
    plot.lines.push_back(std::move(line));
    plot.spots.push_back(std::move(spots));
  }
  plot.x = axis_over("predicted probability of acceptance, mean of a bin", xs, Ticks::kPercent);
  plot.y = axis_over("observed share of acceptances", ys, Ticks::kPercent);
  plot.lines.insert(
      plot.lines.begin(),
      Line{.points = {{0, 0}, {1, 1}}, .series = kQuiet, .dashed = true, .label = ""});
  if (view.q > 1 && !view.a.by_row) plot.markers.push_back({1 / view.q, "1/q: an offer pays"});
  return how_to_read(
             "Customers of like probability stand together: on the diagonal as many accept as was "
             "predicted. Below it the model promises too much. Decisions by threshold survive poor "
             "calibration; plans that add probabilities up do not.") +
         figure(plot, "calibration-p",
                "The bars are " + percent(view.a.options.confidence, 0) + " intervals of " +
                    escape(leaders.front()->name) + ".");
}

std::string importance(const View& view) {
  const Ranked* one = with_importance(view);
  if (one == nullptr) return {};
  std::vector<learn::Importance> sorted = one->model.importance;
  std::erase_if(sorted, [](const learn::Importance& each) {
    return !std::isfinite(each.share) || each.share <= 0;
  });
  if (sorted.empty()) return {};
  std::stable_sort(
      sorted.begin(), sorted.end(),
      [](const learn::Importance& a, const learn::Importance& b) { return a.share > b.share; });
  Bars bars{.title = "Importance of the columns for " + one->model.recipe.name,
            .description = "The column that tells it most is " + sorted.front().column + ", " +
                           percent(sorted.front().share) + " of all."};
  for (std::size_t i = 0; i < sorted.size() && i < kMostBars; ++i)
    bars.bars.push_back({sorted[i].column, sorted[i].share, percent(sorted[i].share)});
  std::string caption = "Of " + escape(one->model.recipe.name) + ".";
  if (sorted.size() > kMostBars) {
    double left = 0;
    for (std::size_t i = kMostBars; i < sorted.size(); ++i) left += sorted[i].share;
    caption += " The other " +
               counted(static_cast<std::int64_t>(sorted.size() - kMostBars), "column", "columns") +
               " together: " + percent(left) + ".";
  }
  return how_to_read(
             "How much of what the model knows comes from a column; the shares add up to 100 %. "
             "They say what this model uses, not what makes customers accept.") +
         figure(bars, "importance-p", caption);
}

std::string costs(const View& view) {
  if (view.leader == nullptr) return {};
  const auto place = [](const Ranked& one) -> std::optional<Point> {
    if (!(one.model.seconds > 0)) return std::nullopt;
    return Point{one.model.seconds, one.money.rap.estimate};
  };
  Plot plot{.title = "RAP against seconds of training, by generation",
            .description =
                "Every trained model is a mark; farther left is cheaper, farther up "
                "earns more."};
  plot.spots = by_generation(view, place);
  const std::string words = cost_words(view);
  if (plot.spots.empty()) return words;
  std::vector<double> seconds;
  std::vector<double> raps = {0};
  const double lowest = -0.5 * std::max(best_rap(view), 0.05);
  for (const Spots& spots : plot.spots) {
    for (const Spot& spot : spots.spots) {
      seconds.push_back(spot.at.x);
      raps.push_back(std::max(spot.at.y, lowest));
    }
  }
  plot.x = axis_over("seconds of training (each step to the right is dearer)", seconds,
                     Ticks::kPlain, true);
  plot.y = axis_over("RAP", raps, Ticks::kPercent);
  mark_leader(view, place, plot);
  return how_to_read(
             "A mark is a model: its training time against what it earns. Where many cheap models "
             "stand as high as dear ones, the dear ones are not worth it.") +
         words +
         figure(plot, "costs-p",
                "Seconds include resampling, fitting and calibrating." + outside_words(plot));
}

}  // namespace report::detail
