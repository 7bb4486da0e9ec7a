// SPDX-License-Identifier: Apache-2.0
#include "event/detail/scanner.h"

namespace event::detail {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void append_utf8(std::uint32_t code, std::string& out) {
  const auto byte = [&](std::uint32_t value) { out += static_cast<char>(value); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) {
    byte(0xc0 | (code >> 6));
  } else {
    if (code < 0x10000) {
      byte(0xe0 | (code >> 12));
    } else {
      byte(0xf0 | (code >> 18));
      byte(0x80 | ((code >> 12) & 0x3f));
    }
    byte(0x80 | ((code >> 6) & 0x3f));
  }
  byte(0x80 | (code & 0x3f));
}

}  // namespace

bool same(const Value& a, const Value& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case Value::Kind::kAbsent:
    case Value::Kind::kNull:
      return true;
    case Value::Kind::kBool:
      return a.boolean == b.boolean;
    case Value::Kind::kNumber:
      return a.text == b.text || decimal(a.text) == decimal(b.text);
    case Value::Kind::kText:
      return a.text == b.text;
    case Value::Kind::kNotFinite:
    case Value::Kind::kObject:
    case Value::Kind::kArray:
      return false;
  }
  return false;
}

Scanner::Scanner(std::string_view message, std::string& scratch)
    : at_(message.data()), end_(message.data() + message.size()), scratch_(scratch) {
  scratch_.clear();
  if (message.size() > kMaxMessageBytes) outcome_ = Outcome::kTooLong;
}

bool Scanner::fail(Outcome outcome) {
  if (outcome_ == Outcome::kOk) outcome_ = outcome;
  return false;
}

void Scanner::blanks() {
  while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\t' || *at_ == '\r')) ++at_;
}

bool Scanner::begin_object() {
  if (outcome_ != Outcome::kOk) return false;
  blanks();
  if (at_ == end_) return fail(Outcome::kNotJson);
  if (*at_ == '{') {
    ++at_;
    depth_ = 1;
    fresh_ = true;
    return true;
  }
  // Not an object; whether it is a value at all decides what it is called.
  Value other;
  if (any(other) && (other.kind != Value::Kind::kArray || skip(other)) && finish())
    fail(Outcome::kNotObject);
  return false;
}

bool Scanner::next_key(std::string_view& key) {
  if (outcome_ != Outcome::kOk) return false;
  blanks();
  if (!fresh_) {
    if (at_ == end_ || (*at_ != ',' && *at_ != '}')) return fail(Outcome::kNotJson);
    if (*at_ == ',') {
      ++at_;
      blanks();
    }
  }
  if (at_ == end_) return fail(Outcome::kNotJson);
  if (*at_ == '}') {
    ++at_;
    --depth_;
    fresh_ = false;
    return false;
  }
  fresh_ = false;
  if (!text(key)) return false;
  blanks();
  if (at_ == end_ || *at_ != ':') return fail(Outcome::kNotJson);
  ++at_;
  return true;
}

bool Scanner::value(Value& out) {
  blanks();
  return any(out);
}

bool Scanner::any(Value& out) {
  if (at_ == end_) return fail(Outcome::kNotJson);
  switch (*at_) {
    case '"':
    case '\'':
      out.kind = Value::Kind::kText;
      return text(out.text);
    case '{':
    case '[':
      out.kind = *at_ == '{' ? Value::Kind::kObject : Value::Kind::kArray;
      if (++depth_ > kMaxDepth) return fail(Outcome::kTooDeep);
      fresh_ = true;
      ++at_;
      return true;
    case 't':
    case 'T':
      out.kind = Value::Kind::kBool;
      out.boolean = true;
      return word(*at_ == 't' ? "true" : "True");
    case 'f':
    case 'F':
      out.kind = Value::Kind::kBool;
      out.boolean = false;
      return word(*at_ == 'f' ? "false" : "False");
    case 'n':
      out.kind = Value::Kind::kNull;
      if (end_ - at_ >= 2 && at_[1] == 'a') {
        out.kind = Value::Kind::kNotFinite;
        return word("nan");
      }
      return word("null");
    case 'N':
      out.kind = Value::Kind::kNull;
      if (end_ - at_ >= 2 && at_[1] == 'a') {
        out.kind = Value::Kind::kNotFinite;
        return word("NaN");
      }
      return word("None");
    case 'i':
      out.kind = Value::Kind::kNotFinite;
      return word("inf");
    case 'I':
      out.kind = Value::Kind::kNotFinite;
      return word("Infinity");
    default:
      if (*at_ == '-' && end_ - at_ >= 2 && (at_[1] == 'i' || at_[1] == 'I')) {
        ++at_;
        return any(out);
      }
      out.kind = Value::Kind::kNumber;
      return number(out.text);
  }
}

bool Scanner::skip(const Value& opened) {
  // One bit a level says which bracket closes it.
  std::uint64_t objects = opened.kind == Value::Kind::kObject ? 1 : 0;
  const int outside = depth_ - 1;
  bool fresh = true;
  while (depth_ > outside) {
    const bool in_object = (objects & 1) != 0;
    const char closing = in_object ? '}' : ']';
    blanks();
    if (!fresh) {
      if (at_ == end_ || (*at_ != ',' && *at_ != closing)) return fail(Outcome::kNotJson);
      if (*at_ == ',') {
        ++at_;
        blanks();
      }
    }
    if (at_ == end_) return fail(Outcome::kNotJson);
    if (*at_ == closing) {
      ++at_;
      --depth_;
      objects >>= 1;
      fresh = false;
      continue;
    }
    std::string_view key;
    if (in_object) {
      if (!text(key)) return false;
      blanks();
      if (at_ == end_ || *at_ != ':') return fail(Outcome::kNotJson);
      ++at_;
      blanks();
    }
    Value inner;
    if (!any(inner)) return false;
    fresh = inner.kind == Value::Kind::kObject || inner.kind == Value::Kind::kArray;
    if (fresh) objects = (objects << 1) | (inner.kind == Value::Kind::kObject ? 1U : 0U);
  }
  fresh_ = false;
  return true;
}

bool Scanner::finish() {
  if (outcome_ != Outcome::kOk) return false;
  blanks();
  return at_ == end_ || fail(Outcome::kNotJson);
}

bool Scanner::word(std::string_view word) {
  if (static_cast<std::size_t>(end_ - at_) < word.size() ||
      std::string_view(at_, word.size()) != word) {
    return fail(Outcome::kNotJson);
  }
  at_ += word.size();
  return true;
}

bool Scanner::number(std::string_view& out) {
  const char* const begin = at_;
  const auto digits = [&] {
    const char* const first = at_;
    while (at_ != end_ && is_digit(*at_)) ++at_;
    return at_ != first;
  };
  if (*at_ == '-') ++at_;
  const bool zero = at_ != end_ && *at_ == '0';
  if (zero) ++at_;
  if (!zero && !digits()) return fail(Outcome::kNotJson);
  if (at_ != end_ && *at_ == '.') {
    ++at_;
    if (!digits()) return fail(Outcome::kNotJson);
  }
  if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
    ++at_;
    if (at_ != end_ && (*at_ == '+' || *at_ == '-')) ++at_;
    if (!digits()) return fail(Outcome::kNotJson);
  }
  out = {begin, static_cast<std::size_t>(at_ - begin)};
  return true;
}

bool Scanner::text(std::string_view& out) {
  if (at_ == end_ || (*at_ != '"' && *at_ != '\'')) return fail(Outcome::kNotJson);
  const char quote = *at_++;
  const char* const begin = at_;
  while (at_ != end_) {
    const auto byte = static_cast<unsigned char>(*at_);
    if (*at_ == quote) {
      out = {begin, static_cast<std::size_t>(at_ - begin)};
      ++at_;
      return true;
    }
    if (*at_ == '\\') return escaped_text(begin, quote, out);
    if (byte < 0x20) break;
    if (byte < 0x80) {
      ++at_;
    } else if (!utf8()) {
      return false;
    }
  }
  return fail(Outcome::kNotJson);
}

bool Scanner::escaped_text(const char* begin, char quote, std::string_view& out) {
  // No decoded text is longer than its spelling, so this capacity keeps all earlier views into the
  // scratch alive.
  scratch_.reserve(scratch_.size() + static_cast<std::size_t>(end_ - begin));
  const std::size_t start = scratch_.size();
  scratch_.append(begin, at_);
  while (at_ != end_ && *at_ != quote) {
    const char* const from = at_;
    if (*at_ == '\\') {
      if (!escape()) return fail(Outcome::kNotJson);
    } else if (static_cast<unsigned char>(*at_) < 0x20) {
      return fail(Outcome::kNotJson);
    } else if (static_cast<unsigned char>(*at_) < 0x80) {
      scratch_ += *at_++;
    } else {
      if (!utf8()) return false;
      scratch_.append(from, at_);
    }
  }
  if (at_ == end_) return fail(Outcome::kNotJson);
  ++at_;
  out = std::string_view(scratch_).substr(start);
  return true;
}

bool Scanner::escape() {
  ++at_;
  if (at_ == end_) return false;
  switch (*at_++) {
    case '"':
      scratch_ += '"';
      return true;
    case '\'':
      scratch_ += '\'';
      return true;
    case '\\':
      scratch_ += '\\';
      return true;
    case '/':
      scratch_ += '/';
      return true;
    case 'b':
      scratch_ += '\b';
      return true;
    case 'f':
      scratch_ += '\f';
      return true;
    case 'n':
      scratch_ += '\n';
      return true;
    case 'r':
      scratch_ += '\r';
      return true;
    case 't':
      scratch_ += '\t';
      return true;
    case 'x':
      return code_point(2);
    case 'u':
      return code_point(4);
    case 'U':
      return code_point(8);
    default:
      return false;
  }
}

bool Scanner::code_point(int digits) {
  const auto read = [&](int count, std::uint32_t& code) {
    if (end_ - at_ < count) return false;
    code = 0;
    for (; count > 0; --count, ++at_) {
      if (hex(*at_) < 0) return false;
      code = code << 4 | static_cast<std::uint32_t>(hex(*at_));
    }
    return true;
  };
  std::uint32_t code = 0;
  if (!read(digits, code)) return false;
  if (code >= 0xd800 && code < 0xdc00 && end_ - at_ >= 6 && at_[0] == '\\' && at_[1] == 'u') {
    at_ += 2;
    std::uint32_t low = 0;
    if (!read(4, low) || low < 0xdc00 || low > 0xdfff) return false;
    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
  }
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return false;
  append_utf8(code, scratch_);
  return true;
}

// One sequence of two to four bytes (Unicode 15, table 3-7): no overlong forms, no surrogates,
// nothing past U+10FFFF.
bool Scanner::utf8() {
  const auto byte = [&](int ahead) -> std::uint32_t {
    return end_ - at_ > ahead ? static_cast<unsigned char>(at_[ahead]) : 0U;
  };
  const std::uint32_t lead = byte(0);
  int more = 0;
  std::uint32_t low = 0x80;
  std::uint32_t high = 0xbf;
  if (lead >= 0xc2 && lead <= 0xdf) {
    more = 1;
  } else if (lead >= 0xe0 && lead <= 0xef) {
    more = 2;
    if (lead == 0xe0) low = 0xa0;
    if (lead == 0xed) high = 0x9f;
  } else if (lead >= 0xf0 && lead <= 0xf4) {
    more = 3;
    if (lead == 0xf0) low = 0x90;
    if (lead == 0xf4) high = 0x8f;
  } else {
    return fail(Outcome::kNotJson);
  }
  if (byte(1) < low || byte(1) > high) return fail(Outcome::kNotJson);
  for (int ahead = 2; ahead <= more; ++ahead) {
    if (byte(ahead) < 0x80 || byte(ahead) > 0xbf) return fail(Outcome::kNotJson);
  }
  at_ += more + 1;
  return true;
}

Outcome to_whole(const Value& value, std::int64_t& out) {
  switch (value.kind) {
    case Value::Kind::kAbsent:
    case Value::Kind::kNull:
      return Outcome::kMissingField;
    case Value::Kind::kNotFinite:
      return Outcome::kOutOfRange;
    case Value::Kind::kNumber:
      break;
    case Value::Kind::kBool:
    case Value::Kind::kText:
    case Value::Kind::kObject:
    case Value::Kind::kArray:
      return Outcome::kWrongType;
  }
  switch (scaled(decimal(value.text), 0, out)) {
    case Fit::kExact:
      return Outcome::kOk;
    case Fit::kFraction:
      return Outcome::kWrongType;
    case Fit::kTooLarge:
      return Outcome::kOutOfRange;
  }
  return Outcome::kWrongType;
}

Outcome to_flag(const Value& value, bool& out) {
  if (value.kind == Value::Kind::kBool) return out = value.boolean, Outcome::kOk;
  std::int64_t whole = 0;
  const Outcome outcome = to_whole(value, whole);
  if (outcome != Outcome::kOk) return outcome;
  if (whole != 0 && whole != 1) return Outcome::kOutOfRange;
  out = whole == 1;
  return Outcome::kOk;
}

}  // namespace event::detail
