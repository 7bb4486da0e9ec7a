// SPDX-License-Identifier: Apache-2.0
#include "http/detail/report_html.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "base/number.h"
#include "experiment/disagreement.h"
#include "http/detail/distribution_html.h"
#include "http/detail/json_words.h"

namespace http {
namespace {

const experiment::MoneyWords kMoney;

constexpr std::string_view kStyle = R"css(
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --line: #d1d9e0; --paper: #fff;
  --good: #1a7f37; --watch: #9a6700; --alarm: #cf222e; --mark: #0969da;
  --arm0: #6a5f4b; --arm1: #2a5d9c; --arm2: #8a3f98; --arm3: #0b7670; --arm4: #a4530f;
  --arm5: #b23468; --arm6: #5c6d0d; --arm7: #4f4bb8; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; --paper: #0d1117; --good: #3fb950;
    --watch: #d29922; --alarm: #f85149; --mark: #4493f8; --arm0: #c7b691; --arm1: #8fbdf2;
    --arm2: #d7a1e3; --arm3: #6fd0c8; --arm4: #f0a868; --arm5: #f59abd; --arm6: #bfd06a;
    --arm7: #b3b0fa; } }
@media print {
  :root { --ink: #000; --soft: #444; --line: #bbb; --paper: #fff; }
  section { break-inside: avoid; } }
body { margin: 2rem auto; max-width: 52rem; padding: 0 1rem; color: var(--ink);
  background: var(--paper); font: 1rem/1.5 system-ui, sans-serif; }
h1 { margin-bottom: 0; } h2 { margin-top: 2rem; border-bottom: 1px solid var(--line); }
.soft { color: var(--soft); } .verdict { font-size: 1.25rem; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: .25rem .5rem; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; }
td { overflow-wrap: anywhere; } td.n { white-space: nowrap; }
.wide { overflow-x: auto; } .wide td { overflow-wrap: normal; } .wide svg { min-width: 34rem; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: .75rem;
  border: 1px solid var(--line); }
code { overflow-wrap: anywhere; }
.good { color: var(--good); } .watch { color: var(--watch); } .alarm { color: var(--alarm); }
svg { width: 100%; height: auto; } svg text { fill: currentColor; font: 12px system-ui, sans-serif; }
svg .axis { stroke: var(--line); } svg .bound { stroke: var(--soft); stroke-dasharray: 4 3; }
.arm0 { fill: var(--arm0); background: var(--arm0); }
.arm1 { fill: var(--arm1); background: var(--arm1); }
.arm2 { fill: var(--arm2); background: var(--arm2); }
.arm3 { fill: var(--arm3); background: var(--arm3); }
.arm4 { fill: var(--arm4); background: var(--arm4); }
.arm5 { fill: var(--arm5); background: var(--arm5); }
.arm6 { fill: var(--arm6); background: var(--arm6); }
.arm7 { fill: var(--arm7); background: var(--arm7); }
.key { display: inline-block; width: .7em; height: .7em; margin-right: .4em; }
svg .cap { stroke: var(--ink); stroke-dasharray: 4 3; }
svg .interval { stroke: var(--mark); stroke-width: 6; } svg .point { fill: var(--mark); }
)css";

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '&') {
      safe += "&amp;";
    } else if (c == '<') {
      safe += "&lt;";
    } else if (c == '>') {
      safe += "&gt;";
    } else if (c == '"') {
      safe += "&quot;";
    } else {
      safe += c;
    }
  }
  return safe;
}

std::string money(double value) { return experiment::signed_amount(value, kMoney); }

std::string section(std::string_view title, const std::string& body) {
  return "<section>\n<h2>" + std::string(title) + "</h2>\n" + body + "</section>\n";
}

// Cells are HTML already; all but the first column are numbers where `numbers` says so.
std::string row(const std::vector<std::string>& cells, const char* tag, bool numbers) {
  std::string html = "<tr>";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    html += std::string("<") + tag + (numbers && i > 0 ? " class=\"n\">" : ">") + cells[i] + "</" +
            tag + ">";
  }
  return html + "</tr>\n";
}

std::string table(const std::vector<std::string>& head,
                  const std::vector<std::vector<std::string>>& rows, bool numbers) {
  std::string html = "<table>\n<thead>" + row(head, "th", numbers) + "</thead>\n<tbody>\n";
  for (const auto& cells : rows) html += row(cells, "td", numbers);
  html += "</tbody>\n</table>\n";
  // Words wrap on a phone; so many numbers have to be scrolled, by the keyboard too.
  return numbers ? "<div class=\"wide\" tabindex=\"0\">\n" + html + "</div>\n" : html;
}

// A scale that holds the interval, the margin and the effect, with some air.
struct Scale {
  double low = 0;
  double high = 0;
  [[nodiscard]] std::string x(double value) const {
    return base::format_fixed(40 + 640 * (value - low) / (high - low), 1);
  }
};

std::string mark(const Scale& scale, double value, const std::string& label, int y) {
  const std::string x = scale.x(value);
  return "<line class=\"bound\" x1=\"" + x + "\" x2=\"" + x +
         "\" y1=\"30\" y2=\"90\"/><text text-anchor=\"middle\" x=\"" + x + "\" y=\"" +
         std::to_string(y) + "\">" + label + " " + money(value) + "</text>\n";
}

std::string interval_picture(const experiment::Verdict& verdict) {
  if (!verdict.figures || !std::isfinite(verdict.figures->lower) ||
      !std::isfinite(verdict.figures->upper))
    return "<p class=\"soft\">No interval is shown before the planned customers are in.</p>\n";
  const experiment::VerdictFigures& figures = *verdict.figures;
  const experiment::Design& design = verdict.design;
  const auto [low, high] =
      std::minmax({figures.lower, figures.upper, design.margin, design.effect_per_customer, 0.0});
  const double air = std::max(0.15 * (high - low), 1e-9);
  const Scale scale{low - air, high + air};
  // Levels of looks have many digits; a confidence is not said higher than it is.
  const double confidence = std::floor((1 - 2 * figures.level) * 1e4 + 1e-8) / 1e4;
  const std::string level = experiment::percent(confidence);
  std::string svg = "<svg viewBox=\"0 0 720 130\" role=\"img\" aria-label=\"" + level +
                    " interval of the gain per customer, from " + money(figures.lower) + " to " +
                    money(figures.upper) + "\">\n";
  svg += "<line class=\"axis\" x1=\"40\" x2=\"680\" y1=\"60\" y2=\"60\"/>\n";
  svg += mark(scale, design.margin, "margin", 24) +
         mark(scale, design.effect_per_customer, "effect", 104);
  svg += "<line class=\"interval\" x1=\"" + scale.x(figures.lower) + "\" x2=\"" +
         scale.x(figures.upper) + "\" y1=\"60\" y2=\"60\"/>\n";
  svg += "<circle class=\"point\" r=\"7\" cy=\"60\" cx=\"" + scale.x(figures.welch.difference) +
         "\"/>\n</svg>\n";
  return svg + "<p>Gain per customer: <strong>" + money(figures.welch.difference) + "</strong>, " +
         level + " interval " + money(figures.lower) + " to " + money(figures.upper) + ".</p>\n";
}

// Of the candidate, from 0; without one those of all.
std::string checks_of(const trial::Progress& progress, std::optional<std::size_t> candidate) {
  std::vector<std::vector<std::string>> rows;
  for (const experiment::Check& check : progress.checks) {
    if (check.candidate != candidate) continue;
    const std::string lamp = experiment::name(check.lamp);
    rows.push_back({escaped(check.title), "<span class=\"" + lamp + "\">" + lamp + "</span>",
                    escaped(check.message)});
  }
  return table({"Check", "Lamp", "What was found"}, rows, false);
}

std::string checks(const trial::Progress& progress) {
  std::string html = checks_of(progress, std::nullopt);
  for (std::size_t k = 0; progress.agreement.size() > 1 && k < progress.agreement.size(); ++k) {
    html += "<h3>" + escaped(trial::system_of(progress.experiment.plan, event::candidate(k)).id) +
            "</h3>\n" + checks_of(progress, k);
  }
  return html;
}

// What an arm is called: its part, or among several candidates its name.
std::string arm_name(const trial::Progress& progress, std::size_t system) {
  if (system == 0) return "base";
  if (progress.agreement.size() == 1) return "candidate";
  return escaped(trial::system_of(progress.experiment.plan, static_cast<event::System>(system)).id);
}

std::vector<std::string> arm_names(const trial::Progress& progress) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < progress.arms.size(); ++i) names.push_back(arm_name(progress, i));
  return names;
}

std::string arms(const trial::Progress& progress) {
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < progress.arms.size(); ++i) {
    const trial::ArmProgress& arm = progress.arms[i];
    const trial::SystemProgress& system = progress.systems[i];
    rows.push_back({arm_name(progress, i),
                    base::format_count(arm.closed) + " of " + base::format_count(arm.target),
                    experiment::amount(arm.revenue.mean, kMoney),
                    experiment::amount(arm.revenue.deviation, kMoney),
                    base::format_cents(arm.total) + " $", base::format_count(arm.shown),
                    base::format_count(arm.accepted), base::format_count(system.timeouts)});
  }
  return table(
      {"Arm", "Customers", "Mean", "Deviation", "Revenue", "Shown", "Accepted", "Fallbacks"}, rows,
      true);
}

std::string kinds(const trial::Progress& progress, std::size_t k) {
  const trial::Agreement& agreement = progress.agreement[k];
  std::string html = "<p>The systems agreed on " + base::format_count(agreement.agree) +
                     " customers; the candidate would have added the offer for " +
                     base::format_count(agreement.add) + " and removed it for " +
                     base::format_count(agreement.remove) + ".</p>\n";
  const experiment::Verdict& verdict = progress.verdict.each[k];
  if (!progress.frozen || !verdict.rows) return html;
  const auto found = experiment::estimate_by_kind(*verdict.rows);
  if (!found) return html;
  const double level = verdict.figures ? verdict.figures->level : 0.05;
  std::vector<std::vector<std::string>> rows;
  constexpr const char* kNames[] = {"adds the offer", "removes the offer"};
  for (std::size_t i = 0; i < 2; ++i) {
    const experiment::StratumEffect& stratum = found->strata[i];
    if (!stratum.effect) continue;
    rows.push_back({kNames[i], experiment::percent(stratum.share, 1),
                    money(stratum.effect->difference), money(stratum.effect->lower(level)),
                    money(stratum.effect->upper(level))});
  }
  return html + table({"The candidate", "Of customers", "Gain each", "From", "To"}, rows, true);
}

// The metrics beside revenue; nothing before the verdict.
std::string metrics(const experiment::Verdict& verdict) {
  if (!verdict.figures || verdict.figures->secondary.empty()) return "";
  std::vector<std::vector<std::string>> rows;
  for (const experiment::SecondaryFigures& one : verdict.figures->secondary) {
    const auto value = [&](const std::optional<double>& of) -> std::string {
      if (!of) return "–";
      return experiment::in_percent(one.metric) ? experiment::percent(*of, 1)
                                                : experiment::amount(*of, kMoney);
    };
    const auto bound = [&](double change) {
      return experiment::say_change(one.metric, change, kMoney);
    };
    rows.push_back(
        {std::string(experiment::title(one.metric)), value(one.base), value(one.candidate),
         one.change ? bound(one.change->difference) : "–",
         one.change ? bound(one.change->lower) : "–", one.change ? bound(one.change->upper) : "–",
         one.worst
             ? std::string(experiment::name(one.standing)) + ", " + bound(*one.worst) + " allowed"
             : "–"});
  }
  return "<h3>Guardrails and other metrics</h3>\n" +
         table({"Metric", "Base", "Candidate", "Change", "From", "To", "Guardrail"}, rows, true);
}

// Of several candidates each with its name.
std::string candidates(const trial::Progress& progress) {
  if (progress.agreement.size() == 1) {
    const experiment::Verdict& verdict = progress.verdict.each.front();
    return interval_picture(verdict) + metrics(verdict) +
           section("Where the systems differ", kinds(progress, 0));
  }
  std::string html;
  for (std::size_t k = 0; k < progress.agreement.size(); ++k) {
    const std::string& id = trial::system_of(progress.experiment.plan, event::candidate(k)).id;
    const experiment::Verdict& verdict = progress.verdict.each[k];
    html +=
        section(escaped(id), "<p>" + escaped(experiment::sentence(verdict, kMoney)) + "</p>\n" +
                                 interval_picture(verdict) + metrics(verdict) + kinds(progress, k));
  }
  return html;
}

// The hash is of exactly this text, so that anybody can check it.
std::string plan(const trial::ExperimentRow& row) {
  return "<p>SHA-256, taken at the start: <code>" + escaped(row.plan_hash) + "</code></p>\n<pre>" +
         escaped(trial::canonical_text(row.plan)) + "</pre>\n";
}

std::string log(const std::vector<trial::AuditRow>& audit) {
  std::vector<std::vector<std::string>> rows;
  for (const trial::AuditRow& each : audit) {
    rows.push_back({utc(each.at), escaped(each.who), escaped(each.action), escaped(each.detail)});
  }
  return table({"When (UTC)", "Who", "What", "Detail"}, rows, false);
}

}  // namespace

std::string report_html(const trial::Progress& progress,
                        const std::vector<trial::AuditRow>& audit) {
  const trial::ExperimentRow& row = progress.experiment;
  const std::string name = escaped(row.plan.name);
  std::string html = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
          name + "</title>\n<style>" + std::string(kStyle) + "</style>\n</head>\n<body>\n<main>\n";
  html += "<h1>" + name + "</h1>\n<p class=\"soft\">Experiment " + std::to_string(row.id.value()) +
          ", " + std::string(trial::name(row.state)) + "; as of " + utc(progress.at) + "</p>\n";
  if (!row.plan.hypothesis.empty()) html += "<p>" + escaped(row.plan.hypothesis) + "</p>\n";
  html += "<p class=\"verdict\"><strong>" + escaped(experiment::word(progress.leading().word)) +
          "</strong><br>" + escaped(progress.sentence) + "</p>\n";
  html += candidates(progress);
  html += section("Checks", checks(progress)) + section("Arms", arms(progress));
  html += section("Distribution of revenue", distribution_html(progress, arm_names(progress)));
  html += section("Plan", plan(row));
  return html + section("Who did what", log(audit)) + "</main>\n</body>\n</html>\n";
}

}  // namespace http
