// SPDX-License-Identifier: Apache-2.0
#include "trial/verdict_text.h"

#include <array>
#include <optional>
#include <type_traits>
#include <utility>

#include "trial/detail/key_value.h"

namespace trial {
namespace {

using experiment::EffectStanding;
using experiment::VerdictWord;

constexpr std::array<std::string_view, 8> kWords{
    "no_verdict", "collecting",           "better_by_effect", "better",
    "worse",      "not_better_by_effect", "inconclusive",     "dry_run_complete"};
constexpr std::array<std::string_view, 3> kMethods{"everybody", "disagreement", "covariate"};
constexpr std::array<std::string_view, 4> kGuardrailStandings{"none", "holds", "open", "broken"};
constexpr std::array<std::string_view, 4> kStandings{"none", "reached", "open", "excluded"};

constexpr std::int64_t kMostAlarms = 100;  // A damaged text must not make the reader loop.

template <class Archive, class T>
void number(Archive& archive, const std::string& key, T& value) {
  std::int64_t wide = static_cast<std::int64_t>(value);
  archive.field(key, wide);
  if constexpr (!std::is_const_v<T>) value = static_cast<std::remove_const_t<T>>(wide);
}

// A closed vocabulary by its names; an unknown name reads as the first.
template <class Archive, class T, std::size_t N>
void named(Archive& archive, const std::string& key, T& value,
           const std::array<std::string_view, N>& names) {
  std::string text(names[static_cast<std::size_t>(value)]);
  archive.field(key, text);
  if constexpr (!std::is_const_v<T>) {
    for (std::size_t i = 0; i < N; ++i) {
      if (names[i] == text) value = static_cast<T>(i);
    }
  }
}

// Whether the optional holds something travels as its own field; then come its fields.
template <class Archive, class Optional, class Fields>
void maybe(Archive& archive, const std::string& key, Optional& value, Fields fields) {
  bool there = value.has_value();
  archive.field(key + ".there", there);
  if (!there) return;
  if constexpr (!std::is_const_v<Optional>) value.emplace();
  fields(*value);
}

template <class Archive, class S>
void sample(Archive& archive, const std::string& key, S& summary) {
  number(archive, key + ".n", summary.n);
  archive.field(key + ".mean", summary.mean);
  archive.field(key + ".variance", summary.variance);
  archive.field(key + ".deviation", summary.deviation);
  archive.field(key + ".skew", summary.skew);
  archive.field(key + ".adjusted_skew", summary.adjusted_skew);
  archive.field(key + ".kurtosis", summary.kurtosis);
}

template <class Archive, class I>
void interval(Archive& archive, const std::string& key, I& value) {
  archive.field(key + ".low", value.low);
  archive.field(key + ".high", value.high);
}

template <class Archive, class D>
void design(Archive& archive, D& value) {
  archive.field("design.alpha", value.alpha);
  archive.field("design.power", value.power);
  archive.field("design.effect_per_customer", value.effect_per_customer);
  archive.field("design.margin", value.margin);
  archive.field("design.deviation", value.deviation);
  archive.field("design.candidate_deviation", value.candidate_deviation);
  archive.field("design.ratio", value.ratio);
  number(archive, "design.sides", value.sides);
}

template <class Archive, class F>
void figures(Archive& archive, F& value) {
  archive.field("difference", value.welch.difference);
  archive.field("standard_error", value.welch.standard_error);
  archive.field("dof", value.welch.dof);
  archive.field("level", value.level);
  archive.field("lower", value.lower);
  archive.field("upper", value.upper);
  interval(archive, "interval", value.interval);
  archive.field("p_margin", value.p_margin);
  archive.field("p_effect", value.p_effect);
  archive.field("p_below_effect", value.p_below_effect);
  maybe(archive, "lift", value.lift, [&](auto& lift) {
    archive.field("lift.value", lift.lift);
    archive.field("lift.standard_error", lift.standard_error);
    interval(archive, "lift.delta", lift.delta);
    maybe(archive, "lift.fieller", lift.fieller,
          [&](auto& fieller) { interval(archive, "lift.fieller", fieller); });
  });
}

template <class Archive, class A>
void both_arms(Archive& archive, const std::string& key, A& arms) {
  sample(archive, key + ".base", arms.base);
  sample(archive, key + ".candidate", arms.candidate);
}

template <class Archive, class V>
void later_fields(Archive& archive, V& verdict) {
  named(archive, "method", verdict.method, kMethods);
  number(archive, "looks", verdict.looks);
  archive.field("harmed", verdict.harmed);
  maybe(archive, "look", verdict.look, [&](auto& look) {
    number(archive, "look.number", look.number);
    archive.field("look.information", look.information);
    archive.field("look.z", look.z);
    archive.field("look.level", look.level);
  });
  maybe(archive, "rows", verdict.rows, [&](auto& rows) {
    both_arms(archive, "rows.agree", rows.agree);
    both_arms(archive, "rows.add", rows.add);
    both_arms(archive, "rows.remove", rows.remove);
    both_arms(archive, "rows.disagree", rows.disagree);
    both_arms(archive, "rows.everybody", rows.everybody);
  });
  if (verdict.figures) {
    named(archive, "figures.method", verdict.figures->method, kMethods);
    archive.field("figures.why_everybody", verdict.figures->why_everybody);
  }
}

// Of several candidates, or adjusted by what was spent before.
template <class Archive, class V>
void latest_fields(Archive& archive, V& verdict) {
  number(archive, "candidates", verdict.candidates);
  if (!verdict.figures) return;
  archive.field("figures.explained", verdict.figures->explained);
  archive.field("figures.why_not_pooled", verdict.figures->why_not_pooled);
  maybe(archive, "figures.pooled", verdict.figures->pooled, [&](auto& pooled) {
    number(archive, "figures.pooled.customers", pooled.customers);
    number(archive, "figures.pooled.disagreeing", pooled.disagreeing);
  });
}

template <class Archive, class F>
void secondary_fields(Archive& archive, const std::string& key, F& value) {
  archive.field(key + ".base", value.base);
  archive.field(key + ".candidate", value.candidate);
  maybe(archive, key + ".change", value.change, [&](auto& change) {
    archive.field(key + ".difference", change.difference);
    archive.field(key + ".lower", change.lower);
    archive.field(key + ".upper", change.upper);
  });
  archive.field(key + ".by_disagreement", value.by_disagreement);
  archive.field(key + ".worst", value.worst);
  named(archive, key + ".standing", value.standing, kGuardrailStandings);
}

// The metrics beside revenue, all or none.
template <class Archive, class V>
void secondary_metrics(Archive& archive, V& verdict) {
  if (!verdict.figures) return;
  auto& secondary = verdict.figures->secondary;
  bool there = !secondary.empty();
  archive.field("figures.secondary", there);
  if (!there) return;
  if constexpr (!std::is_const_v<V>) {
    for (const experiment::SecondaryMetric metric : experiment::kSecondaryMetrics)
      secondary.push_back({.metric = metric});
  }
  for (auto& one : secondary)
    secondary_fields(archive, "secondary." + std::string(experiment::name(one.metric)), one);
}

template <class V>
std::int64_t format_of(const V& verdict) {
  if (verdict.figures && !verdict.figures->secondary.empty()) return 4;
  const bool latest = verdict.candidates > 1 || verdict.method == experiment::Method::kCovariate;
  return latest ? 3 : 2;  // The first format knew one look and one method.
}

template <class Archive, class V>
void each_field(Archive& archive, V& verdict) {
  std::int64_t format = format_of(verdict);
  archive.field("format", format);
  named(archive, "word", verdict.word, kWords);
  named(archive, "standing", verdict.standing, kStandings);
  design(archive, verdict.design);
  number(archive, "planned.base", verdict.planned.base);
  number(archive, "planned.candidate", verdict.planned.candidate);
  number(archive, "collected.base", verdict.collected.base);
  number(archive, "collected.candidate", verdict.collected.candidate);
  archive.field("planned_power", verdict.planned_power);
  sample(archive, "base", verdict.base);
  sample(archive, "candidate", verdict.candidate);
  archive.field("srm.chi_squared", verdict.sample_ratio.chi_squared);
  number(archive, "srm.dof", verdict.sample_ratio.dof);
  archive.field("srm.p", verdict.sample_ratio.p);
  archive.field("srm.alarm", verdict.sample_ratio.alarm);
  archive.field("sequential_srm.log_e", verdict.sequential_sample_ratio.log_e);
  archive.field("sequential_srm.p", verdict.sequential_sample_ratio.p);
  archive.field("sequential_srm.alarm", verdict.sequential_sample_ratio.alarm);
  std::int64_t alarms = static_cast<std::int64_t>(verdict.alarms.size());
  archive.field("alarms", alarms);
  for (std::int64_t i = 0; i < alarms && i < kMostAlarms; ++i) {
    const std::string key = "alarm." + std::to_string(i);
    if constexpr (!std::is_const_v<V>) verdict.alarms.emplace_back();
    archive.field(key + ".code", verdict.alarms[static_cast<std::size_t>(i)].code);
    archive.field(key + ".message", verdict.alarms[static_cast<std::size_t>(i)].message);
  }
  maybe(archive, "figures", verdict.figures, [&](auto& value) { figures(archive, value); });
  archive.field("customers_to_settle", verdict.customers_to_settle);
  if (format >= 2) later_fields(archive, verdict);
  if (format >= 3) latest_fields(archive, verdict);
  if (format >= 4) secondary_metrics(archive, verdict);
}

// Before each candidate's lines, of several.
constexpr std::string_view kNext = "-- candidate --\n";

base::Result<experiment::Verdict> parse_one(std::string_view text) {
  detail::KeyValueReader reader(text);
  experiment::Verdict verdict;
  each_field(reader, verdict);
  TRY(reader.result());
  return verdict;
}

}  // namespace

std::string verdict_text(const experiment::CandidatesVerdict& verdict) {
  std::string text;
  if (verdict.each.size() > 1) {
    text = "winner = " + (verdict.winner ? std::to_string(*verdict.winner + 1) : "none") + "\n";
  }
  for (const experiment::Verdict& one : verdict.each) {
    detail::KeyValueWriter writer;
    each_field(writer, one);
    if (verdict.each.size() > 1) text += kNext;
    text += writer.text;
  }
  return text;
}

base::Result<experiment::CandidatesVerdict> parse_verdict(std::string_view text) {
  experiment::CandidatesVerdict verdict;
  std::size_t next = text.find(kNext);
  if (next == text.npos) {
    TRY_ASSIGN(experiment::Verdict one, parse_one(text));
    verdict.each.push_back(std::move(one));
    if (experiment::taken(verdict.each.front())) verdict.winner = 0;
    return verdict;
  }
  std::optional<std::int64_t> winner;
  detail::KeyValueReader head(text.substr(0, next));
  head.field("winner", winner);
  TRY(head.result());
  while (next != text.npos) {
    text.remove_prefix(next + kNext.size());
    next = text.find(kNext);
    TRY_ASSIGN(experiment::Verdict one, parse_one(text.substr(0, next)));
    verdict.each.push_back(std::move(one));
  }
  if (!winner) return verdict;
  if (*winner < 1 || *winner > static_cast<std::int64_t>(verdict.each.size()))
    return base::input_error("the verdict names candidate " + std::to_string(*winner) +
                             " as the winner of " + std::to_string(verdict.each.size()));
  verdict.winner = static_cast<std::size_t>(*winner - 1);
  return verdict;
}

}  // namespace trial
