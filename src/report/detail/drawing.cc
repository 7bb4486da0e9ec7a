// SPDX-License-Identifier: Apache-2.0
#include "report/detail/drawing.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/number.h"
#include "report/detail/wording.h"

namespace report::detail {
namespace {

constexpr double kLetterWidth = 7;  // Of 12-pixel letters, on average at most.
constexpr double kLegendRow = 20;
constexpr double kSwatch = 26;
constexpr int kSeries = 6;
constexpr std::array<double, 3> kRound = {1, 2, 5};

double power_of_ten(int exponent) { return std::pow(10.0, exponent); }

int decimals_of(double step) {
  return std::clamp(static_cast<int>(-std::floor(std::log10(step) + 1e-9)), 0, 12);
}

std::string tick_words(double value, double step, Ticks kind) {
  if (std::abs(value) < step * 1e-9) value = 0;
  switch (kind) {
    case Ticks::kPercent:
      return percent(value, decimals_of(step * 100));
    case Ticks::kSignedPercent:
      return signed_percent(value, decimals_of(step * 100));
    case Ticks::kPlain:
      break;
  }
  return std::abs(value) < 1e9 ? fixed(value, decimals_of(step)) : number(value);
}

std::vector<Tick> logarithmic_ticks(const Axis& axis, int wanted) {
  const int first = static_cast<int>(std::floor(std::log10(axis.low)));
  const int last = static_cast<int>(std::ceil(std::log10(axis.high)));
  const bool has_room = 3 * (last - first) <= wanted * 2;
  const int every = std::max(1, (last - first) / std::max(1, wanted));
  std::vector<Tick> out;
  for (int exponent = first; exponent <= last; ++exponent) {
    if ((exponent - first) % every != 0) continue;
    for (const double round : kRound) {
      if (round > 1 && !has_room) break;
      const double value = round * power_of_ten(exponent);
      if (value >= axis.low * (1 - 1e-9) && value <= axis.high * (1 + 1e-9))
        out.push_back({value, tick_words(value, value, axis.ticks)});
    }
  }
  return out;
}

std::string shape(double x, double y, double r, int kind) {
  const std::string side = place(2 * r);
  switch (kind % kSeries) {
    case 1:
      return "M" + place(x - r) + " " + place(y - r) + "h" + side + "v" + side + "h-" + side + "z";
    case 2:
      return "M" + place(x) + " " + place(y - r * 1.2) + "l" + place(r * 1.2) + " " +
             place(r * 2.1) + "h-" + place(r * 2.4) + "z";
    case 3:
      return "M" + place(x) + " " + place(y - r * 1.3) + "l" + place(r * 1.3) + " " +
             place(r * 1.3) + "l-" + place(r * 1.3) + " " + place(r * 1.3) + "l-" + place(r * 1.3) +
             " -" + place(r * 1.3) + "z";
    case 4:
      return "M" + place(x) + " " + place(y + r * 1.2) + "l" + place(r * 1.2) + " -" +
             place(r * 2.1) + "h-" + place(r * 2.4) + "z";
    case 5: {
      const std::string arm = place(r * 0.8);
      return "M" + place(x - r * 0.4) + " " + place(y - r * 1.2) + "h" + arm + "v" + arm + "h" +
             arm + "v" + arm + "h-" + arm + "v" + arm + "h-" + arm + "v-" + arm + "h-" + arm +
             "v-" + arm + "h" + arm + "z";
    }
    default:
      return "M" + place(x - r) + " " + place(y) + "a" + place(r) + " " + place(r) + " 0 1 0 " +
             side + " 0a" + place(r) + " " + place(r) + " 0 1 0 -" + side + " 0z";
  }
}

}  // namespace

std::string place(double value) {
  std::string text = base::format_fixed(value, 1);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

Scale::Scale(const Axis& axis, double start, double end)
    : logarithmic_(axis.logarithmic), low_(0), high_(1), start_(start), end_(end) {
  low_ = bent(axis.low);
  high_ = bent(axis.high);
}

double Scale::bent(double value) const { return logarithmic_ ? std::log10(value) : value; }

std::optional<double> Scale::at(double value) const {
  if (!std::isfinite(value) || (logarithmic_ && value <= 0)) return std::nullopt;
  const double share = (bent(value) - low_) / (high_ - low_);
  // Far outside is as good as farther: pictures are clipped, and digits cost.
  return start_ + std::clamp(share, -20.0, 20.0) * (end_ - start_);
}

double round_step(double range, int steps) {
  const double rough = range / std::max(1, steps);
  const double power = power_of_ten(static_cast<int>(std::floor(std::log10(rough))));
  for (const double round : kRound)
    if (round * power >= rough * (1 - 1e-9)) return round * power;
  return 10 * power;
}

std::vector<Tick> ticks(const Axis& axis, int wanted) {
  if (axis.logarithmic) return logarithmic_ticks(axis, wanted);
  const double step = round_step(axis.high - axis.low, wanted);
  std::vector<Tick> out;
  for (double i = std::ceil(axis.low / step - 1e-6); i * step <= axis.high + step * 1e-6; ++i)
    out.push_back({i * step, tick_words(i * step, step, axis.ticks)});
  return out;
}

double width_of(std::string_view words) {
  return kLetterWidth * static_cast<double>(letters(words));
}

std::string class_of(int series) {
  if (series == kQuiet) return "sq";
  if (series == kInk) return "si";
  return "s" + std::to_string(series % kSeries);
}

Drawing::Drawing(double width, double height, const std::string& id, const std::string& title,
                 const std::string& description)
    : width_(width), id_(escape(id)), title_(escape(title)), description_(escape(description)) {
  body_.reserve(static_cast<std::size_t>(height) * 16);
}

void Drawing::line(double x1, double y1, double x2, double y2, const std::string& style) {
  body_ += "<line x1=\"" + place(x1) + "\" y1=\"" + place(y1) + "\" x2=\"" + place(x2) +
           "\" y2=\"" + place(y2) + "\" class=\"" + style + "\"/>";
}

void Drawing::rectangle(double x, double y, double width, double height, const std::string& style,
                        const std::string& hover) {
  body_ += "<rect x=\"" + place(x) + "\" y=\"" + place(y) + "\" width=\"" + place(width) +
           "\" height=\"" + place(height) + "\" class=\"" + style + "\"";
  body_ += hover.empty() ? "/>" : "><title>" + escape(hover) + "</title></rect>";
}

void Drawing::text(double x, double y, const std::string& words, const std::string& style,
                   const std::string& anchor) {
  body_ += "<text x=\"" + place(x) + "\" y=\"" + place(y) + "\" class=\"" + style +
           "\" text-anchor=\"" + anchor + "\">" + escape(words) + "</text>";
}

void Drawing::path(const std::string& steps, const std::string& style) {
  if (!steps.empty()) body_ += "<path d=\"" + steps + "\" class=\"" + style + "\"/>";
}

void Drawing::spot(double x, double y, double radius, int series, const std::string& hover) {
  body_ += "<path d=\"" + shape(x, y, radius, series == kQuiet ? 5 : std::max(series, 0)) +
           "\" class=\"dot " + class_of(series) + "\"";
  body_ += hover.empty() ? "/>" : "><title>" + escape(hover) + "</title></path>";
}

void Drawing::open_clip(const std::string& id, double x, double y, double width, double height) {
  const std::string name = escape(id);
  body_ += "<clipPath id=\"" + name + "\"><rect x=\"" + place(x) + "\" y=\"" + place(y) +
           "\" width=\"" + place(width) + "\" height=\"" + place(height) +
           "\"/></clipPath><g clip-path=\"url(#" + name + ")\">";
}

void Drawing::close_clip() { body_ += "</g>"; }

double Drawing::legend(const std::vector<LegendEntry>& entries, double left, double width) {
  double x = left;
  double y = 0;
  const auto most = static_cast<std::size_t>((width - kSwatch) / kLetterWidth);
  for (const LegendEntry& entry : entries) {
    const std::string name = shorten(entry.name, most);
    const double taken = kSwatch + width_of(name);
    if (x > left && x + taken > left + width) {
      x = left;
      y += kLegendRow;
    }
    const double middle = y + kLegendRow / 2;
    if (entry.is_line) {
      line(x, middle, x + 20, middle,
           (entry.is_thin ? "ln thin " : "ln ") + class_of(entry.series));
    } else {
      spot(x + 10, middle, 4.5, entry.series, {});
    }
    text(x + kSwatch, middle + 4, name, "lb", "start");
    x += taken + 14;
  }
  return entries.empty() ? 0 : y + kLegendRow + 6;
}

std::string Drawing::finish(double height) const {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + place(width_) + " " +
         place(height) + "\" role=\"img\" aria-labelledby=\"" + id_ + "-t " + id_ +
         "-d\"><title id=\"" + id_ + "-t\">" + title_ + "</title><desc id=\"" + id_ + "-d\">" +
         description_ + "</desc>" + body_ + "</svg>";
}

}  // namespace report::detail
