// SPDX-License-Identifier: Apache-2.0
// Values in PostgreSQL's binary form: integers and doubles are eight bytes, the highest first, so
// that a double stays what it is to the bit.
#pragma once
#include <array>
#include <bit>
#include <cstdint>
#include <deque>
#include <span>
#include <string_view>
#include <vector>

#include "sql/detail/postgres_session.h"

namespace sql::detail {

inline std::int64_t integer_of(std::string_view bytes) {
  if (bytes.empty()) return 0;
  std::uint64_t value = (bytes[0] & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (const char byte : bytes) value = value << 8 | static_cast<std::uint8_t>(byte);
  return static_cast<std::int64_t>(value);
}

// The parameters of one statement. Texts and bytes are borrowed.
class BoundParameters {
 public:
  void bind(int index, std::int64_t value) {
    std::array<char, 8>& bytes = numbers_[at(index)];
    for (std::size_t i = 0; i < 8; ++i)
      bytes[i] = static_cast<char>(static_cast<std::uint64_t>(value) >> (56 - 8 * i));
    put(index, bytes.data(), bytes.size());
  }
  void bind(int index, double value) { bind(index, std::bit_cast<std::int64_t>(value)); }
  void bind(int index, std::string_view value) {
    put(index, value.data() == nullptr ? "" : value.data(), value.size());
  }
  void bind(int index, std::span<const std::uint8_t> value) {
    bind(index, std::string_view(reinterpret_cast<const char*>(value.data()), value.size()));
  }
  void bind_null(int index) { put(index, nullptr, 0); }

  [[nodiscard]] PostgresParameters all() const { return {values_, lengths_, formats_}; }

 private:
  std::size_t at(int index) {
    const auto slot = static_cast<std::size_t>(index);
    if (slot >= values_.size()) {
      values_.resize(slot + 1);
      lengths_.resize(slot + 1);
      formats_.resize(slot + 1, 1);
      numbers_.resize(slot + 1);
    }
    return slot;
  }
  void put(int index, const char* data, std::size_t size) {
    const std::size_t slot = at(index);
    values_[slot] = data;
    lengths_[slot] = static_cast<int>(size);
  }

  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;                 // All binary.
  std::deque<std::array<char, 8>> numbers_;  // Stays where it is as it grows.
};

}  // namespace sql::detail
