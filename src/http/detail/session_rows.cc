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

}  // namespace

Json session_json(const trial::SessionRow& row) {
  const bool executed = row.executed != trial::Word::kNone;
  Json json = {{"session", row.session.value()},
               {"uuid", row.customer.value()},
               {"arm", event::name(row.arm)},
               {"counted", row.counted},
               {"opened_at", utc(row.opened_at)},
               {"base", system_json(row.of(event::System::kBase))},
               {"candidate", system_json(row.of(event::System::kCandidate))},
               {"executed", word_json(row.executed)},
               {"reason", executed ? Json(event::name(row.reason)) : Json()},
               {"executed_at", executed ? utc(row.executed_at) : ""},
               {"closing", trial::name(row.closing)},
               {"closed_at", row.closing == trial::Closing::kOpen ? "" : utc(row.closed_at)},
               {"revenue", base::format_cents(row.revenue)},
               {"accepted", row.accepted}};
  for (std::size_t i = 2; i < row.words.size(); ++i) {
    if (row.words[i].word != trial::Word::kNone || row.arm == static_cast<event::System>(i))
      json[event::name(static_cast<event::System>(i))] = system_json(row.words[i]);
  }
  if (row.before) json["before"] = base::format_cents(*row.before);
  if (!row.segment.none()) json["segment"] = row.segment.text();
  return json;
}

}  // namespace http
