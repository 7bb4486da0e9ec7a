// SPDX-License-Identifier: Apache-2.0
// The shape of a historic message: all its bytes but the digits of the uuid and the 0/1 of the
// indicators. A message that fits a shape is read by comparing bytes and gathering bits; nothing of
// it needs to be scanned.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "event/history.h"
#include "event/outcome.h"

namespace event::detail {

// What the scanner noticed on its way through a message.
struct Trace {
  static constexpr std::uint32_t kNoSlot = 0xffff'ffff;
  struct Indicator {
    std::uint32_t at;    // The offset of its single byte, 0 or 1.
    std::uint32_t slot;  // Or kNoSlot: a product that the index does not know.
  };
  std::vector<Indicator> indicators;  // In the order of the message.
  std::uint32_t uuid_at = 0;
  std::uint32_t uuid_length = 0;
  std::uint32_t unknown = 0;
  bool plain =
      true;  // False: something in the message cannot be told by its shape; learn nothing from it.
};

// A run of bytes on one side of the uuid, in blocks of 32 that never reach outside it (the last
// block overlaps the one before; its bytes count once).
class Segment {
 public:
  static constexpr std::size_t kBlock = 32;

  Segment() = default;
  // The indicators among trace.indicators[first, last) lie in message[begin, begin + length).
  Segment(std::string_view message, std::size_t begin, std::size_t length, const Trace& trace,
          std::size_t first, std::size_t last);

  [[nodiscard]] std::size_t length() const { return length_; }

  // Whether the bytes fit; if so, their indicators are appended as bits to `wire`, from bit `count`
  // on, which moves on.
  bool read_portable(const char* bytes, std::uint64_t* wire, std::size_t& count) const;
  bool read_avx2(const char* bytes, std::uint64_t* wire, std::size_t& count) const;

 private:
  std::size_t length_ = 0;
  std::vector<std::uint8_t> expected_;  // '0' where an indicator stands.
  std::vector<std::uint8_t>
      compared_;  // The bits that must be as expected; 0 in bytes that do not count.
  std::vector<std::uint32_t> offsets_;   // Of each block in the run.
  std::vector<std::uint32_t> gathered_;  // For each block: its bytes that are indicators.
};

class Shape {
 public:
  // Nothing when messages of this shape cannot be read by it.
  static std::optional<Shape> learn(std::string_view message, const Trace& trace,
                                    const ProductIndex& index);

  // False: the message is not of this shape; then `out` is as it was. True: exactly what the
  // scanner would have read.
  bool read(std::string_view message, bool avx2, History& out, Oddities& oddities) const;

 private:
  struct Pair {
    std::uint32_t earlier, later;  // Two places of one product, one right after the other.
  };
  Segment head_;
  Segment tail_;
  std::size_t indicators_ = 0;
  std::size_t slots_ = 0;
  std::vector<std::uint32_t> slot_of_;  // For each place, its slot.
  std::vector<std::uint64_t>
      deciding_;  // Bits of the places that count: the last of each known product.
  std::vector<std::uint64_t> known_;
  std::vector<Pair> pairs_;
  std::uint32_t unknown_ = 0;
  mutable std::vector<std::uint64_t>
      wire_;  // The indicators of the message at hand. A shape belongs to one thread.
};

bool has_avx2();  // And BMI2, which gathers the bits.

}  // namespace event::detail
