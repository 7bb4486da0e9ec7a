// SPDX-License-Identifier: Apache-2.0
#include "report/plot.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "report/detail/drawing.h"
#include "report/detail/wording.h"

namespace report {
namespace {

using detail::Drawing;
using detail::Scale;

constexpr double kLine = 17;       // Between two lines of words.
constexpr std::size_t kLanes = 3;  // Of labels above a plot.
constexpr double kAbsurd = 1e100;  // No axis reaches there.
constexpr std::size_t kCrowd = 300;
constexpr std::size_t kMostSpots = 700;

struct Box {
  double left = 0, top = 0, right = 0, bottom = 0;
};
bool overlap(const Box& a, const Box& b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

// A label over a place on the x axis.
struct Label {
  double x = 0;
  std::string words;
  bool strong = false;
};

struct PlacedLabel {
  Label label;
  double left = 0;
  std::size_t lane = 0;
};

// In lanes without overlap, the strong ones first; what finds no room is left out.
std::vector<PlacedLabel> in_lanes(std::vector<Label> labels, double width) {
  std::stable_sort(labels.begin(), labels.end(),
                   [](const Label& a, const Label& b) { return a.strong && !b.strong; });
  std::vector<std::vector<std::pair<double, double>>> taken(kLanes);
  std::vector<PlacedLabel> out;
  for (Label& label : labels) {
    if (label.words.empty()) continue;
    const double wide = detail::width_of(label.words) + 6;
    if (wide > width) label.words = detail::shorten(label.words, std::size_t(width / 7) - 1);
    const double left = std::clamp(label.x - wide / 2, 0.0, std::max(0.0, width - wide));
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const bool is_free = std::none_of(taken[lane].begin(), taken[lane].end(), [&](auto& one) {
        return left < one.second && one.first < left + wide;
      });
      if (!is_free) continue;
      taken[lane].push_back({left, left + wide});
      out.push_back({label, left, lane});
      break;
    }
  }
  return out;
}

// One line, or two where one is too wide.
std::vector<std::string> in_lines(const std::string& words, double width) {
  if (words.empty()) return {};
  if (detail::width_of(words) <= width) return {words};
  const auto most = static_cast<std::size_t>(width / 7);
  const std::size_t space = words.rfind(' ', std::min(words.size(), most));
  if (space == std::string::npos) return {detail::shorten(words, most)};
  return {words.substr(0, space), detail::shorten(words.substr(space + 1), most)};
}

class PlotDrawing {
 public:
  PlotDrawing(const Plot& plot, const Canvas& canvas)
      : plot_(plot),
        canvas_(canvas),
        drawing_(canvas.width, canvas.height, canvas.id, plot.title, plot.description),
        x_(plot.x, 0, 1),
        y_(plot.y, 0, 1) {}

  std::string draw() {
    lay_out();
    draw_labels();
    drawing_.open_clip(canvas_.id + "-c", left_, top_, right_ - left_, bottom_ - top_);
    for (const Shade& shade : plot_.shades) draw_shade(shade);
    for (const Band& band : plot_.bands) draw_band(band);
    drawing_.close_clip();
    draw_axes();
    drawing_.open_clip(canvas_.id + "-e", left_, top_, right_ - left_, bottom_ - top_);
    for (const Line& line : plot_.lines) draw_line(line);
    for (const Marker& marker : plot_.markers) draw_marker(marker);
    drawing_.close_clip();
    // The many below the few.
    std::vector<const Spots*> order;
    for (const Spots& spots : plot_.spots) order.push_back(&spots);
    std::stable_sort(order.begin(), order.end(), [](const Spots* a, const Spots* b) {
      return a->spots.size() > b->spots.size();
    });
    for (const Spots* spots : order) draw_spots(*spots);
    for (const Line& line : plot_.lines) draw_label(line);
    for (const Note& note : plot_.notes) draw_note(note);
    return drawing_.finish(canvas_.height);
  }

 private:
  void lay_out() {
    top_ = drawing_.legend(legend(), 0, canvas_.width);
    y_ticks_ = detail::ticks(plot_.y, static_cast<int>(canvas_.height / 60));
    double widest = 0;
    for (const detail::Tick& tick : y_ticks_)
      widest = std::max(widest, detail::width_of(tick.words));
    left_ = widest + 6;
    right_ = canvas_.width - 22;
    x_ = Scale(plot_.x, left_, right_);
    labels_ = in_lanes(labels(), canvas_.width);
    std::size_t lanes = 0;
    for (const PlacedLabel& one : labels_) lanes = std::max(lanes, one.lane + 1);
    for (const std::string& line : in_lines(plot_.y.title, canvas_.width)) {
      drawing_.text(0, top_ + 12, line, "lb", "start");
      top_ += kLine + 2;
    }
    top_ += kLine * static_cast<double>(lanes) + 6;
    x_title_ = in_lines(plot_.x.title, canvas_.width);
    bottom_ = canvas_.height - 23 - kLine * static_cast<double>(x_title_.size());
    y_ = Scale(plot_.y, bottom_, top_);
  }

  [[nodiscard]] std::vector<detail::LegendEntry> legend() const {
    std::vector<detail::LegendEntry> entries;
    std::set<std::pair<int, std::string>> seen;
    for (const Line& line : plot_.lines)
      if (!line.name.empty() && seen.insert({line.series, line.name}).second)
        entries.push_back({line.series, line.name, true, line.thin});
    for (const Spots& spots : plot_.spots)
      if (!spots.name.empty() && seen.insert({spots.series, spots.name}).second)
        entries.push_back({spots.series, spots.name, false, false});
    return entries;
  }

  [[nodiscard]] std::vector<Label> labels() const {
    std::vector<Label> out;
    for (const Marker& marker : plot_.markers)
      if (const auto x = x_.at(marker.x); x && *x >= left_ && *x <= right_)
        out.push_back({*x, marker.label, marker.strong});
    for (const Shade& shade : plot_.shades) {
      const auto [from, to] = ends(shade);
      if (to > from) out.push_back({(from + to) / 2, shade.label, true});
    }
    return out;
  }

  void draw_labels() {
    for (const PlacedLabel& one : labels_) {
      drawing_.text(one.left + 3, top_ - 8 - kLine * static_cast<double>(one.lane), one.label.words,
                    one.label.strong ? "lb strong" : "lb", "start");
    }
  }

  [[nodiscard]] std::pair<double, double> ends(const Shade& shade) const {
    // An end at infinity is the end of the axis.
    const double from = x_.at(shade.from).value_or(left_);
    const double to = x_.at(shade.to).value_or(right_);
    return {std::clamp(from, left_, right_), std::clamp(to, left_, right_)};
  }

  void draw_shade(const Shade& shade) {
    const auto [from, to] = ends(shade);
    if (to > from)
      drawing_.rectangle(from, top_, to - from, bottom_ - top_,
                         "shade " + detail::class_of(shade.series));
  }

  void draw_band(const Band& band) {
    std::string steps;
    for (const Point& point : band.high) steps += step(point, steps.empty());
    for (auto point = band.low.rbegin(); point != band.low.rend(); ++point)
      steps += step(*point, steps.empty());
    if (!steps.empty()) drawing_.path(steps + "z", "band " + detail::class_of(band.series));
  }

  [[nodiscard]] std::string step(const Point& point, bool is_first) const {
    const auto x = x_.at(point.x);
    const auto y = y_.at(point.y);
    if (!x || !y) return {};
    return (is_first ? "M" : "L") + detail::place(*x) + " " + detail::place(*y);
  }

  void draw_axes() {
    for (const detail::Tick& tick : y_ticks_) {
      const double y = y_.at(tick.value).value_or(bottom_);
      const bool is_zero = tick.value == 0 && plot_.y.low < 0;
      drawing_.line(left_, y, right_, y, is_zero ? "zero" : "grid");
      drawing_.text(left_ - 6, y + 4, tick.words, "ax", "end");
    }
    double last_end = -1;
    for (const detail::Tick& tick :
         detail::ticks(plot_.x, static_cast<int>((right_ - left_) / 70))) {
      const double x = x_.at(tick.value).value_or(left_);
      const double half = detail::width_of(tick.words) / 2;
      drawing_.line(x, bottom_, x, bottom_ + 4, "grid");
      const double middle = std::min(x, canvas_.width - half);
      if (middle - half <= last_end + 4) continue;
      drawing_.text(middle, bottom_ + 17, tick.words, "ax", "middle");
      last_end = middle + half;
    }
    drawing_.line(left_, bottom_, right_, bottom_, "axis");
    double base = bottom_ + 35;
    for (const std::string& line : x_title_) {
      const double half = detail::width_of(line) / 2;
      const double middle = std::min((left_ + right_) / 2, canvas_.width - half);
      drawing_.text(std::max(middle, half), base, line, "lb", "middle");
      base += kLine;
    }
  }

  // The first, lowest, highest and last of the points on a pixel's column: what more there is
  // cannot be seen.
  [[nodiscard]] std::vector<Point> thinned(const std::vector<Point>& points) const {
    const auto most = static_cast<std::size_t>(2 * canvas_.width);
    if (points.size() <= most) return points;
    const auto column = [&](const Point& point) { return std::floor(x_.at(point.x).value_or(-1)); };
    std::vector<Point> out;
    for (std::size_t first = 0; first < points.size();) {
      std::size_t end = first, low = first, high = first;
      for (; end < points.size() && column(points[end]) == column(points[first]); ++end) {
        if (points[end].y < points[low].y) low = end;
        if (points[end].y > points[high].y) high = end;
      }
      for (const std::size_t kept : std::set<std::size_t>{first, low, high, end - 1})
        out.push_back(points[kept]);
      first = end;
    }
    return out;
  }

  void draw_line(const Line& line) {
    std::string steps;
    bool is_first = true;
    for (const Point& point : thinned(line.points)) {
      const std::string one = step(point, is_first);
      steps += one;
      is_first = one.empty();
    }
    const std::string weight = line.dashed  ? "guide "
                               : line.faint ? "ln faint "
                               : line.thin  ? "ln thin "
                                            : "ln ";
    drawing_.path(steps, weight + detail::class_of(line.series));
  }

  [[nodiscard]] bool is_inside(double x, double y) const {
    return x >= left_ - 0.5 && x <= right_ + 0.5 && y >= top_ - 0.5 && y <= bottom_ + 0.5;
  }

  void draw_label(const Line& line) {
    if (line.label.empty()) return;
    for (const Point& point : line.points) {
      const auto x = x_.at(point.x);
      const auto y = y_.at(point.y);
      if (!x || !y || !is_inside(*x, *y)) continue;
      put_words(*x, *y, line.label, line.series, true);
      return;
    }
  }

  void draw_marker(const Marker& marker) {
    if (const auto x = x_.at(marker.x))
      drawing_.line(*x, top_, *x, bottom_, marker.strong ? "mark strong" : "mark");
  }

  // Of spots of one kind in one cell of the picture, the first; cells grow until few are left.
  [[nodiscard]] std::vector<const Spot*> thinned(const std::vector<Spot>& spots) const {
    std::vector<const Spot*> out;
    for (double cell = 2; out.empty() || out.size() > kMostSpots; cell *= 1.4) {
      out.clear();
      std::set<std::pair<long, long>> taken;
      for (const Spot& spot : spots) {
        const auto x = x_.at(spot.at.x);
        const auto y = y_.at(spot.at.y);
        if (!x || !y || !is_inside(*x, *y)) continue;
        if (taken.insert({std::lround(*x / cell), std::lround(*y / cell)}).second)
          out.push_back(&spot);
      }
      if (out.empty()) break;
    }
    return out;
  }

  void draw_spots(const Spots& spots) {
    const bool is_crowd = spots.spots.size() > kCrowd;
    const double radius = spots.large ? 6 : is_crowd ? 2.6 : 3.6;
    for (const Spot* spot : thinned(spots.spots)) {
      const double x = x_.at(spot->at.x).value_or(left_);
      const double y = y_.at(spot->at.y).value_or(bottom_);
      if (spot->low < spot->high) draw_whisker(*spot, x, spots.series);
      drawing_.spot(x, y, radius, spots.series, canvas_.hover ? spot->hover : std::string());
    }
  }

  void draw_whisker(const Spot& spot, double x, int series) {
    const auto low = y_.at(spot.low);
    const auto high = y_.at(spot.high);
    if (!low || !high) return;
    drawing_.line(x, std::clamp(*low, top_, bottom_), x, std::clamp(*high, top_, bottom_),
                  "whisker " + detail::class_of(series));
  }

  void draw_note(const Note& note) {
    const auto x = x_.at(note.at.x);
    const auto y = y_.at(note.at.y);
    if (x && y && is_inside(*x, *y)) put_words(*x, *y, note.text, note.series, false);
  }

  // Beside the place, where nothing else stands; nowhere, if there is no such side.
  void put_words(double x, double y, const std::string& words, int series, bool is_label) {
    const double wide = detail::width_of(words);
    const std::pair<double, double> beside[] = {
        {x + 9, y + 4},         {x - 9 - wide, y + 4}, {x - wide / 2, y - 10},
        {x - wide / 2, y + 20}, {x + 6, y + 14},       {x + 6, y - 6},
    };
    for (std::size_t i = is_label ? 4 : 0; i < std::size(beside); ++i) {
      const auto [left, base] = beside[i];
      const Box box{left, base - 11, left + wide, base + 3};
      const bool is_in = box.left >= left_ && box.right <= canvas_.width && box.top >= top_ - 2 &&
                         box.bottom <= bottom_;
      if (!is_in || std::any_of(taken_.begin(), taken_.end(),
                                [&](const Box& other) { return overlap(box, other); }))
        continue;
      taken_.push_back(box);
      drawing_.text(left, base, words, "note " + detail::class_of(series), "start");
      return;
    }
  }

  const Plot& plot_;
  const Canvas& canvas_;
  Drawing drawing_;
  double left_ = 0, right_ = 0, top_ = 0, bottom_ = 0;
  Scale x_, y_;
  std::vector<detail::Tick> y_ticks_;
  std::vector<std::string> x_title_;
  std::vector<PlacedLabel> labels_;
  std::vector<Box> taken_;
};

}  // namespace

Axis axis_over(std::string title, const std::vector<double>& values, Ticks ticks,
               bool logarithmic) {
  Axis axis{.title = std::move(title), .ticks = ticks, .logarithmic = logarithmic};
  bool is_first = true;
  for (const double value : values) {
    if (!(std::abs(value) < kAbsurd) || (logarithmic && value <= 0)) continue;
    axis.low = is_first ? value : std::min(axis.low, value);
    axis.high = is_first ? value : std::max(axis.high, value);
    is_first = false;
  }
  if (is_first) {
    axis.low = logarithmic ? 0.1 : 0;
    axis.high = 1;
  } else if (logarithmic) {
    axis.low /= 1.5;
    axis.high *= 1.5;
  } else {
    const double least = std::max(std::abs(axis.high) * 1e-6, 1e-9);
    if (axis.high - axis.low < least) {
      const double half = axis.high == 0 ? 0.5 : std::abs(axis.high) / 10;
      axis.low -= half;
      axis.high += half;
    }
    const double step = detail::round_step(axis.high - axis.low, 10);
    axis.low = std::floor(axis.low / step + 1e-9) * step;
    axis.high = std::ceil(axis.high / step - 1e-9) * step;
  }
  return axis;
}

std::string svg(const Plot& plot, const Canvas& canvas) { return PlotDrawing(plot, canvas).draw(); }

}  // namespace report
