// SPDX-License-Identifier: Apache-2.0
// SVG elements as text, and what every picture needs: round ticks, scales, legends, room for words.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/plot.h"

namespace report::detail {

// From values to places.
class Scale {
 public:
  Scale(const Axis& axis, double start, double end);
  // Finite for every value that is finite (and above 0, where logarithmic); otherwise nothing.
  [[nodiscard]] std::optional<double> at(double value) const;
  [[nodiscard]] double start() const { return start_; }
  [[nodiscard]] double end() const { return end_; }

 private:
  [[nodiscard]] double bent(double value) const;
  bool logarithmic_;
  double low_, high_, start_, end_;
};

struct Tick {
  double value = 0;
  std::string words;
};
// About so many (at least two where the axis allows), at 1, 2 or 5 times a power of ten.
std::vector<Tick> ticks(const Axis& axis, int wanted);
// The least 1, 2 or 5 times a power of ten that cuts the range in at most so many steps.
double round_step(double range, int steps);

// What a line of small letters takes; an upper estimate, since fonts differ.
double width_of(std::string_view words);
std::string class_of(int series);

struct LegendEntry {
  int series = 0;
  std::string name;
  bool is_line = false;
  bool is_thin = false;  // A line that is.
};

class Drawing {
 public:
  Drawing(double width, double height, const std::string& id, const std::string& title,
          const std::string& description);
  void line(double x1, double y1, double x2, double y2, const std::string& style);
  void rectangle(double x, double y, double width, double height, const std::string& style,
                 const std::string& hover = {});
  // anchor: "start", "middle", "end".
  void text(double x, double y, const std::string& words, const std::string& style,
            const std::string& anchor);
  void path(const std::string& steps, const std::string& style);
  void spot(double x, double y, double radius, int series, const std::string& hover);
  void open_clip(const std::string& id, double x, double y, double width, double height);
  void close_clip();
  // Rows of entries from the top, without overlap; the height they took.
  double legend(const std::vector<LegendEntry>& entries, double left, double width);
  // Its height may be known only at the end.
  [[nodiscard]] std::string finish(double height) const;

 private:
  double width_;
  std::string id_, title_, description_, body_;
};

// "12.5", one decimal at most.
std::string place(double value);

}  // namespace report::detail
