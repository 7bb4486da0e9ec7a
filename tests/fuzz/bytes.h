// SPDX-License-Identifier: Apache-2.0
// The fuzzer's bytes as a row of choices; when they are used up, every choice is the first.
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

namespace fuzz {

class Bytes {
 public:
  explicit Bytes(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  [[nodiscard]] bool empty() const { return bytes_.empty(); }

  std::uint8_t byte() {
    if (bytes_.empty()) return 0;
    const std::uint8_t first = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return first;
  }
  // 0 … n - 1, for n of 1 or more.
  std::size_t below(std::size_t n) {
    std::size_t value = byte();
    if (n > 256) value = value << 8U | byte();
    return value % n;
  }
  bool yes() { return (byte() & 1U) != 0; }
  template <class T>
  const T& one_of(const std::vector<T>& from) {
    return from[below(from.size())];
  }
  // Mostly numbers that documents and rows have in common, seldom any bits at all.
  double number() {
    static constexpr std::array<double, 16> kUsual = {
        0, 1, -1, 0.5, -0.5, 2, 3, 1e-9, 1e9, 0.1, 0.25, -2, 10, -0.0, 1e308, 5e-324};
    const std::uint8_t kind = byte();
    if (kind < 128) return kUsual[kind % kUsual.size()];
    if (kind < 224) return (static_cast<double>(byte()) - 128) / 4;
    std::uint64_t bits = 0;
    for (int i = 0; i < 8; ++i) bits = bits << 8U | byte();
    return std::bit_cast<double>(bits);
  }

 private:
  std::span<const std::uint8_t> bytes_;
};

}  // namespace fuzz
