// SPDX-License-Identifier: Apache-2.0
#include "pmml/interpret/letter_case.h"

#include <array>

namespace pmml {
namespace {

// Letters from `first` to `last` are capitals; the small ones stand `distance` behind them. A
// distance of 1 is a run of pairs: capital, small, capital, small.
struct Block {
  char32_t first;
  char32_t last;
  char32_t distance;
};

// Unicode 15, simple case mappings.
constexpr std::array<Block, 36> kBlocks = {{
    {0x41, 0x5A, 32},     {0xC0, 0xD6, 32},     {0xD8, 0xDE, 32},       {0x100, 0x12E, 1},
    {0x132, 0x136, 1},    {0x139, 0x147, 1},    {0x14A, 0x176, 1},      {0x179, 0x17D, 1},
    {0x1A0, 0x1A4, 1},    {0x1AF, 0x1AF, 1},    {0x1CD, 0x1DB, 1},      {0x1DE, 0x1EE, 1},
    {0x1F8, 0x21E, 1},    {0x222, 0x232, 1},    {0x386, 0x386, 38},     {0x388, 0x38A, 37},
    {0x38C, 0x38C, 64},   {0x38E, 0x38F, 63},   {0x391, 0x3A1, 32},     {0x3A3, 0x3AB, 32},
    {0x3D8, 0x3EE, 1},    {0x400, 0x40F, 80},   {0x410, 0x42F, 32},     {0x460, 0x480, 1},
    {0x48A, 0x4BE, 1},    {0x4C0, 0x4C0, 15},   {0x4C1, 0x4CD, 1},      {0x4D0, 0x52E, 1},
    {0x531, 0x556, 48},   {0x1E00, 0x1E94, 1},  {0x1EA0, 0x1EFE, 1},    {0x2160, 0x216F, 16},
    {0x24B6, 0x24CF, 26}, {0xFF21, 0xFF3A, 32}, {0x10400, 0x10427, 40}, {0x1E900, 0x1E921, 34},
}};

char32_t upper(char32_t c) {
  if (c == 0xFF) return 0x178;
  if (c == 0xB5) return 0x39C;
  if (c == 0x3C2) return 0x3A3;  // The small sigma at the end of a word.
  if (c == 0x131) return 0x49;
  for (const Block& block : kBlocks) {
    if (c < block.first + block.distance || c > block.last + block.distance) continue;
    if (block.distance > 1 || (c - block.first) % 2 == 1) return c - block.distance;
  }
  return c;
}

char32_t lower(char32_t c) {
  if (c == 0x178) return 0xFF;
  if (c == 0x130) return 0x69;
  for (const Block& block : kBlocks) {
    if (c < block.first || c > block.last) continue;
    if (block.distance > 1 || (c - block.first) % 2 == 0) return c + block.distance;
  }
  return c;
}

// Bytes that are no UTF-8 are carried as these, outside of Unicode.
constexpr char32_t kBareByte = 0x200000;

void append(std::string& text, char32_t c) {
  const auto byte = [&](char32_t value) { text += static_cast<char>(value); };
  if (c >= kBareByte) {
    byte(c - kBareByte);
  } else if (c < 0x80) {
    byte(c);
  } else if (c < 0x800) {
    byte(0xC0 | (c >> 6));
    byte(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    byte(0xE0 | (c >> 12));
    byte(0x80 | ((c >> 6) & 0x3F));
    byte(0x80 | (c & 0x3F));
  } else {
    byte(0xF0 | (c >> 18));
    byte(0x80 | ((c >> 12) & 0x3F));
    byte(0x80 | ((c >> 6) & 0x3F));
    byte(0x80 | (c & 0x3F));
  }
}

char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char head = byte(at);
  const std::size_t length = head < 0x80   ? 1
                             : head < 0xC2 ? 0
                             : head < 0xE0 ? 2
                             : head < 0xF0 ? 3
                             : head < 0xF5 ? 4
                                           : 0;
  char32_t c = length <= 1 ? head : head & (0xFFU >> (length + 1));
  bool whole = length > 0 && at + length <= text.size();
  for (std::size_t i = 1; whole && i < length; ++i) {
    whole = (byte(at + i) & 0xC0) == 0x80;
    c = (c << 6) | (byte(at + i) & 0x3FU);
  }
  at += whole ? length : 1;
  return whole ? c : kBareByte + head;
}

}  // namespace

std::string to_upper(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_code_point(text, at);
    if (c == 0xDF) {
      result += "SS";
    } else {
      append(result, upper(c));
    }
  }
  return result;
}

std::string to_lower(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) append(result, lower(next_code_point(text, at)));
  return result;
}

std::u32string code_points_of(std::string_view text) {
  std::u32string result;
  for (std::size_t at = 0; at < text.size();) result += next_code_point(text, at);
  return result;
}

}  // namespace pmml
