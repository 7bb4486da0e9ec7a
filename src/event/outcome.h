// SPDX-License-Identifier: Apache-2.0
// What became of one record that was read. A record is never an Error: it is counted, set aside
// with its reason, and the stream goes on.
#pragma once
#include <cstddef>
#include <cstdint>

namespace event {

enum class Outcome : std::uint8_t {
  kOk,
  kTooLong,  // More than kMaxMessageBytes.
  kTooDeep,  // Nested deeper than kMaxDepth.
  kNotJson,  // Neither JSON nor a printed Python dict: cut short, a NUL, invalid UTF-8, text after
             // the end, …
  kNotObject,     // A value, but not {…}.
  kMissingField,  // A field of the message is absent or null.
  kWrongType,     // A field is of another type: a text for a number, a fraction for a whole number.
  kOutOfRange,    // A number beyond its range: a uuid beyond 64 bits, an age of -1 or 200, a value
                  // that is not 0 or 1; a text that is empty or longer than allowed.
  kNotCents,      // A revenue with more than two decimals: it is never rounded.
  kUnknownWord,   // "system" or "reason" holds a word that is not in the vocabulary.
  kNoProducts,    // "products" holds not one of the products that the reader looks for.
};
inline constexpr std::size_t kOutcomes = 11;

inline constexpr std::size_t kMaxMessageBytes = 1 << 20;
inline constexpr int kMaxDepth = 32;

// A static text for people and dead-letter headers, such as "not_json". Never null.
const char* reason(Outcome outcome);

// What was odd about a message that was read nevertheless.
struct Oddities {
  std::uint32_t conflicts = 0;  // Keys given twice with different values; the last one won.
  std::uint32_t unknown = 0;  // Keys that the reader does not know (products, mainly); passed over.
};

}  // namespace event
