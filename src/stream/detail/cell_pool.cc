// SPDX-License-Identifier: Apache-2.0
#include "stream/detail/cell_pool.h"

#include "base/check.h"
#include "base/random.h"

namespace stream::detail {

std::uint32_t CellPool::take() {
  if (!free_.empty()) {
    const std::uint32_t index = free_.back();
    free_.pop_back();
    return index;
  }
  CHECK(used_ != kNone);
  if (used_ % kChunk == 0) {
    chunks_.push_back(std::make_unique<Cell[]>(kChunk));
    free_.reserve(chunks_.size() * kChunk);
  }
  return used_++;
}

std::uint32_t WordSlab::take() {
  if (!free_.empty()) {
    const std::uint32_t index = free_.back();
    free_.pop_back();
    return index;
  }
  if (used_ % kChunk == 0) {
    chunks_.push_back(std::make_unique<std::uint64_t[]>(kChunk * words_));
    free_.reserve(chunks_.size() * kChunk);
  }
  return used_++;
}

CustomerMap::CustomerMap(CellPool& cells) : cells_(cells), buckets_(1024, 0) {}

namespace {
std::uint64_t hash_half(std::int64_t customer) {
  return base::mix64(static_cast<std::uint64_t>(customer)) & 0xffff'ffff'0000'0000ULL;
}
}  // namespace

std::uint32_t CustomerMap::find(std::int64_t customer) const {
  const std::uint64_t hash = hash_half(customer);
  for (std::size_t at = home(hash); buckets_[at] != 0; at = (at + 1) & (buckets_.size() - 1)) {
    if ((buckets_[at] & 0xffff'ffff'0000'0000ULL) != hash) continue;
    const auto index = static_cast<std::uint32_t>(buckets_[at] & 0xffff'ffffU) - 1;
    if (cells_[index].customer == customer) return index;
  }
  return kNone;
}

void CustomerMap::insert(std::int64_t customer, std::uint32_t cell) {
  if (2 * (size_ + 1) > buckets_.size()) grow();
  const Bucket bucket = hash_half(customer) | (std::uint64_t{cell} + 1);
  std::size_t at = home(bucket);
  while (buckets_[at] != 0) at = (at + 1) & (buckets_.size() - 1);
  buckets_[at] = bucket;
  ++size_;
}

void CustomerMap::erase(std::int64_t customer) {
  const std::uint64_t hash = hash_half(customer);
  const std::size_t mask = buckets_.size() - 1;
  std::size_t hole = home(hash);
  while (true) {
    CHECK(buckets_[hole] != 0);
    const auto index = static_cast<std::uint32_t>(buckets_[hole] & 0xffff'ffffU) - 1;
    if ((buckets_[hole] & 0xffff'ffff'0000'0000ULL) == hash && cells_[index].customer == customer)
      break;
    hole = (hole + 1) & mask;
  }
  // What follows without a gap moves up, unless that would put it before its home.
  for (std::size_t at = (hole + 1) & mask; buckets_[at] != 0; at = (at + 1) & mask) {
    if (((at - home(buckets_[at])) & mask) >= ((at - hole) & mask)) {
      buckets_[hole] = buckets_[at];
      hole = at;
    }
  }
  buckets_[hole] = 0;
  --size_;
}

void CustomerMap::grow() {
  std::vector<Bucket> old(2 * buckets_.size(), 0);
  old.swap(buckets_);
  for (const Bucket bucket : old) {
    if (bucket == 0) continue;
    std::size_t at = home(bucket);
    while (buckets_[at] != 0) at = (at + 1) & (buckets_.size() - 1);
    buckets_[at] = bucket;
  }
}

void AgeList::append(CellPool& cells, std::uint32_t index) {
  cells[index].previous = last_;
  cells[index].next = kNone;
  (last_ == kNone ? first_ : cells[last_].next) = index;
  last_ = index;
  ++size_;
}

void AgeList::remove(CellPool& cells, std::uint32_t index) {
  const Cell& cell = cells[index];
  (cell.previous == kNone ? first_ : cells[cell.previous].next) = cell.next;
  (cell.next == kNone ? last_ : cells[cell.next].previous) = cell.previous;
  --size_;
}

}  // namespace stream::detail
