// SPDX-License-Identifier: Apache-2.0
// A pull scanner over one message: strict JSON, and the Python spelling of a dict. It is the slow,
// obvious reader: every other way to read a message must agree with it. The first fault ends the
// scan and stays in outcome().
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "event/detail/decimal.h"
#include "event/outcome.h"

namespace event::detail {

struct Value {
  enum class Kind : std::uint8_t {
    kAbsent,
    kNull,
    kBool,
    kNumber,
    kNotFinite,
    kText,
    kObject,
    kArray
  };
  Kind kind = Kind::kAbsent;
  bool boolean = false;
  std::string_view text;  // kNumber: as written, in the message. kText: the content, in the message
                          // or the scratch.
};

// Whether two values mean the same; containers never do.
bool same(const Value& a, const Value& b);

class Scanner {
 public:
  // `scratch` holds texts with escapes decoded; views into it live until it is touched again.
  Scanner(std::string_view message, std::string& scratch);

  // Expects {. Call once, first; for an object met as a value it is implied.
  bool begin_object();

  // The next key of the innermost object; false at its end and at a fault.
  bool next_key(std::string_view& key);

  // The value after a key. Of a container only the opening is read: walk it with next_key (an
  // object) or skip().
  bool value(Value& out);

  // Passes over what is left of the container that value() has just opened.
  bool skip(const Value& opened);

  // Nothing but blanks may follow the outermost object.
  bool finish();

  [[nodiscard]] Outcome outcome() const { return outcome_; }

 private:
  bool fail(Outcome outcome);
  void blanks();
  bool text(std::string_view& out);
  bool escaped_text(const char* begin, char quote, std::string_view& out);
  bool escape();
  bool code_point(int digits);
  bool utf8();
  bool number(std::string_view& out);
  bool word(std::string_view word);
  bool any(Value& out);

  const char* at_;
  const char* end_;
  std::string& scratch_;
  int depth_ = 0;
  bool fresh_ = true;  // The innermost object has shown no member yet.
  Outcome outcome_ = Outcome::kOk;
};

// Conversions of a value; kOk or why not. A null is kMissingField.
Outcome to_whole(const Value& value, std::int64_t& out);  // Any 64-bit whole number.
Outcome to_flag(const Value& value, bool& out);           // 0, 1, true or false.

}  // namespace event::detail
