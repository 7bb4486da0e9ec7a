// SPDX-License-Identifier: Apache-2.0
#include "trial/plan.h"

#include <algorithm>
#include <type_traits>

#include "trial/detail/key_value.h"
#include "trial/token.h"

namespace trial {
namespace {

constexpr std::size_t kLongestName = 200;  // Bytes.
constexpr std::size_t kLongestText = 10'000;
constexpr std::int64_t kLongestDeadlineMs = 3'600'000;
constexpr std::int64_t kLongestSessionMs = 7LL * 24 * 3'600'000;

// An enumeration or an amount, as the whole number it is.
template <class Archive, class Value, class Get, class Set>
void whole(Archive& archive, std::string_view key, Value& value, Get get, Set set) {
  std::int64_t number = get(value);
  archive.field(key, number);
  if constexpr (!std::is_const_v<Value>) set(value, number);
}

// What came with the second format, the third and the fourth.
bool has_later_fields(const Plan& plan) {
  const experiment::PlannedDesign& design = plan.design;
  return design.disagreement || design.looks != 1 || design.harm_alpha != 0 || design.dry_run ||
         plan.cap;
}
bool has_latest_fields(const Plan& plan) {
  return !plan.further_candidates.empty() || plan.design.covariate;
}
bool has_guardrails(const Plan& plan) { return !plan.design.guardrails.empty(); }

template <class Archive, class P>
void later_fields(Archive& archive, P& plan) {
  bool by_disagreement = plan.design.disagreement.has_value();
  archive.field("disagreement", by_disagreement);
  if (by_disagreement) {
    if constexpr (!std::is_const_v<P>) plan.design.disagreement.emplace();
    archive.field("disagreement.share", plan.design.disagreement->share);
    archive.field("disagreement.deviation", plan.design.disagreement->deviation);
    archive.field("disagreement.candidate_deviation",
                  plan.design.disagreement->candidate_deviation);
  }
  whole(
      archive, "looks", plan.design.looks, [](auto n) { return static_cast<std::int64_t>(n); },
      [](auto& looks, std::int64_t n) { looks = static_cast<int>(n); });
  archive.field("harm_alpha", plan.design.harm_alpha);
  archive.field("dry_run", plan.design.dry_run);
  std::optional<std::int64_t> cap;
  if (plan.cap) cap = plan.cap->value();
  archive.field("cap_cents", cap);
  if constexpr (!std::is_const_v<P>) {
    if (cap) plan.cap = base::Cents(*cap);
  }
}

template <class Archive, class P>
void latest_fields(Archive& archive, P& plan) {
  std::int64_t candidates = static_cast<std::int64_t>(candidates_of(plan));
  archive.field("candidates", candidates);
  if constexpr (!std::is_const_v<P>) {
    constexpr std::int64_t kMost = experiment::kMostCandidates;  // Whatever a damaged text says.
    plan.further_candidates.resize(
        static_cast<std::size_t>(std::clamp<std::int64_t>(candidates, 1, kMost) - 1));
    plan.design.candidates = static_cast<int>(candidates_of(plan));
  }
  for (std::size_t k = 0; k < plan.further_candidates.size(); ++k) {
    const std::string key = event::name(event::candidate(1 + k));
    archive.field(key + ".id", plan.further_candidates[k].id);
    archive.field(key + ".model_digest", plan.further_candidates[k].model_digest);
  }
  archive.field("covariate", plan.design.covariate);
  archive.field("correlation", plan.design.correlation);
}

template <class Archive, class P>
void guardrail_fields(Archive& archive, P& plan) {
  auto& guardrails = plan.design.guardrails;
  std::int64_t count = static_cast<std::int64_t>(guardrails.size());
  archive.field("guardrails", count);
  if constexpr (!std::is_const_v<P>) {
    constexpr std::int64_t kMost = experiment::kSecondaryMetrics.size();
    guardrails.resize(static_cast<std::size_t>(std::clamp<std::int64_t>(count, 0, kMost)));
  }
  for (std::size_t i = 0; i < guardrails.size(); ++i) {
    const std::string key = "guardrail." + std::to_string(i + 1);
    std::string metric(experiment::name(guardrails[i].metric));
    archive.field(key + ".metric", metric);
    archive.field(key + ".worst", guardrails[i].worst);
    archive.field(key + ".deviation", guardrails[i].deviation);
    if constexpr (!std::is_const_v<P>) {
      guardrails[i].metric =
          experiment::secondary_metric(metric).value_or(experiment::SecondaryMetric::kBuyers);
    }
  }
}

template <class Archive, class P>
void each_field(Archive& archive, P& plan) {
  std::int64_t format = has_guardrails(plan)      ? 4
                        : has_latest_fields(plan) ? 3
                        : has_later_fields(plan)  ? 2
                                                  : 1;
  archive.field("format", format);
  archive.field("name", plan.name);
  archive.field("hypothesis", plan.hypothesis);
  archive.field("base.id", plan.base.id);
  archive.field("base.model_digest", plan.base.model_digest);
  archive.field("candidate.id", plan.candidate.id);
  archive.field("candidate.model_digest", plan.candidate.model_digest);
  auto& design = plan.design.design;
  archive.field("alpha", design.alpha);
  archive.field("power", design.power);
  archive.field("effect_per_customer", design.effect_per_customer);
  archive.field("margin", design.margin);
  archive.field("deviation", design.deviation);
  archive.field("candidate_deviation", design.candidate_deviation);
  archive.field("ratio", design.ratio);
  whole(
      archive, "sides", design.sides, [](auto s) { return static_cast<std::int64_t>(s); },
      [](auto& s, std::int64_t n) {
        s = n == 2 ? experiment::Sides::kTwo : experiment::Sides::kOne;
      });
  archive.field("customers", plan.design.customers);
  archive.field("skew", plan.design.skew);
  archive.field("customers_per_day", plan.design.customers_per_day);
  archive.field("longest_days", plan.design.longest_days);
  archive.field("sampling_share", plan.sampling_share);
  archive.field("decision_deadline_ms", plan.decision_deadline_ms);
  archive.field("fallback_show", plan.fallback_show);
  archive.field("session_timeout_ms", plan.session_timeout_ms);
  whole(
      archive, "revenue_cap_cents", plan.revenue_cap, [](auto c) { return c.value(); },
      [](auto& c, std::int64_t n) { c = base::Cents(n); });
  archive.field("salt", plan.salt);
  archive.field("environment", plan.environment);
  if (format >= 2) later_fields(archive, plan);
  if (format >= 3) latest_fields(archive, plan);
  if (format >= 4) guardrail_fields(archive, plan);
}

base::Result<void> check_text(std::string_view field, const std::string& text, std::size_t longest,
                              bool required) {
  if (required && text.empty())
    return base::input_error("'" + std::string(field) + "' is empty: it needs a text");
  if (text.size() > longest) {
    return base::input_error("'" + std::string(field) + "' is longer than " +
                             std::to_string(longest) + " bytes");
  }
  // 0x1F separates the parts of what the assignment hashes; NUL ends texts elsewhere.
  if (std::any_of(text.begin(), text.end(), [](char c) { return c == '\0' || c == '\x1f'; })) {
    return base::input_error("'" + std::string(field) +
                             "' holds a control character: use plain text");
  }
  return {};
}

base::Result<void> check_range(std::string_view field, std::int64_t value, std::int64_t low,
                               std::int64_t high) {
  if (value >= low && value <= high) return {};
  return base::input_error("'" + std::string(field) + "' is " + std::to_string(value) +
                           ": it lies between " + std::to_string(low) + " and " +
                           std::to_string(high));
}

// As many as the design counts, and no two of one name.
base::Result<void> check_systems(const Plan& plan) {
  if (plan.design.candidates != static_cast<int>(candidates_of(plan))) {
    return base::input_error("the design is for " + std::to_string(plan.design.candidates) +
                             " candidates and " + std::to_string(candidates_of(plan)) +
                             " are named");
  }
  for (std::size_t i = 0; i < systems_of(plan); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const auto first = static_cast<event::System>(j), second = static_cast<event::System>(i);
      if (system_of(plan, first).id != system_of(plan, second).id) continue;
      return base::input_error(std::string(event::name(first)) + " and " + event::name(second) +
                               " are both '" + system_of(plan, first).id +
                               "': they need two different ids");
    }
  }
  return {};
}

}  // namespace

const SystemId& system_of(const Plan& plan, event::System system) {
  if (system == event::System::kBase) return plan.base;
  if (system == event::System::kCandidate) return plan.candidate;
  return plan.further_candidates[static_cast<std::size_t>(system) - 2];
}

base::Result<void> validate(const Plan& plan) {
  if (systems_of(plan) > event::kMostSystems) {
    return base::input_error("at most " + std::to_string(event::kMostSystems - 1) +
                             " candidates can be compared, not " +
                             std::to_string(candidates_of(plan)));
  }
  TRY(check_text("name", plan.name, kLongestName, true));
  TRY(check_text("hypothesis", plan.hypothesis, kLongestText, false));
  TRY(check_text("base.id", plan.base.id, kLongestName, true));
  TRY(check_text("base.model_digest", plan.base.model_digest, kLongestName, false));
  for (std::size_t k = 0; k < std::min(candidates_of(plan), event::kMostSystems - 1); ++k) {
    const std::string key = event::name(event::candidate(k));
    const SystemId& candidate = system_of(plan, event::candidate(k));
    TRY(check_text(key + ".id", candidate.id, kLongestName, true));
    TRY(check_text(key + ".model_digest", candidate.model_digest, kLongestName, false));
  }
  TRY(check_text("salt", plan.salt, kLongestName, false));
  TRY(check_systems(plan));
  if (!(plan.sampling_share > 0 && plan.sampling_share <= 1)) {
    return base::input_error("'sampling_share' is " + base::format_double(plan.sampling_share) +
                             ": it lies above 0 and not above 1");
  }
  TRY(check_range("decision_deadline_ms", plan.decision_deadline_ms, 1, kLongestDeadlineMs));
  TRY(check_range("session_timeout_ms", plan.session_timeout_ms, plan.decision_deadline_ms,
                  kLongestSessionMs));
  TRY(check_range("revenue_cap_cents", plan.revenue_cap.value(), 1, event::kMaxRevenue.value()));
  if (plan.cap) TRY(check_range("cap_cents", plan.cap->value(), 1, plan.revenue_cap.value()));
  TRY(issue_token(plan.environment));
  return {};
}

std::string canonical_text(const Plan& plan) {
  detail::KeyValueWriter writer;
  each_field(writer, plan);
  return std::move(writer.text);
}

base::Result<Plan> parse_plan(std::string_view canonical) {
  detail::KeyValueReader reader(canonical);
  Plan plan;
  each_field(reader, plan);
  TRY(reader.result());
  return plan;
}

std::string plan_hash(const Plan& plan) { return sha256_hex(canonical_text(plan)); }

}  // namespace trial
