// SPDX-License-Identifier: Apache-2.0
#include "trial/detail/store_rows.h"

#include <algorithm>
#include <string>

#include "base/number.h"

namespace trial::detail {
namespace {

using event::DecisionReason;
using event::System;

constexpr std::string_view kColumns =
    "session, customer, arm, counted, opened_us, base_value, base_late, base_latency_us, "
    "candidate_value, candidate_late, "
    "candidate_latency_us, executed_value, reason, executed_us, closing, closed_us, revenue_cents, "
    "accepted, candidate, further_words, before_cents, segment";

Closing closing_of(std::string_view text) {
  return text == "revenue"   ? Closing::kRevenue
         : text == "timeout" ? Closing::kTimeout
                             : Closing::kOpen;
}

// Base, or the candidate of a number from 1, in two columns: a closed vocabulary and which.
System system_of(std::string_view side, std::int64_t number) {
  constexpr std::int64_t kMost = event::kMostSystems - 1;
  if (side != "candidate") return System::kBase;
  return event::candidate(static_cast<std::size_t>(std::clamp<std::int64_t>(number, 1, kMost) - 1));
}

// The words of the second candidate and on: "show 12345;hide late 67890;-", latencies in µs.
// Nothing where none has come.
constexpr std::size_t kFirstFurther = 2;

std::string further_words(const SessionRow& row) {
  std::string text;
  std::size_t last = kFirstFurther;
  for (std::size_t i = kFirstFurther; i < row.words.size(); ++i) {
    if (row.words[i].word != Word::kNone) last = i + 1;
  }
  for (std::size_t i = kFirstFurther; i < last; ++i) {
    const SystemWord& word = row.words[i];
    if (i > kFirstFurther) text += ';';
    if (word.word == Word::kNone) {
      text += '-';
      continue;
    }
    text += word.word == Word::kShow ? "show " : "hide ";
    if (word.late) text += "late ";
    text += std::to_string(word.latency.count());
  }
  return text;
}

void read_further_words(std::string_view text, SessionRow& row) {
  for (std::size_t i = kFirstFurther; i < row.words.size() && !text.empty(); ++i) {
    const std::string_view one = text.substr(0, text.find(';'));
    text.remove_prefix(std::min(text.size(), one.size() + 1));
    if (one == "-") continue;
    const std::size_t space = one.rfind(' ');
    const auto latency = base::parse_int(one.substr(space == one.npos ? 0 : space + 1));
    row.words[i] = {.word = one.starts_with("show") ? Word::kShow : Word::kHide,
                    .late = one.find(" late ") != one.npos,
                    .latency = base::Duration(latency ? *latency : 0)};
  }
}

void bind_word(sql::Statement& put, int column, Word word) {
  if (word == Word::kNone)
    put.bind_null(column);
  else
    put.bind(column, std::int64_t{word == Word::kShow});
}

Word word_of(const sql::Statement& row, int column) {
  if (row.is_null(column)) return Word::kNone;
  return row.integer(column) != 0 ? Word::kShow : Word::kHide;
}

// Binds columns `column` to `column` + 2.
void bind_system_word(sql::Statement& put, int column, const SystemWord& word) {
  bind_word(put, column, word.word);
  put.bind(column + 1, std::int64_t{word.late});
  if (word.word == Word::kNone)
    put.bind_null(column + 2);
  else
    put.bind(column + 2, std::int64_t{word.latency.count()});
}

SystemWord system_word(const sql::Statement& row, int column) {
  return {word_of(row, column), row.integer(column + 1) != 0,
          base::Duration(row.integer(column + 2))};
}

}  // namespace

std::string_view side_name(System system) { return system == System::kBase ? "base" : "candidate"; }

std::int64_t candidate_number(System system) {
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(system));
}

// What is fixed at the opening is never overwritten.
std::string put_session_sql() {
  return "INSERT INTO session (experiment, " + std::string(kColumns) +
         ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON "
         "CONFLICT (experiment, session) DO UPDATE SET "
         "base_value = excluded.base_value, base_late = excluded.base_late, base_latency_us = "
         "excluded.base_latency_us, "
         "candidate_value = excluded.candidate_value, candidate_late = excluded.candidate_late, "
         "candidate_latency_us = excluded.candidate_latency_us, executed_value = "
         "excluded.executed_value, "
         "reason = excluded.reason, executed_us = excluded.executed_us, closing = "
         "excluded.closing, "
         "closed_us = excluded.closed_us, revenue_cents = excluded.revenue_cents, accepted = "
         "excluded.accepted, further_words = excluded.further_words";
}

std::string select_sessions_sql(std::string_view where) {
  return "SELECT " + std::string(kColumns) + " FROM session WHERE " + std::string(where);
}

void bind_session(sql::Statement& put, ExperimentId id, const SessionRow& row,
                  std::string& memory) {
  memory = further_words(row);
  put.bind(0, id.value()).bind(1, row.session.value()).bind(2, row.customer.value());
  put.bind(3, side_name(row.arm))
      .bind(4, std::int64_t{row.counted})
      .bind(5, row.opened_at.micros());
  bind_system_word(put, 6, row.of(System::kBase));
  bind_system_word(put, 9, row.of(System::kCandidate));
  bind_word(put, 12, row.executed);
  if (row.executed == Word::kNone)
    put.bind_null(13).bind_null(14);
  else
    put.bind(13, std::string_view(event::name(row.reason))).bind(14, row.executed_at.micros());
  put.bind(15, name(row.closing));
  if (row.closing == Closing::kOpen)
    put.bind_null(16);
  else
    put.bind(16, row.closed_at.micros());
  put.bind(17, row.revenue.value()).bind(18, std::int64_t{row.accepted});
  put.bind(19, candidate_number(row.arm)).bind(20, memory);
  if (row.before)
    put.bind(21, row.before->value());
  else
    put.bind_null(21);
  put.bind(22, row.segment.text());
}

SessionRow read_session(const sql::Statement& row) {
  SessionRow session;
  session.session = event::SessionId(row.integer(0));
  session.customer = event::CustomerId(row.integer(1));
  session.arm = system_of(row.text(2), row.integer(18));
  session.counted = row.integer(3) != 0;
  session.opened_at = base::Timestamp(row.integer(4));
  session.of(System::kBase) = system_word(row, 5);
  session.of(System::kCandidate) = system_word(row, 8);
  session.executed = word_of(row, 11);
  session.reason = row.text(12) == "timeout" ? DecisionReason::kTimeout : DecisionReason::kDecision;
  session.executed_at = base::Timestamp(row.integer(13));
  session.closing = closing_of(row.text(14));
  session.closed_at = base::Timestamp(row.integer(15));
  session.revenue = base::Cents(row.integer(16));
  session.accepted = row.integer(17) != 0;
  read_further_words(row.text(19), session);
  if (!row.is_null(20)) session.before = base::Cents(row.integer(20));
  session.segment = event::Segment::make(row.text(21)).value_or(event::Segment());
  return session;
}

base::Result<ExperimentRow> read_experiment(const sql::Statement& row) {
  ExperimentRow experiment;
  experiment.id = ExperimentId(row.integer(0));
  const auto state = state_of(row.text(1));
  auto plan = parse_plan(row.text(2));
  if (!state || !plan) {
    return base::input_error(
        "experiment " + std::to_string(row.integer(0)) +
        " in the store is damaged: " + (plan ? "unknown state" : plan.error().message));
  }
  experiment.state = *state;
  experiment.plan = *std::move(plan);
  experiment.plan_hash = row.text(3);
  experiment.reason = row.text(4);
  experiment.created_at = base::Timestamp(row.integer(5));
  experiment.started_at = base::Timestamp(row.integer(6));
  experiment.ended_at = base::Timestamp(row.integer(7));
  experiment.validated_at = base::Timestamp(row.integer(8));
  experiment.paused_at = base::Timestamp(row.integer(9));
  experiment.harmed_at = base::Timestamp(row.integer(10));
  experiment.sampling_share = row.is_null(11) ? experiment.plan.sampling_share : row.real(11);
  TRY_ASSIGN(experiment.slots, experiment::Slots::parse(row.text(12)));
  const auto candidate = static_cast<std::size_t>(row.integer(13));
  if (candidate < 1 || candidate > candidates_of(experiment.plan)) {
    return base::input_error("experiment " + std::to_string(experiment.id.value()) +
                             " in the store was stopped for the harm of a candidate it lacks");
  }
  experiment.harmed_candidate = candidate - 1;
  // A validated experiment is stored as a draft, a paused one as running, each with since when.
  if (*state == State::kDraft && row.integer(8) != 0) experiment.state = State::kValidated;
  if (*state == State::kRunning && row.integer(9) != 0) experiment.state = State::kPaused;
  return experiment;
}

base::Result<UserRow> read_user(const sql::Statement& row) {
  UserRow user;
  user.id = row.text(0);
  user.name = row.text(1);
  const auto role = role_of(row.text(2));
  const auto digest = row.blob(3);
  if (!role || digest.size() != user.digest.size())
    return base::input_error("user " + user.name + " in the store is damaged");
  user.role = *role;
  std::copy(digest.begin(), digest.end(), user.digest.begin());
  user.created_at = base::Timestamp(row.integer(4));
  user.created_by = row.text(5);
  user.revoked_at = base::Timestamp(row.integer(6));
  user.revoked_by = row.text(7);
  return user;
}

base::Result<TokenRow> read_token(const sql::Statement& row) {
  TokenRow token;
  token.id = row.text(0);
  token.experiment = ExperimentId(row.integer(1));
  token.system = system_of(row.text(2), row.integer(6));
  const auto digest = row.blob(3);
  if (digest.size() != token.digest.size())
    return base::input_error("token " + token.id + " in the store is damaged");
  std::copy(digest.begin(), digest.end(), token.digest.begin());
  token.issued_at = base::Timestamp(row.integer(4));
  token.revoked_at = base::Timestamp(row.integer(5));
  return token;
}

}  // namespace trial::detail
