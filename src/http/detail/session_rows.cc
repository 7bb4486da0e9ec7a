// SPDX-License-Identifier: Apache-2.0
#include "http/detail/session_rows.h"

#include "base/number.h"

namespace http {
namespace {

Json word_json(trial::Word word) {
  if (word == trial::Word::kNone) return nullptr;
  return word == trial::Word::kShow ? 1 : 0;
}

double milliseconds(base::Duration duration) {
  return static_cast<double>(duration.count()) / 1000;
}

Json system_json(const trial::SystemWord& word) {
  if (word.word == trial::Word::kNone)
    return {{"value", nullptr}, {"late", false}, {"latency_ms", nullptr}};
  return {{"value", word_json(word.word)},
          {"late", word.late},
          {"latency_ms", milliseconds(word.latency)}};
}

const char* closing(const trial::SessionRow& row) {
  switch (row.closing) {
    case trial::Closing::kOpen:
      return "open";
    case trial::Closing::kRevenue:
      return "revenue";
    case trial::Closing::kTimeout:
      return "timeout";
  }
  return "";
}

std::string word_csv(trial::Word word) {
  if (word == trial::Word::kNone) return "";
  return word == trial::Word::kShow ? "1" : "0";
}

std::string system_csv(const trial::SystemWord& word) {
  if (word.word == trial::Word::kNone) return ",0,";
  return word_csv(word.word) + (word.late ? ",1," : ",0,") +
         base::format_double(milliseconds(word.latency));
}

}  // namespace

Json session_json(const trial::SessionRow& row) {
  const bool executed = row.executed != trial::Word::kNone;
  return {{"session", row.session.value()},
          {"uuid", row.customer.value()},
          {"arm", event::name(row.arm)},
          {"counted", row.counted},
          {"opened_at", utc(row.opened_at)},
          {"base", system_json(row.of(event::System::kBase))},
          {"candidate", system_json(row.of(event::System::kCandidate))},
          {"executed", word_json(row.executed)},
          {"reason", executed ? Json(event::name(row.reason)) : Json()},
          {"executed_at", executed ? utc(row.executed_at) : ""},
          {"closing", closing(row)},
          {"closed_at", row.closing == trial::Closing::kOpen ? "" : utc(row.closed_at)},
          {"revenue", base::format_cents(row.revenue)},
          {"accepted", row.accepted}};
}

std::string session_csv_header() {
  return "session,uuid,arm,opened_at,base,base_late,base_latency_ms,candidate,candidate_late,"
         "candidate_latency_ms,executed,reason,executed_at,closing,closed_at,revenue,accepted\n";
}

// No value holds a comma, a quote or anything that a spreadsheet would run.
std::string session_csv(const trial::SessionRow& row) {
  const bool executed = row.executed != trial::Word::kNone;
  const bool closed = row.closing != trial::Closing::kOpen;
  std::string line = std::to_string(row.session.value()) + ',';
  line += std::to_string(row.customer.value()) + ',';
  line += std::string(event::name(row.arm)) + ',' + utc(row.opened_at) + ',';
  line += system_csv(row.of(event::System::kBase)) + ',';
  line += system_csv(row.of(event::System::kCandidate)) + ',';
  line += word_csv(row.executed) + ',';
  line += (executed ? std::string(event::name(row.reason)) : "") + ',';
  line += (executed ? utc(row.executed_at) : "") + ',';
  line += std::string(closing(row)) + ',' + (closed ? utc(row.closed_at) : "") + ',';
  line += base::format_cents(row.revenue) + (row.accepted ? ",1\n" : ",0\n");
  return line;
}

}  // namespace http
