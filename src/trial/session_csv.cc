// SPDX-License-Identifier: Apache-2.0
#include "trial/session_csv.h"

#include "base/money.h"
#include "base/number.h"
#include "event/message.h"

namespace trial {
namespace {

using event::System;

constexpr std::size_t kFirstFurther = 2;  // Base and the candidate have columns of their own.

// What would have been executed had the customer been in that system's arm.
char effective(const SystemWord& word, bool fallback_show) {
  if (word.word == Word::kNone || word.late) return fallback_show ? '1' : '0';
  return word.word == Word::kShow ? '1' : '0';
}

std::string_view heard(const SystemWord& word) {
  if (word.word == Word::kNone) return "never";
  return word.late ? "late" : "in_time";
}

// Quoted where the format asks for it (RFC 4180).
void append_text(std::string_view text, std::string& out) {
  if (text.find_first_of(",\"") == text.npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) out.append(c == '"' ? 2 : 1, c);
  out += '"';
}

void append_latency(const SystemWord& word, std::string& out) {
  if (word.word != Word::kNone)
    out += base::format_double(static_cast<double>(word.latency.count()) / 1000);
}

}  // namespace

std::string session_csv_header(const Plan& plan) {
  std::string header =
      "session,customer,counted,arm,opened_us,base_value,candidate_value,base_heard,"
      "candidate_heard,base_ms,candidate_ms,shown,reason,closing,revenue,accepted";
  for (std::size_t i = kFirstFurther; i < systems_of(plan); ++i) {
    const std::string name = event::name(static_cast<System>(i));
    header += "," + name + "_value," + name + "_heard," + name + "_ms";
  }
  if (plan.design.covariate) header += ",before";
  header += ",segment";
  return header + "\n";
}

std::optional<SessionRow> against_base(const SessionRow& row, event::System candidate) {
  if (row.arm != System::kBase && row.arm != candidate) return std::nullopt;
  SessionRow pair = row;
  if (row.arm == candidate) pair.arm = System::kCandidate;
  pair.words = {row.of(System::kBase), row.of(candidate)};
  return pair;
}

void append_session_csv(const SessionRow& row, const Plan& plan, std::string& out) {
  const bool fallback_show = plan.fallback_show;
  const SystemWord& base_word = row.of(System::kBase);
  const SystemWord& candidate_word = row.of(System::kCandidate);
  out += std::to_string(row.session.value());
  out += ',';
  out += std::to_string(row.customer.value());
  out += row.counted ? ",1," : ",0,";
  out += event::name(row.arm);
  out += ',';
  out += std::to_string(row.opened_at.micros());
  out += ',';
  out += effective(base_word, fallback_show);
  out += ',';
  out += effective(candidate_word, fallback_show);
  out += ',';
  out += heard(base_word);
  out += ',';
  out += heard(candidate_word);
  out += ',';
  append_latency(base_word, out);
  out += ',';
  append_latency(candidate_word, out);
  out += ',';
  if (row.executed != Word::kNone) out += row.executed == Word::kShow ? '1' : '0';
  out += ',';
  if (row.executed != Word::kNone)
    out += row.reason == event::DecisionReason::kTimeout ? "timeout" : "decision";
  out += ',';
  out += name(row.closing);
  out += ',';
  out += base::format_cents(row.revenue);
  out += row.accepted ? ",1" : ",0";
  for (std::size_t i = kFirstFurther; i < systems_of(plan); ++i) {
    out += ',';
    out += effective(row.words[i], fallback_show);
    out += ',';
    out += heard(row.words[i]);
    out += ',';
    append_latency(row.words[i], out);
  }
  if (plan.design.covariate) {
    out += ',';
    if (row.before) out += base::format_cents(*row.before);
  }
  out += ',';
  append_text(row.segment.text(), out);
  out += '\n';
}

}  // namespace trial
