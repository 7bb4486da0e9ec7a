// SPDX-License-Identifier: Apache-2.0
#include "report/html.h"

#include <vector>

#include "report/detail/page_style.h"
#include "report/detail/sections.h"
#include "report/detail/view.h"
#include "report/detail/wording.h"

namespace report {
namespace {

using detail::View;

struct Section {
  std::string id;
  std::string heading;
  std::string body;
};

std::vector<Section> sections(const View& view) {
  std::vector<Section> out;
  const auto add = [&](std::string id, std::string heading, std::string body) {
    if (!body.empty()) out.push_back({std::move(id), std::move(heading), std::move(body)});
  };
  add("ranking", "Ranking by profit", detail::ranking(view));
  add("uplift", "What the offer changes", detail::uplift(view));
  add("hypotheses", "If the hypothesis is wrong", detail::hypotheses(view));
  add("trade-off", "Precision against recall", detail::trade_off(view));
  add("contacts", "How many to contact", detail::contacts(view));
  add("orders", "Whom to contact first", detail::orders(view));
  add("discrimination", "Telling customers apart", detail::discrimination(view));
  add("lift", "How many acceptances are found", detail::lift(view));
  add("calibration", "Can the probabilities be believed?", detail::calibration(view));
  add("importance", "What the leader looks at", detail::importance(view));
  add("fairness", "Fairness between groups", detail::fairness(view));
  add("costs", "What the models cost", detail::costs(view));
  add("cards", "Model cards", detail::cards(view));
  add("exclusions", "Models outside of the limits", detail::exclusions(view));
  add("failures", "Models that could not be trained", detail::failures(view));
  add("method", "How these figures were made", detail::method(view));
  return out;
}

std::string title_of(const View& view) {
  if (view.a.target.empty()) return "Which model earns the most";
  std::string title = "Which model earns the most: " + view.a.target;
  if (!view.a.positive.empty()) title += " = " + view.a.positive;
  return title;
}

}  // namespace

std::string html(const study::Analysis& analysis) {
  const View view(analysis);
  const std::string title = detail::escape(title_of(view));
  std::string nav;
  std::string body;
  for (const Section& section : sections(view)) {
    nav += "<a href=\"#" + section.id + "\">" + section.heading + "</a>";
    body += "<section id=\"" + section.id + "\" aria-labelledby=\"" + section.id +
            "-h\">\n<h2 id=\"" + section.id + "-h\">" + section.heading + "</h2>\n" + section.body +
            "</section>\n";
  }
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta name=\"color-scheme\" content=\"light dark\">\n<title>" +
         title + "</title>\n<style>\n" + detail::kPageStyle +
         "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">To the report</a>\n"
         "<header><p class=\"brand\">Provecho · study</p><h1>" +
         title + "</h1></header>\n<main id=\"main\" tabindex=\"-1\">\n" + detail::what_to_do(view) +
         "<nav aria-label=\"On this page\">" + nav + "</nav>\n" + body + "</main>\n<script>\n" +
         detail::kPageScript + "</script>\n</body>\n</html>\n";
}

}  // namespace report
