// SPDX-License-Identifier: Apache-2.0
#include "http/detail/distribution_html.h"

#include <algorithm>
#include <cmath>

#include "base/number.h"
#include "experiment/money_words.h"

namespace http {
namespace {

using experiment::MoneyHistogram;

double share(std::int64_t part, std::int64_t all) {
  return all > 0 ? static_cast<double>(part) / static_cast<double>(all) : 0;
}

// The bins from the first to the last that anybody is in, and no further than that.
struct Shown {
  std::size_t first = 0;
  std::size_t end = 0;
  double most = 0;  // The largest share of an arm in one of them.
};

Shown shown_of(const std::vector<MoneyHistogram>& arms) {
  const std::size_t bins = arms.front().counts().size();
  Shown shown{.first = bins};
  for (const MoneyHistogram& arm : arms) {
    for (std::size_t i = 0; i < bins; ++i) {
      if (arm.counts()[i] == 0) continue;
      shown.first = std::min(shown.first, i);
      shown.end = std::max(shown.end, i + 1);
      shown.most = std::max(shown.most, share(arm.counts()[i], arm.n()));
    }
  }
  return shown;
}

std::string at(double value) { return base::format_fixed(value, 1); }

// The largest of 1, 2, 5 · 10^k that is not above it.
double round_step(double most) {
  const double power = std::pow(10, std::floor(std::log10(most)));
  for (const double step : {5.0, 2.0}) {
    if (step * power <= most) return step * power;
  }
  return power;
}

constexpr double kLeft = 50, kRight = 710, kTop = 16, kBottom = 170;

class Picture {
 public:
  Picture(const trial::Progress& progress, const Shown& shown)
      : arms_(progress.distribution), edges_(arms_.front().edges()), shown_(shown) {}

  // Edges are drawn at equal distances: on a logarithmic scale they nearly are.
  [[nodiscard]] double x(std::size_t edge) const {
    return kLeft + (kRight - kLeft) * static_cast<double>(edge - shown_.first) /
                       static_cast<double>(shown_.end - shown_.first);
  }
  [[nodiscard]] double y(double part) const {
    return kBottom - (kBottom - kTop) * part / shown_.most;
  }
  [[nodiscard]] std::string axes() const {
    std::string svg = line("axis", kLeft, kBottom, kRight, kBottom);
    const double step = round_step(shown_.most / 3);
    for (double part = step; part <= shown_.most; part += step) {
      svg += line("axis", kLeft, y(part), kRight, y(part)) +
             text(kLeft - 6, y(part) + 4, "end", experiment::percent(part));
    }
    const auto apart = static_cast<std::size_t>(
        std::ceil(static_cast<double>(shown_.end - shown_.first) * 60 / (kRight - kLeft)));
    for (std::size_t edge = shown_.first; edge <= shown_.end; edge += apart)
      svg += text(x(edge), kBottom + 16, edge == shown_.end ? "end" : "middle",
                  base::format_cents(edges_[edge]));
    return svg + text((kLeft + kRight) / 2, kBottom + 34, "middle", "$ per customer");
  }
  [[nodiscard]] std::string bars() const {
    std::string svg;
    const double width = (x(shown_.first + 1) - x(shown_.first)) * 0.86;
    const double each = width / static_cast<double>(arms_.size());
    for (std::size_t arm = 0; arm < arms_.size(); ++arm) {
      for (std::size_t i = shown_.first; i < shown_.end; ++i) {
        const double top = y(share(arms_[arm].counts()[i], arms_[arm].n()));
        svg += "<rect class=\"arm" + std::to_string(arm) + "\" x=\"" +
               at(x(i) + width * 0.08 + each * static_cast<double>(arm)) + "\" y=\"" + at(top) +
               "\" width=\"" + at(each) + "\" height=\"" + at(kBottom - top) + "\"/>\n";
      }
    }
    return svg;
  }
  // Between its bin's edges in proportion of the logarithms.
  [[nodiscard]] std::string cap(base::Cents limit) const {
    const auto above = std::upper_bound(edges_.begin() + 1, edges_.end() - 1, limit);
    const auto bin = static_cast<std::size_t>(above - edges_.begin()) - 1;
    if (bin < shown_.first || bin >= shown_.end) return {};
    const double low = std::log(edges_[bin].dollars());
    const double part =
        (std::log(limit.dollars()) - low) / (std::log(edges_[bin + 1].dollars()) - low);
    const double place = x(bin) + part * (x(bin + 1) - x(bin));
    return line("cap", place, kTop - 4, place, kBottom) +
           text(place, kTop - 6, place > kRight - 60 ? "end" : "middle",
                "cap " + base::format_cents(limit) + " $");
  }

 private:
  static std::string line(const char* name, double x1, double y1, double x2, double y2) {
    return std::string("<line class=\"") + name + "\" x1=\"" + at(x1) + "\" y1=\"" + at(y1) +
           "\" x2=\"" + at(x2) + "\" y2=\"" + at(y2) + "\"/>\n";
  }
  static std::string text(double x, double y, const char* anchor, const std::string& words) {
    return std::string("<text text-anchor=\"") + anchor + "\" x=\"" + at(x) + "\" y=\"" + at(y) +
           "\">" + words + "</text>\n";
  }
  const std::vector<MoneyHistogram>& arms_;
  const std::vector<base::Cents>& edges_;
  Shown shown_;
};

// The same as a table: who spent nothing, then every bin that is drawn.
std::string in_figures(const trial::Progress& progress, const std::vector<std::string>& names,
                       const Shown& shown) {
  const std::vector<MoneyHistogram>& arms = progress.distribution;
  std::string html = "<table>\n<thead><tr><th>$ per customer</th>";
  for (std::size_t arm = 0; arm < arms.size(); ++arm) {
    html += "<th class=\"n\"><span class=\"key arm" + std::to_string(arm) + "\"></span>" +
            names[arm] + "</th>";
  }
  html += "</tr></thead>\n<tbody>\n";
  const auto row = [&](const std::string& title, const auto& count) {
    html += "<tr><td>" + title + "</td>";
    for (const MoneyHistogram& arm : arms)
      html += "<td class=\"n\">" + experiment::percent(share(count(arm), arm.n()), 2) + "</td>";
    html += "</tr>\n";
  };
  row("nothing", [](const MoneyHistogram& arm) { return arm.zeros(); });
  for (std::size_t i = shown.first; i < shown.end; ++i) {
    const std::vector<base::Cents>& edges = arms.front().edges();
    row(base::format_cents(edges[i]) + " to " + base::format_cents(edges[i + 1]),
        [i](const MoneyHistogram& arm) { return arm.counts()[i]; });
  }
  return html + "</tbody>\n</table>\n";
}

}  // namespace

std::string distribution_html(const trial::Progress& progress,
                              const std::vector<std::string>& names) {
  const Shown shown = shown_of(progress.distribution);
  if (shown.end == 0) return "<p class=\"soft\">Nobody has spent anything yet.</p>\n";
  const Picture picture(progress, shown);
  const auto& cap = progress.experiment.plan.cap;
  return "<div class=\"wide\" tabindex=\"0\">\n<svg viewBox=\"0 0 720 210\" role=\"img\" "
         "aria-label=\"Share of each arm's customers by "
         "what they spent; the table below has the figures\">\n" +
         picture.axes() + picture.bars() + (cap ? picture.cap(*cap) : "") + "</svg>\n" +
         in_figures(progress, names, shown) + "</div>\n";
}

}  // namespace http
