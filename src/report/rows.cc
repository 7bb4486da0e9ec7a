// SPDX-License-Identifier: Apache-2.0
// The pictures that are rows with a name each: intervals and bars.
#include <algorithm>

#include "report/detail/drawing.h"
#include "report/detail/wording.h"
#include "report/plot.h"

namespace report {
namespace {

using detail::Drawing;
using detail::Scale;

// Below this width names stand above their rows, since there is no room beside them.
constexpr double kNarrow = 500;

// Where names, drawing and words of every row stand.
struct Columns {
  bool narrow = false;
  double names = 0, left = 0, right = 0;
  double row = 0;     // The height of one.
  double middle = 0;  // Of the drawing, below the row's top.
  std::size_t letters = 0;
};

template <class Rows>
Columns columns_for(const Rows& rows, double width) {
  double names = 0;
  double words = 0;
  for (const auto& row : rows) {
    names = std::max(names, detail::width_of(row.name));
    words = std::max(words, detail::width_of(row.words));
  }
  Columns columns;
  columns.narrow = width < kNarrow;
  if (columns.narrow) {
    columns.names = 0;
    columns.left = 6;
    columns.right = width - 6;
    columns.row = 38;
    columns.middle = 26;
    columns.letters = static_cast<std::size_t>(std::max(8.0, (width - words - 14) / 7));
  } else {
    columns.left = std::min(names, width * 0.34) + 14;
    columns.right = width - words - 14;
    columns.row = 24;
    columns.middle = 12;
    columns.letters = static_cast<std::size_t>(width * 0.34 / 7);
  }
  return columns;
}

template <class Row>
void name_row(Drawing& drawing, const Columns& columns, const Row& row, double top, double width) {
  const double base = top + (columns.narrow ? 13 : columns.middle + 4);
  drawing.text(0, base, detail::shorten(row.name, columns.letters), "lb", "start");
  drawing.text(width, base, row.words, "ax", "end");
}

void draw_markers(Drawing& drawing, const Forest& forest, const Scale& x, double top,
                  double bottom) {
  for (const Marker& marker : forest.markers) {
    const auto at = x.at(marker.x);
    if (!at || *at < x.start() || *at > x.end()) continue;
    drawing.line(*at, top, *at, bottom, marker.strong ? "mark strong" : "mark");
  }
}

}  // namespace

std::string svg(const Forest& forest, const Canvas& canvas) {
  const Columns columns = columns_for(forest.rows, canvas.width);
  Drawing drawing(canvas.width, canvas.height, canvas.id, forest.title, forest.description);
  std::vector<detail::LegendEntry> entries;
  for (const auto& [series, name] : forest.legend) entries.push_back({series, name, false, false});
  const double top = drawing.legend(entries, 0, canvas.width) + 2;
  const double bottom = top + columns.row * static_cast<double>(forest.rows.size());
  const Scale x(forest.x, columns.left, columns.right);
  const int wanted = static_cast<int>((columns.right - columns.left) / 70);
  for (const detail::Tick& tick : detail::ticks(forest.x, wanted)) {
    const double at = x.at(tick.value).value_or(columns.left);
    drawing.line(at, top, at, bottom, "grid");
    const double half = detail::width_of(tick.words) / 2;
    drawing.text(std::clamp(at, half, canvas.width - half), bottom + 16, tick.words, "ax",
                 "middle");
  }
  draw_markers(drawing, forest, x, top, bottom);
  double row_top = top;
  for (const ForestRow& row : forest.rows) {
    name_row(drawing, columns, row, row_top, canvas.width);
    const double y = row_top + columns.middle;
    const auto low = x.at(row.low);
    const auto high = x.at(row.high);
    const auto clamped = [&](double at) { return std::clamp(at, columns.left, columns.right); };
    if (low && high && row.low < row.high)
      drawing.line(clamped(*low), y, clamped(*high), y, "interval " + detail::class_of(row.series));
    if (const auto at = x.at(row.estimate);
        at && *at >= columns.left - 1 && *at <= columns.right + 1)
      drawing.spot(*at, y, 4.5, row.series,
                   canvas.hover ? row.name + ": " + row.words : std::string());
    row_top += columns.row;
  }
  drawing.text((columns.left + columns.right) / 2, bottom + 35, forest.x.title, "lb", "middle");
  return drawing.finish(bottom + 42);
}

std::string svg(const Bars& bars, const Canvas& canvas) {
  const Columns columns = columns_for(bars.bars, canvas.width);
  Drawing drawing(canvas.width, canvas.height, canvas.id, bars.title, bars.description);
  double most = 0;
  for (const Bar& bar : bars.bars) most = std::max(most, bar.value);
  const Scale x({.low = 0, .high = most > 0 ? most : 1}, columns.left, columns.right);
  double top = 0;
  for (const Bar& bar : bars.bars) {
    name_row(drawing, columns, bar, top, canvas.width);
    const double end = std::max(x.at(bar.value).value_or(columns.left), columns.left);
    drawing.rectangle(columns.left, top + columns.middle - 6, end - columns.left,
                      columns.narrow ? 8 : 12, "bar " + detail::class_of(bars.series),
                      canvas.hover ? bar.name + ": " + bar.words : std::string());
    top += columns.row;
  }
  return drawing.finish(top + 4);
}

}  // namespace report
