// SPDX-License-Identifier: Apache-2.0
// Pictures as SVG: plain values in, one <svg> element out, well-formed XML that may stand in a page
// or (but for its colours) alone. Words are set in the page's font; colours are the CSS variables
// that page_style() defines for light and dark, and every series has a shape or a dash of its own
// beside its colour. Points that are not finite are left out; what lies outside the axes is
// clipped; thousands of points are thinned to what can be seen. All text is escaped here.
//
//   report::Plot plot{.title = "RAP by share", .x = {"share of customers", 0, 1}, …};
//   plot.lines.push_back({.points = curve, .series = 0, .name = "forest"});
//   page += report::svg(plot, {.width = 720, .height = 380, .id = "p1"});
//
// Pure and thread-safe.
#pragma once
#include <string>
#include <vector>

namespace report {

struct Point {
  double x = 0, y = 0;
};

// Which colour, shape and dash. Beyond the palette's six they begin anew.
inline constexpr int kQuiet = -1;  // Grey: background.
inline constexpr int kInk = -2;    // As the text.

enum class Ticks { kPlain, kPercent, kSignedPercent };

struct Axis {
  std::string title;         // With the unit, where the ticks do not say it.
  double low = 0, high = 1;  // low < high; above 0 where logarithmic.
  Ticks ticks = Ticks::kPlain;
  bool logarithmic = false;
};

// The axis over these values, widened to round ticks; [0, 1] where no value is finite.
Axis axis_over(std::string title, const std::vector<double>& values, Ticks ticks,
               bool logarithmic = false);

struct Line {
  std::vector<Point> points;  // Ascending in x.
  int series = 0;
  std::string name = {};  // In the legend; empty: not there.
  bool thin = false;
  bool faint = false;      // Thinner still, and paler.
  bool dashed = false;     // Thin and dashed: a guide.
  std::string label = {};  // Where it enters the picture.
};
struct Band {
  std::vector<Point> low, high;  // Ascending in x, of equal length.
  int series = 0;
};
struct Spot {
  Point at;
  std::string hover = {};
  double low = 0, high = 0;  // Whisker in y, where low < high.
};
struct Spots {
  std::vector<Spot> spots;
  int series = 0;
  std::string name = {};
  bool large = false;
};
// A range of x.
struct Shade {
  double from = 0, to = 0;
  int series = kQuiet;
  std::string label = {};
};
// A value of x.
struct Marker {
  double x = 0;
  std::string label = {};
  bool strong = false;
};
// Words beside a point.
struct Note {
  Point at;
  std::string text;
  int series = kInk;
};

struct Plot {
  std::string title;        // Its name for those who do not see it.
  std::string description;  // What is to be seen, in a sentence.
  Axis x = {}, y = {};
  std::vector<Shade> shades = {};
  std::vector<Band> bands = {};
  std::vector<Line> lines = {};
  std::vector<Spots> spots = {};
  std::vector<Marker> markers = {};
  std::vector<Note> notes = {};
};

// Estimates with their intervals, one below the other.
struct ForestRow {
  std::string name;
  double estimate = 0, low = 0, high = 0;
  std::string words;  // The figures, right of the row.
  int series = 0;
};
struct Forest {
  std::string title, description;
  Axis x = {};
  std::vector<ForestRow> rows = {};
  std::vector<std::pair<int, std::string>> legend = {};  // Series and what they stand for.
  std::vector<Marker> markers = {};
};

// Lengths from 0, one below the other; values ≥ 0.
struct Bar {
  std::string name;
  double value = 0;
  std::string words;
};
struct Bars {
  std::string title, description;
  std::vector<Bar> bars = {};
  int series = 0;
};

struct Canvas {
  double width = 720;
  double height = 400;  // Of a plot; the others are as high as they have rows.
  std::string id;       // Unique in the page.
  bool hover = true;    // <title> on points: words under the pointer.
};

std::string svg(const Plot& plot, const Canvas& canvas);
std::string svg(const Forest& forest, const Canvas& canvas);
std::string svg(const Bars& bars, const Canvas& canvas);

// The picture twice, for a desk and for a phone (a window shows one of them), as a <figure> with
// this caption, which is HTML.
template <class Picture>
std::string figure(const Picture& picture, const std::string& id, const std::string& caption,
                   double height = 400) {
  return "<figure>" +
         svg(picture, {.width = 760, .height = height, .id = id + "-w", .hover = true}) +
         svg(picture, {.width = 356, .height = height * 0.85, .id = id + "-n", .hover = false}) +
         "<figcaption>" + caption + "</figcaption></figure>\n";
}

}  // namespace report
