// SPDX-License-Identifier: Apache-2.0
#include "cli/analysis_report.h"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/number.h"
#include "cli/terminal.h"

namespace cli {
namespace {

void print_arms(const AnalysisReport& report) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, arm] : {std::pair(report.base, report.arms.base),
                                  std::pair(report.candidate, report.arms.candidate)}) {
    rows.push_back({name, base::format_count(arm.n), experiment::amount(arm.mean, report.words),
                    experiment::amount(arm.deviation, report.words),
                    base::format_fixed(arm.skew, 1)});
  }
  std::fputs(
      format_table({"arm", "customers", "per customer", "deviation", "skewness"}, rows).c_str(),
      stdout);
}

std::string p_text(double p) {
  constexpr double kSmall = 1e-4;
  if (p >= kSmall) return base::format_fixed(p, 4);
  char text[16];
  std::snprintf(text, sizeof text, "%.1e", p);
  return text;
}

void print_lines(const AnalysisReport& report) {
  std::vector<std::vector<std::string>> rows;
  for (const EstimateLine& line : report.lines) {
    rows.push_back({line.method, experiment::signed_amount(line.effect, report.words),
                    experiment::signed_amount(line.low, report.words),
                    experiment::signed_amount(line.high, report.words), p_text(line.p),
                    p_text(line.p_effect), line.remark});
  }
  const std::string level = experiment::percent(1 - report.alpha);
  std::printf("\n%s", format_table({"estimated by", "effect", "at least (" + level + ")",
                                    "at most (" + level + ")", "p, > 0",
                                    "p, > " + experiment::amount(report.effect, report.words), ""},
                                   rows)
                          .c_str());
}

nlohmann::json arm_json(const experiment::SampleSummary& arm) {
  return {{"customers", arm.n},
          {"mean", arm.mean},
          {"deviation", arm.deviation},
          {"skewness", arm.skew}};
}

template <class T>
nlohmann::json or_null(const std::optional<T>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json();
}

nlohmann::json guardrail_json(const experiment::SecondaryFigures& of) {
  const auto change = [&](double experiment::MetricChange::*which) {
    return of.change ? nlohmann::json((*of.change).*which) : nlohmann::json();
  };
  return {{"metric", experiment::name(of.metric)},
          {"worst", or_null(of.worst)},
          {"base", or_null(of.base)},
          {"candidate", or_null(of.candidate)},
          {"difference", change(&experiment::MetricChange::difference)},
          {"at_least", change(&experiment::MetricChange::lower)},
          {"at_most", change(&experiment::MetricChange::upper)},
          {"by_disagreement", of.by_disagreement},
          {"standing", experiment::name(of.standing)}};
}

void print_beside(const AnalysisReport& report) {
  std::printf("\nSample ratio: p = %s.\n", base::format_fixed(report.ratio.p, 3).c_str());
  if (report.bootstrap.lamp != experiment::Lamp::kWatch)
    std::printf("Bootstrap: %s.\n", report.bootstrap.message.c_str());
  for (const auto& each : report.guardrails)
    std::printf("Guardrail: %s.\n", experiment::sentence(each, report.words).c_str());
  for (const std::string& warning : report.warnings) std::printf("warning: %s\n", warning.c_str());
}

}  // namespace

void print(const AnalysisReport& report) {
  print_arms(report);
  print_lines(report);
  if (!report.disagreement.empty()) std::printf("\n%s\n", report.disagreement.c_str());
  print_beside(report);
}

void print_json(const AnalysisReport& report) {
  nlohmann::json estimates = nlohmann::json::array();
  for (const EstimateLine& line : report.lines) {
    estimates.push_back({{"method", line.method},
                         {"effect", line.effect},
                         {"at_least", line.low},
                         {"at_most", line.high},
                         {"p", line.p},
                         {"p_effect", line.p_effect},
                         {"remark", line.remark}});
  }
  nlohmann::json guardrails = nlohmann::json::array();
  for (const auto& each : report.guardrails) guardrails.push_back(guardrail_json(each));
  std::printf("%s\n", nlohmann::json{{"base", arm_json(report.arms.base)},
                                     {"candidate", arm_json(report.arms.candidate)},
                                     {"sample_ratio",
                                      {{"p", report.ratio.p}, {"alarm", report.ratio.alarm}}},
                                     {"bootstrap",
                                      {{"lamp", experiment::name(report.bootstrap.lamp)},
                                       {"message", report.bootstrap.message}}},
                                     {"guardrails", guardrails},
                                     {"estimates", estimates},
                                     {"warnings", report.warnings}}
                          .dump(2)
                          .c_str());
}

}  // namespace cli
