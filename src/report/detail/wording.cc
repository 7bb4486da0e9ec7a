// SPDX-License-Identifier: Apache-2.0
#include "report/detail/wording.h"

#include <algorithm>
#include <cmath>

#include "base/number.h"

namespace report::detail {
namespace {

constexpr std::string_view kReplacement = "\uFFFD";
constexpr const char* kNothing = "–";
constexpr double kLargestCount = 9e15;  // Whole numbers are exact below it.

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// The bytes of the character that `text` begins with; 0 where it begins with none (RFC 3629: no
// overlong forms, no surrogates, nothing above U+10FFFF).
std::size_t character_bytes(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  if (!std::all_of(text.begin() + 1, text.begin() + static_cast<std::ptrdiff_t>(length),
                   is_continuation))
    return 0;
  const auto second = static_cast<unsigned char>(text[1]);
  if (first == 0xE0 && second < 0xA0) return 0;
  if (first == 0xED && second > 0x9F) return 0;
  if (first == 0xF0 && second < 0x90) return 0;
  if (first == 0xF4 && second > 0x8F) return 0;
  return length;
}

// U+FFFE and U+FFFF are characters of no XML.
bool is_forbidden(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (first < 0x20) return first != '\t' && first != '\n' && first != '\r';
  return first == 0x7F || character == "\xEF\xBF\xBE" || character == "\xEF\xBF\xBF" ||
         (first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0);
}

// Calls take(character) for each character, the replacement for what is none.
template <class Take>
void each_character(std::string_view text, const Take& take) {
  while (!text.empty()) {
    const std::size_t length = character_bytes(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
    take(length == 0 || is_forbidden(character) ? kReplacement : character);
    text.remove_prefix(character.size());
  }
}

std::string with_minus(std::string text) {
  if (!text.empty() && text[0] == '-') text.replace(0, 1, "−");
  return text;
}

std::string with_commas(std::string digits) {
  const std::size_t first = digits[0] == '-' ? 1 : 0;
  const std::size_t whole = std::min(digits.find('.'), digits.size());
  for (std::size_t at = whole; at > first + 3;) digits.insert(at -= 3, ",");
  return digits;
}

}  // namespace

std::string escape(std::string_view text) {
  std::string out;
  each_character(text, [&](std::string_view c) {
    if (c == "&") {
      out += "&amp;";
    } else if (c == "<") {
      out += "&lt;";
    } else if (c == ">") {
      out += "&gt;";
    } else if (c == "\"") {
      out += "&quot;";
    } else if (c == "'") {
      out += "&#39;";
    } else {
      out += c;
    }
  });
  return out;
}

std::string escape_markdown(std::string_view text) {
  constexpr std::string_view kMarkup = "\\`*_{}[]()#+|~!-.";
  std::string out;
  each_character(text, [&](std::string_view c) {
    if (c == "<" || c == ">" || c == "&") {
      out += escape(c);
    } else if (c == "\n" || c == "\r" || c == "\t") {
      out += ' ';
    } else {
      if (c != "-" && c != "." && c != "+" && c != "!" && kMarkup.find(c) != kMarkup.npos)
        out += '\\';
      out += c;
    }
  });
  // A line that begins so would be a list, a rule or a heading.
  if (!out.empty() && (out[0] == '-' || out[0] == '+')) out.insert(0, "\\");
  return out;
}

std::size_t letters(std::string_view text) {
  std::size_t many = 0;
  each_character(text, [&](std::string_view) { ++many; });
  return many;
}

std::string shorten(std::string_view text, std::size_t most) {
  if (letters(text) <= most) return std::string(text);
  std::string out;
  std::size_t taken = 0;
  each_character(text, [&](std::string_view c) {
    if (++taken < most) out += c;
  });
  return out + "…";
}

std::string fixed(double value, int decimals) {
  if (!std::isfinite(value)) return kNothing;
  return with_minus(with_commas(base::format_fixed(value, decimals)));
}

std::string number(double value) {
  if (!std::isfinite(value)) return kNothing;
  if (value == 0) return "0";
  if (std::abs(value) >= kLargestCount || std::abs(value) < 1e-9)
    return with_minus(base::format_double(value));
  const int magnitude = static_cast<int>(std::floor(std::log10(std::abs(value))));
  return fixed(value, std::clamp(2 - magnitude, 0, 11));
}

std::string percent(double share, int decimals) {
  if (!std::isfinite(share)) return kNothing;
  return fixed(share * 100, decimals) + "\u00A0%";
}

std::string signed_percent(double share, int decimals) {
  const std::string text = percent(share, decimals);
  const bool is_zero = text.find_first_of("123456789") == text.npos;
  return share > 0 && !is_zero ? "+" + text : text;
}

std::string count(std::int64_t value) { return with_minus(base::format_count(value)); }

std::string counted(std::int64_t value, std::string_view one, std::string_view many) {
  return count(value) + "\u00A0" + std::string(value == 1 ? one : many);
}

std::string duration(double seconds) {
  if (!std::isfinite(seconds)) return kNothing;
  if (seconds < 100) return number(seconds) + "\u00A0s";
  if (seconds >= kLargestCount) return number(seconds) + "\u00A0s";
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 3600) return count(whole / 60) + "\u00A0min " + count(whole % 60) + "\u00A0s";
  return count(whole / 3600) + "\u00A0h " + count(whole % 3600 / 60) + "\u00A0min";
}

std::string size(std::int64_t bytes) {
  const auto value = static_cast<double>(bytes);
  if (bytes < 1000) return counted(bytes, "byte", "bytes");
  if (bytes < 1'000'000) return number(value / 1e3) + "\u00A0kB";
  if (bytes < 1'000'000'000) return number(value / 1e6) + "\u00A0MB";
  return number(value / 1e9) + "\u00A0GB";
}

std::string nanoseconds(double value) {
  if (!std::isfinite(value)) return kNothing;
  if (value < 1e3) return number(value) + "\u00A0ns";
  if (value < 1e6) return number(value / 1e3) + "\u00A0µs";
  return number(value / 1e6) + "\u00A0ms";
}

std::string p_value(double p) {
  if (!std::isfinite(p)) return kNothing;
  if (p < 0.001) return "p\u00A0<\u00A00.001";
  return "p\u00A0=\u00A0" + fixed(p, p < 0.1 ? 3 : 2);
}

std::string listed(const std::vector<std::string>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " and " : ", ";
    out += words[i];
  }
  return out;
}

}  // namespace report::detail
