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

// What came with the second format.
bool has_later_fields(const Plan& plan) {
  const experiment::PlannedDesign& design = plan.design;
  return design.disagreement || design.looks != 1 || design.harm_alpha != 0 || design.dry_run ||
         plan.cap;
}

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
void each_field(Archive& archive, P& plan) {
  const bool first_format = !has_later_fields(plan);
  std::int64_t format = first_format ? 1 : 2;
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

}  // namespace

base::Result<void> validate(const Plan& plan) {
  TRY(check_text("name", plan.name, kLongestName, true));
  TRY(check_text("hypothesis", plan.hypothesis, kLongestText, false));
  TRY(check_text("base.id", plan.base.id, kLongestName, true));
  TRY(check_text("base.model_digest", plan.base.model_digest, kLongestName, false));
  TRY(check_text("candidate.id", plan.candidate.id, kLongestName, true));
  TRY(check_text("candidate.model_digest", plan.candidate.model_digest, kLongestName, false));
  TRY(check_text("salt", plan.salt, kLongestName, false));
  if (plan.base.id == plan.candidate.id) {
    return base::input_error("base and candidate are both '" + plan.base.id +
                             "': they need two different ids");
  }
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
