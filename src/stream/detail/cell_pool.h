// SPDX-License-Identifier: Apache-2.0
// The memory of a join: cells of one cache line that never move, found by customer, linked in lists
// by age.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace stream::detail {

inline constexpr std::uint32_t kNone = 0xffff'ffff;

struct Cell {
  std::int64_t customer;
  std::array<std::int64_t, 2> offset;  // Of the latest half of each side; -1: none seen.
  std::array<std::int64_t, 2>
      stamp;                     // Its timestamp as the record states it, in microseconds; 0: none.
  std::int64_t since;            // Wall time at which it began to wait, or became a pair.
  std::uint32_t previous, next;  // In the list of its state.
  std::uint32_t bits;            // A waiting history's words in the slab.
  std::uint8_t state;            // The list it is in.
  std::uint8_t age, man, woman;  // Waiting demographics.
};
static_assert(sizeof(Cell) == 64);

// Cells by index; freed ones are used again. Indices stay valid until freed.
class CellPool {
 public:
  std::uint32_t take();
  void give_back(std::uint32_t index) { free_.push_back(index); }
  Cell& operator[](std::uint32_t index) { return chunks_[index / kChunk][index % kChunk]; }

 private:
  static constexpr std::uint32_t kChunk = 4096;
  std::vector<std::unique_ptr<Cell[]>> chunks_;
  std::vector<std::uint32_t> free_;
  std::uint32_t used_ = 0;
};

// Rows of a fixed number of words, likewise.
class WordSlab {
 public:
  explicit WordSlab(std::size_t words) : words_(words) {}
  std::uint32_t take();
  void give_back(std::uint32_t index) { free_.push_back(index); }
  std::uint64_t* row(std::uint32_t index) {
    return &chunks_[index / kChunk][(index % kChunk) * words_];
  }

 private:
  static constexpr std::uint32_t kChunk = 1024;
  std::size_t words_;
  std::vector<std::unique_ptr<std::uint64_t[]>> chunks_;
  std::vector<std::uint32_t> free_;
  std::uint32_t used_ = 0;
};

// Customer → cell index, open addressing with linear probing, at most half full.
class CustomerMap {
 public:
  explicit CustomerMap(CellPool& cells);
  [[nodiscard]] std::uint32_t find(std::int64_t customer) const;  // kNone where there is none.
  void insert(std::int64_t customer, std::uint32_t cell);         // Not there yet.
  void erase(std::int64_t customer);                              // There.
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  // The high half of the customer's hash, then cell index + 1; 0: empty.
  using Bucket = std::uint64_t;
  [[nodiscard]] std::size_t home(Bucket bucket) const {
    return (bucket >> 32) & (buckets_.size() - 1);
  }
  void grow();

  CellPool& cells_;
  std::vector<Bucket> buckets_;
  std::size_t size_ = 0;
};

// A doubly linked list of cells, oldest first.
class AgeList {
 public:
  void append(CellPool& cells, std::uint32_t index);
  void remove(CellPool& cells, std::uint32_t index);
  [[nodiscard]] std::uint32_t oldest() const { return first_; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  std::uint32_t first_ = kNone;
  std::uint32_t last_ = kNone;
  std::size_t size_ = 0;
};

}  // namespace stream::detail
