// SPDX-License-Identifier: Apache-2.0
// What group of customers the shop counts a visit's customer among, before anything is decided:
// "returning", "app", "ES". The shop's own word.
#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace event {

inline constexpr std::size_t kMaxSegmentLength = 23;  // Bytes.

class Segment {
 public:
  Segment() = default;  // None.

  // Nothing for an empty text, more than kMaxSegmentLength bytes, or control characters.
  static std::optional<Segment> make(std::string_view text) {
    if (text.empty() || text.size() > kMaxSegmentLength) return std::nullopt;
    Segment segment;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (static_cast<unsigned char>(text[i]) < 0x20 || text[i] == 0x7f) return std::nullopt;
      segment.text_[i] = text[i];
    }
    return segment;
  }

  [[nodiscard]] bool none() const { return text_[0] == '\0'; }
  [[nodiscard]] std::string_view text() const { return text_.data(); }  // Borrowed; empty: none.
  friend auto operator<=>(const Segment&, const Segment&) = default;

 private:
  std::array<char, kMaxSegmentLength + 1> text_{};  // Ends with a NUL.
};

}  // namespace event
