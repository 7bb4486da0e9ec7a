// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>
#include <utility>

#include "experiment/distribution.h"
#include "http/detail/entity_tag.h"
#include "http/detail/json_words.h"

namespace http {
namespace {

using experiment::EffectStanding;
using experiment::VerdictWord;

// JSON has no infinity: what is not finite is null.
Json finite(double value) { return std::isfinite(value) ? Json(value) : Json(); }

// The arm's mean and its two-sided interval at 1 − 2·level, as the verdict's.
Json arm_json(const trial::ArmProgress& arm, double level) {
  Json json = {{"target", arm.target},
               {"enrolled", arm.enrolled},
               {"closed", arm.closed},
               {"mean", finite(arm.revenue.mean)},
               {"deviation", finite(arm.revenue.deviation)},
               {"total", base::format_cents(arm.total)},
               {"capped", arm.capped},
               {"disagreeing", arm.disagreeing},
               {"disagreeing_target", arm.disagreeing_target},
               {"low", nullptr},
               {"high", nullptr},
               {"buyers", arm.buyers},
               {"accepted", arm.accepted},
               {"shown", arm.shown}};
  if (arm.closed >= 2 && level > 0 && level < 0.5) {
    const auto n = static_cast<double>(arm.closed);
    const double half =
        experiment::student_quantile(1 - level, n - 1) * arm.revenue.deviation / std::sqrt(n);
    json["low"] = arm.revenue.mean - half;
    json["high"] = arm.revenue.mean + half;
  }
  return json;
}

Json system_json(const trial::SystemProgress& system) {
  return {{"decisions", system.decisions},
          {"late", system.late},
          {"missing", system.missing},
          {"shown", system.shown},
          {"timeouts", system.timeouts},
          {"latency_p50_ms", finite(system.latency_p50_ms)},
          {"latency_p99_ms", finite(system.latency_p99_ms)}};
}

std::string_view kind(VerdictWord word) {
  switch (word) {
    case VerdictWord::kNoVerdict:
      return "no_verdict";
    case VerdictWord::kCollecting:
      return "collecting";
    case VerdictWord::kBetterByEffect:
      return "better_by_effect";
    case VerdictWord::kBetter:
      return "better";
    case VerdictWord::kWorse:
      return "worse";
    case VerdictWord::kNotBetterByEffect:
      return "not_better_by_effect";
    case VerdictWord::kInconclusive:
      return "inconclusive";
    case VerdictWord::kDryRunComplete:
      return "dry_run_complete";
  }
  return "no_verdict";
}

Json standing(EffectStanding standing) {
  switch (standing) {
    case EffectStanding::kNone:
      return nullptr;
    case EffectStanding::kReached:
      return "reached";
    case EffectStanding::kOpen:
      return "open";
    case EffectStanding::kExcluded:
      return "excluded";
  }
  return nullptr;
}

const char* method(experiment::Method method) {
  switch (method) {
    case experiment::Method::kEverybody:
      return "everybody";
    case experiment::Method::kDisagreement:
      return "disagreement";
    case experiment::Method::kCovariate:
      return "covariate";
  }
  return "everybody";
}

Json sample_json(const experiment::SampleSummary& sample) {
  return {{"n", sample.n},
          {"mean", sample.mean},
          {"deviation", sample.deviation},
          {"skew", sample.skew}};
}

Json optional_number(const std::optional<double>& value) { return value ? finite(*value) : Json(); }

// The metrics beside revenue; bounds at the figures' level.
Json secondary_json(const experiment::VerdictFigures& figures) {
  Json json = Json::array();
  for (const experiment::SecondaryFigures& one : figures.secondary) {
    const auto& change = one.change;
    json.push_back({{"metric", experiment::name(one.metric)},
                    {"title", experiment::title(one.metric)},
                    {"base", optional_number(one.base)},
                    {"candidate", optional_number(one.candidate)},
                    {"change", change ? finite(change->difference) : Json()},
                    {"lower", change ? finite(change->lower) : Json()},
                    {"upper", change ? finite(change->upper) : Json()},
                    {"by_disagreement", one.by_disagreement},
                    {"worst", optional_number(one.worst)},
                    {"guardrail", experiment::name(one.standing)}});
  }
  return json;
}

Json figures_json(const experiment::VerdictFigures& figures) {
  Json json = {{"method", method(figures.method)},
               {"why_everybody", figures.why_everybody},
               {"pooled", nullptr},
               {"why_not_pooled", figures.why_not_pooled},
               {"explained", figures.explained},
               {"estimate", figures.welch.difference},
               {"standard_error", figures.welch.standard_error},
               {"dof", finite(figures.welch.dof)},
               {"level", figures.level},
               {"lower", finite(figures.lower)},
               {"upper", finite(figures.upper)},
               {"p_margin", figures.p_margin},
               {"p_effect", figures.p_effect},
               {"p_below_effect", figures.p_below_effect},
               {"lift", nullptr},
               {"secondary", secondary_json(figures)}};
  if (figures.pooled) {
    json["pooled"] = {{"customers", figures.pooled->customers},
                      {"disagreeing", figures.pooled->disagreeing}};
  }
  if (figures.lift) {
    json["lift"] = {{"estimate", figures.lift->lift}, {"low", nullptr}, {"high", nullptr}};
    if (figures.lift->fieller) {
      json["lift"]["low"] = finite(figures.lift->fieller->low);
      json["lift"]["high"] = finite(figures.lift->fieller->high);
    }
  }
  return json;
}

// What the candidate brings where it adds the offer, and where it removes it.
Json kinds_json(const experiment::Verdict& verdict) {
  if (!verdict.rows) return nullptr;
  const auto kinds = experiment::estimate_by_kind(*verdict.rows);
  if (!kinds) return nullptr;
  const auto one = [&](std::size_t i) -> Json {
    const experiment::StratumEffect& stratum = kinds->strata[i];
    if (!stratum.effect) return {{"share", stratum.share}};
    const double level = verdict.figures ? verdict.figures->level : 0.05;
    return {{"share", stratum.share},
            {"estimate", stratum.effect->difference},
            {"low", finite(stratum.effect->lower(level))},
            {"high", finite(stratum.effect->upper(level))}};
  };
  return {{"add", one(0)}, {"remove", one(1)}};
}

Json look_json(const experiment::Look& look) {
  return {{"number", look.number},
          {"information", look.information},
          {"z", look.z},
          {"level", look.level}};
}

// One candidate's; the sentence says it of all.
Json verdict_json(const trial::Progress& progress, const experiment::Verdict& verdict) {
  Json json = {{"word", experiment::word(verdict.word)},
               {"kind", kind(verdict.word)},
               {"standing", standing(verdict.standing)},
               {"final", progress.frozen},
               {"sentence", progress.sentence},
               {"planned_power", verdict.planned_power},
               {"method", method(verdict.method)},
               {"looks", verdict.looks},
               {"look", verdict.look && progress.frozen ? look_json(*verdict.look) : Json()},
               {"harmed", verdict.harmed},
               {"taken", experiment::taken(verdict)},
               {"base", sample_json(verdict.base)},
               {"candidate", sample_json(verdict.candidate)},
               {"figures", verdict.figures ? figures_json(*verdict.figures) : Json()},
               {"customers_to_settle", nullptr},
               {"alarms", Json::array()}};
  if (progress.frozen) json["kinds"] = kinds_json(verdict);
  if (verdict.customers_to_settle) json["customers_to_settle"] = *verdict.customers_to_settle;
  for (const experiment::Alarm& alarm : verdict.alarms) {
    json["alarms"].push_back({{"code", alarm.code}, {"message", alarm.message}});
  }
  return json;
}

Json sample_ratio_json(const trial::Progress& progress) {
  const experiment::Verdict& verdict = progress.leading();
  // While customers are still coming, only the test that may be looked at all the time.
  if (verdict.figures)
    return {{"p", verdict.sample_ratio.p}, {"alarm", verdict.sample_ratio.alarm}};
  return {{"p", verdict.sequential_sample_ratio.p},
          {"alarm", verdict.sequential_sample_ratio.alarm}};
}

Json counters_json(const trial::Progress& progress) {
  Json json = Json::array();
  for (const trial::CounterRow& row : progress.counters) {
    json.push_back({{"topic", row.topic}, {"outcome", row.outcome}, {"count", row.count}});
  }
  return json;
}

Json checks_json(const trial::Progress& progress) {
  Json json = Json::array();
  for (const experiment::Check& check : progress.checks) {
    json.push_back(
        {{"code", check.code},
         {"title", check.title},
         {"system",
          check.candidate ? Json(event::name(event::candidate(*check.candidate))) : Json()},
         {"lamp", experiment::name(check.lamp)},
         {"p", check.p ? finite(*check.p) : Json()},
         {"message", check.message}});
  }
  return json;
}

Json looks_json(const trial::Progress& progress) {
  Json json = Json::array();
  for (const trial::LookRow& look : progress.looks) {
    json.push_back({{"number", look.number},
                    {"at", utc(look.at)},
                    {"information", look.information},
                    {"z", look.z},
                    {"level", look.level}});
  }
  return json;
}

Json way_json(const experiment::ForecastWay& way) {
  return {{"customers", way.customers},
          {"base", way.arms.base},
          {"candidate", way.arms.candidate},
          {"days", optional_number(way.days)}};
}

Json candidate_forecast_json(const experiment::CandidateForecast& candidate) {
  return {{"share", candidate.share},
          {"adds", candidate.adds},
          {"removes", candidate.removes},
          {"deviation_disagreeing", finite(candidate.deviation)},
          {"effect_per_disagreeing", optional_number(candidate.effect_per_disagreeing)},
          {"implausible", candidate.implausible ? Json(candidate.implausible->message) : Json()}};
}

// The suggested design is ready to be sent as a plan's design. What is said of one candidate is
// that of the first; `candidates` has all.
Json forecast_json(const trial::Plan& plan, const experiment::Forecast& forecast) {
  Json json = {{"sentence", forecast.sentence},
               {"customers", forecast.customers},
               {"mean", finite(forecast.revenue.mean)},
               {"deviation", finite(forecast.revenue.deviation)},
               {"skew", finite(forecast.revenue.skew)},
               {"everybody", forecast.everybody ? way_json(*forecast.everybody) : Json()},
               {"disagreement", nullptr},
               {"candidates", Json::array()},
               {"suggested", design_json(forecast.suggested)}};
  const Json first = candidate_forecast_json(forecast.candidates.front());
  for (const char* member : {"share", "adds", "removes", "deviation_disagreeing"})
    json[member] = first[member];
  if (forecast.disagreement) {
    json["disagreement"] = way_json(*forecast.disagreement);
    json["disagreement"]["ratio_to_everybody"] = nullptr;
    if (forecast.everybody) {
      json["disagreement"]["ratio_to_everybody"] =
          static_cast<double>(forecast.disagreement->customers) /
          static_cast<double>(forecast.everybody->customers);
    }
    for (const char* member : {"effect_per_disagreeing", "implausible"})
      json["disagreement"][member] = first[member];
  }
  for (std::size_t k = 0; k < forecast.candidates.size(); ++k) {
    Json& one = json["candidates"].emplace_back(candidate_forecast_json(forecast.candidates[k]));
    one["system"] = event::name(event::candidate(k));
    one["id"] = trial::system_of(plan, event::candidate(k)).id;
  }
  return json;
}

Json series_json(const trial::Progress& progress, std::size_t candidate) {
  Json json = Json::array();
  for (const trial::SeriesPoint& point : progress.series) {
    if (point.candidate != candidate) continue;
    json.push_back({point.customers_closed, finite(point.estimate), finite(point.lower),
                    finite(point.upper), point.at.micros() / 1'000'000});
  }
  return json;
}

// Customers by what they spent: who spent nothing, and the others by bin.
Json distribution_json(const trial::Progress& progress) {
  Json arms, edges = Json::array();
  for (const base::Cents edge : progress.distribution.front().edges())
    edges.push_back(edge.dollars());
  for (std::size_t i = 0; i < progress.distribution.size(); ++i) {
    arms[event::name(static_cast<event::System>(i))] = {
        {"zeros", progress.distribution[i].zeros()}, {"counts", progress.distribution[i].counts()}};
  }
  return {{"edges", std::move(edges)}, {"arms", std::move(arms)}};
}

Json agreement_json(const trial::Agreement& agreement) {
  return {{"agree", agreement.agree}, {"add", agreement.add}, {"remove", agreement.remove}};
}

// Each candidate against base.
Json candidates_json(const trial::Progress& progress) {
  Json json = Json::array();
  for (std::size_t k = 0; k < progress.agreement.size(); ++k) {
    const event::System system = event::candidate(k);
    json.push_back({{"system", event::name(system)},
                    {"id", trial::system_of(progress.experiment.plan, system).id},
                    {"verdict", verdict_json(progress, progress.verdict.each[k])},
                    {"agreement", agreement_json(progress.agreement[k])},
                    {"series", series_json(progress, k)}});
  }
  return json;
}

}  // namespace

Json progress_json(const trial::Progress& progress) {
  const double level = experiment::comparison_level(progress.experiment.plan.design);
  Json arms, systems;
  std::int64_t closed = 0, target = 0;
  for (std::size_t i = 0; i < progress.arms.size(); ++i) {
    const char* const name = event::name(static_cast<event::System>(i));
    arms[name] = arm_json(progress.arms[i], level);
    systems[name] = system_json(progress.systems[i]);
    closed += progress.arms[i].closed;
    target += progress.arms[i].target;
  }
  const auto& winner = progress.verdict.winner;
  Json experiment = experiment_json(progress.experiment);
  std::string tag = entity_tag(dump(experiment));
  return {
      {"experiment", std::move(experiment)},
      {"etag", std::move(tag)},
      {"collected", {{"closed", closed}, {"target", target}}},
      {"arms", std::move(arms)},
      {"distribution", distribution_json(progress)},
      {"systems", std::move(systems)},
      {"agreement", agreement_json(progress.agreement.front())},
      {"candidates", candidates_json(progress)},
      {"winner", winner ? Json(event::name(event::candidate(*winner))) : Json()},
      {"leading", event::name(event::candidate(experiment::leader(progress.verdict)))},
      {"sessions",
       {{"open", progress.sessions_open},
        {"total", progress.sessions},
        {"timed_out", progress.unreported}}},
      {"sample_ratio", sample_ratio_json(progress)},
      {"counters", counters_json(progress)},
      {"verdict", verdict_json(progress, progress.leading())},
      {"checks", checks_json(progress)},
      {"looks", looks_json(progress)},
      {"forecast",
       progress.forecast ? forecast_json(progress.experiment.plan, *progress.forecast) : Json()},
      {"customers_per_day",
       progress.customers_per_day ? Json(*progress.customers_per_day) : Json()},
      {"series", series_json(progress, 0)}};
}

}  // namespace http
