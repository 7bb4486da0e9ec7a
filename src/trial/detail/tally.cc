// SPDX-License-Identifier: Apache-2.0
#include "trial/detail/tally.h"

namespace trial::detail {
namespace {

std::size_t index(event::System system) { return static_cast<std::size_t>(system); }

}  // namespace

void Tally::opened(const SessionRow& row) {
  ++sessions;
  if (row.counted) ++arms[index(row.arm)].enrolled;
}

void Tally::decided(const SessionRow& row, event::System system) {
  if (!row.counted) return;
  SystemTally& tally = systems[index(system)];
  const SystemWord& word = row.of(system);
  tally.latency.add(word.latency);
  if (word.late)
    ++tally.late;
  else
    ++tally.decisions;
  if (!word.late && word.word == Word::kShow) ++tally.shown;
}

void Tally::executed(const SessionRow& row) {
  if (row.counted && row.reason == event::DecisionReason::kTimeout)
    ++systems[index(row.arm)].timeouts;
}

// What would have been executed had the customer been in that system's arm.
bool Tally::would_show(const SystemWord& word) const {
  return word.word == Word::kNone || word.late ? fallback_show_ : word.word == Word::kShow;
}

void Tally::closed(const SessionRow& row) {
  if (!row.counted) return;
  ArmTally& arm = arms[index(row.arm)];
  ++arm.closed;
  arm.total += row.revenue;
  if (counting(row.revenue) != row.revenue) ++arm.capped;
  if (row.accepted) ++arm.accepted;
  if (row.executed == Word::kShow) ++arm.shown;
  if (row.closing == Closing::kTimeout) ++arm.unreported;
  compare_words(row, 1);
}

void Tally::heard_after_close(const SessionRow& before, const SessionRow& after,
                              event::System system) {
  decided(after, system);
  if (!after.counted) return;
  compare_words(before, -1);
  compare_words(after, 1);
}

base::Cents Tally::counting(base::Cents amount) const {
  return cap_ && amount > *cap_ ? *cap_ : amount;
}

// What both systems would have done with a closed session.
void Tally::compare_words(const SessionRow& row, std::int64_t by) {
  for (std::size_t i = 0; i < systems.size(); ++i) {
    if (row.words[i].word == Word::kNone) systems[i].missing += by;
  }
  const bool base = would_show(row.of(event::System::kBase));
  const bool candidate = would_show(row.of(event::System::kCandidate));
  if (base == candidate)
    agreement.agree += by;
  else if (candidate)
    agreement.add += by;
  else
    agreement.remove += by;
  const experiment::Arm arm =
      row.arm == event::System::kBase ? experiment::Arm::kBase : experiment::Arm::kCandidate;
  if (by > 0)
    revenue.add(arm, base, candidate, counting(row.revenue));
  else
    revenue.remove(arm, base, candidate, counting(row.revenue));
}

void Tally::replay(const SessionRow& row) {
  opened(row);
  for (const event::System system : {event::System::kBase, event::System::kCandidate}) {
    if (row.of(system).word != Word::kNone) decided(row, system);
  }
  if (row.executed != Word::kNone) executed(row);
  if (row.closing != Closing::kOpen) closed(row);
}

std::string Tally::difference(const Tally& other) const {
  for (std::size_t i = 0; i < arms.size(); ++i) {
    const std::string arm = event::name(static_cast<event::System>(i));
    if (arms[i].enrolled != other.arms[i].enrolled) return arm + " customers enrolled";
    if (arms[i].closed != other.arms[i].closed) return arm + " customers closed";
    if (!(arms[i] == other.arms[i])) return arm + " arm's shown, accepted, unreported or total";
    if (!(systems[i] == other.systems[i])) return arm + " system's decisions or latencies";
  }
  if (!(agreement == other.agreement)) return "agreement";
  if (sessions != other.sessions) return "sessions";
  if (!(revenue == other.revenue)) return "revenue by arm and decision";
  return {};
}

}  // namespace trial::detail
