// SPDX-License-Identifier: Apache-2.0
#include "event/read.h"

#include <array>

#include "event/detail/scanner.h"

namespace event {
namespace {

using detail::Scanner;
using detail::Value;

// Reads the named members of one object; everything else is passed over.
template <std::size_t N>
Outcome members(Scanner& scan, const std::array<std::string_view, N>& names,
                std::array<Value, N>& values, Oddities& oddities) {
  oddities = {};
  if (!scan.begin_object()) return scan.outcome();
  std::string_view key;
  while (scan.next_key(key)) {
    Value value;
    if (!scan.value(value)) return scan.outcome();
    if ((value.kind == Value::Kind::kObject || value.kind == Value::Kind::kArray) &&
        !scan.skip(value)) {
      return scan.outcome();
    }
    std::size_t field = 0;
    while (field < N && names[field] != key) ++field;
    if (field == N) {
      ++oddities.unknown;
      continue;
    }
    if (values[field].kind != Value::Kind::kAbsent && !same(values[field], value))
      ++oddities.conflicts;
    values[field] = value;
  }
  scan.finish();
  return scan.outcome();
}

Outcome to_customer(const Value& value, CustomerId& out) {
  std::int64_t id = 0;
  const Outcome outcome = to_whole(value, id);
  out = CustomerId(id);
  return outcome;
}

Outcome to_session(const Value& value, SessionId& out) {
  std::int64_t id = 0;
  const Outcome outcome = to_whole(value, id);
  out = SessionId(id);
  return outcome;
}

Outcome to_text(const Value& value, std::string_view& out) {
  if (value.kind == Value::Kind::kAbsent || value.kind == Value::Kind::kNull)
    return Outcome::kMissingField;
  if (value.kind != Value::Kind::kText) return Outcome::kWrongType;
  out = value.text;
  return Outcome::kOk;
}

Outcome to_cents(const Value& value, base::Cents& out) {
  std::int64_t cents = 0;
  if (value.kind != Value::Kind::kNumber)
    return to_whole(value, cents);  // Says what is wrong with it.
  switch (detail::scaled(detail::decimal(value.text), 2, cents)) {
    case detail::Fit::kExact:
      break;
    case detail::Fit::kFraction:
      return Outcome::kNotCents;
    case detail::Fit::kTooLarge:
      return Outcome::kOutOfRange;
  }
  if (cents < 0 || base::Cents(cents) > kMaxRevenue) return Outcome::kOutOfRange;
  out = base::Cents(cents);
  return Outcome::kOk;
}

// The value of the vocabulary whose name(…) is the text.
template <class Word, std::size_t N>
Outcome to_word(const Value& value, const std::array<Word, N>& vocabulary, Word& out) {
  std::string_view text;
  const Outcome outcome = to_text(value, text);
  if (outcome != Outcome::kOk) return outcome;
  for (const Word word : vocabulary) {
    if (text == name(word)) return out = word, Outcome::kOk;
  }
  return Outcome::kUnknownWord;
}

// The first that is not kOk.
template <class... Steps>
Outcome first_fault(Steps&&... steps) {
  Outcome outcome = Outcome::kOk;
  static_cast<void>(((outcome = steps(), outcome == Outcome::kOk) && ...));
  return outcome;
}

}  // namespace

Outcome Reader::session(std::string_view message, Session& out) {
  constexpr std::array<std::string_view, 4> kNames = {"uuid", "session", "before", "segment"};
  Scanner scan(message, scratch_);
  std::array<Value, 4> values;
  Session read;
  const auto before = [&] {
    if (values[2].kind == Value::Kind::kAbsent || values[2].kind == Value::Kind::kNull)
      return Outcome::kOk;
    return to_cents(values[2], read.before.emplace());
  };
  const auto segment = [&] {
    if (values[3].kind == Value::Kind::kAbsent || values[3].kind == Value::Kind::kNull)
      return Outcome::kOk;
    std::string_view text;
    const Outcome outcome = to_text(values[3], text);
    if (outcome != Outcome::kOk) return outcome;
    const auto made = Segment::make(text);
    if (made) read.segment = *made;
    return made ? Outcome::kOk : Outcome::kOutOfRange;
  };
  const Outcome outcome =
      first_fault([&] { return members(scan, kNames, values, oddities_); },
                  [&] { return to_customer(values[0], read.customer); },
                  [&] { return to_session(values[1], read.session); }, before, segment);
  if (outcome == Outcome::kOk) out = read;
  return outcome;
}

Outcome Reader::demographics(std::string_view message, Demographics& out) {
  constexpr std::array<std::string_view, 4> kNames = {"uuid", "age", "man", "woman"};
  Scanner scan(message, scratch_);
  std::array<Value, 4> values;
  Demographics read;
  const auto age = [&] {
    std::int64_t years = 0;
    const Outcome outcome = to_whole(values[1], years);
    if (outcome != Outcome::kOk) return outcome;
    if (years < 0 || years > kMaxAge) return Outcome::kOutOfRange;
    read.age = static_cast<std::int32_t>(years);
    return Outcome::kOk;
  };
  const Outcome outcome = first_fault([&] { return members(scan, kNames, values, oddities_); },
                                      [&] { return to_customer(values[0], read.customer); }, age,
                                      [&] { return to_flag(values[2], read.man); },
                                      [&] { return to_flag(values[3], read.woman); });
  if (outcome == Outcome::kOk) out = read;
  return outcome;
}

Outcome Reader::prediction(std::string_view message, Prediction& out) {
  constexpr std::array<std::string_view, 3> kNames = {"uuid", "value", "token"};
  Scanner scan(message, scratch_);
  std::array<Value, 3> values;
  Prediction read;
  const auto token = [&] {
    const Outcome outcome = to_text(values[2], read.token);
    if (outcome != Outcome::kOk) return outcome;
    return read.token.empty() || read.token.size() > kMaxTokenLength ? Outcome::kOutOfRange
                                                                     : Outcome::kOk;
  };
  const Outcome outcome = first_fault([&] { return members(scan, kNames, values, oddities_); },
                                      [&] { return to_customer(values[0], read.customer); },
                                      [&] { return to_flag(values[1], read.show); }, token);
  if (outcome == Outcome::kOk) out = read;
  return outcome;
}

Outcome Reader::decision(std::string_view message, Decision& out) {
  constexpr std::array<std::string_view, 5> kNames = {"uuid", "session", "value", "system",
                                                      "reason"};
  constexpr std::array kSystems = {System::kBase, candidate(0), candidate(1),
                                   candidate(2),  candidate(3), candidate(4),
                                   candidate(5),  candidate(6), System::kNone};
  constexpr std::array kReasons = {DecisionReason::kDecision, DecisionReason::kTimeout,
                                   DecisionReason::kUnsampled};
  Scanner scan(message, scratch_);
  std::array<Value, 5> values;
  Decision read;
  const Outcome outcome = first_fault([&] { return members(scan, kNames, values, oddities_); },
                                      [&] { return to_customer(values[0], read.customer); },
                                      [&] { return to_session(values[1], read.session); },
                                      [&] { return to_flag(values[2], read.show); },
                                      [&] { return to_word(values[3], kSystems, read.system); },
                                      [&] { return to_word(values[4], kReasons, read.reason); });
  if (outcome == Outcome::kOk) out = read;
  return outcome;
}

Outcome Reader::revenue(std::string_view message, Revenue& out) {
  constexpr std::array<std::string_view, 4> kNames = {"uuid", "session", "revenue", "accepted"};
  Scanner scan(message, scratch_);
  std::array<Value, 4> values;
  Revenue read;
  const Outcome outcome = first_fault([&] { return members(scan, kNames, values, oddities_); },
                                      [&] { return to_customer(values[0], read.customer); },
                                      [&] { return to_session(values[1], read.session); },
                                      [&] { return to_cents(values[2], read.revenue); },
                                      [&] { return to_flag(values[3], read.accepted); });
  if (outcome == Outcome::kOk) out = read;
  return outcome;
}

}  // namespace event
