// SPDX-License-Identifier: Apache-2.0
#include "event/detail/shape.h"

#include <algorithm>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace event::detail {
namespace {

constexpr std::size_t kMaxDigits = 18;  // Every number of so many digits fits 64 bits.

void append_bits(std::uint64_t bits, std::size_t many, std::uint64_t* wire, std::size_t& count) {
  const std::size_t shift = count % 64;
  wire[count / 64] |= bits << shift;
  if (shift + many > 64) wire[count / 64 + 1] |= bits >> (64 - shift);
  count += many;
}

}  // namespace

Segment::Segment(std::string_view message, std::size_t begin, std::size_t length,
                 const Trace& trace, std::size_t first, std::size_t last)
    : length_(length) {
  const std::size_t blocks = (length + kBlock - 1) / kBlock;
  expected_.assign(blocks * kBlock, 0);
  compared_.assign(blocks * kBlock, 0);
  gathered_.assign(blocks, 0);
  std::vector<std::size_t> cell_of(length);  // Where the byte at an offset is looked at.
  for (std::size_t block = 0; block < blocks; ++block) {
    const bool overlaps = (block + 1) * kBlock > length && length >= kBlock;
    const std::size_t offset = overlaps ? length - kBlock : block * kBlock;
    offsets_.push_back(static_cast<std::uint32_t>(offset));
    for (std::size_t at = block * kBlock; at < std::min(length, (block + 1) * kBlock); ++at) {
      const std::size_t cell = block * kBlock + (at - offset);
      cell_of[at] = cell;
      expected_[cell] = static_cast<std::uint8_t>(message[begin + at]);
      compared_[cell] = 0xff;
    }
  }
  for (std::size_t place = first; place < last; ++place) {
    const std::size_t cell = cell_of[trace.indicators[place].at - begin];
    expected_[cell] = '0';
    compared_[cell] = 0xfe;  // '0' and '1' differ in the last bit only.
    gathered_[cell / kBlock] |= std::uint32_t{1} << (cell % kBlock);
  }
}

bool Segment::read_portable(const char* bytes, std::uint64_t* wire, std::size_t& count) const {
  for (std::size_t block = 0; block < offsets_.size(); ++block) {
    std::uint8_t text[kBlock] = {};
    std::memcpy(text, bytes + offsets_[block], std::min(kBlock, length_));
    const std::uint8_t* const expected = &expected_[block * kBlock];
    const std::uint8_t* const compared = &compared_[block * kBlock];
    std::uint8_t difference = 0;
    for (std::size_t i = 0; i < kBlock; ++i) {
      difference = static_cast<std::uint8_t>(difference | ((text[i] ^ expected[i]) & compared[i]));
    }
    if (difference != 0) return false;
    for (std::uint32_t left = gathered_[block]; left != 0; left &= left - 1) {
      append_bits(text[std::countr_zero(left)] & 1U, 1, wire, count);
    }
  }
  return true;
}

#if defined(__x86_64__)

bool has_avx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"); }

__attribute__((target("avx2,bmi2"))) bool Segment::read_avx2(const char* bytes, std::uint64_t* wire,
                                                             std::size_t& count) const {
  char padded[kBlock] = {};
  if (length_ < kBlock) {
    std::memcpy(padded, bytes, length_);
    bytes = padded;
  }
  for (std::size_t block = 0; block < offsets_.size(); ++block) {
    const __m256i text =
        _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + offsets_[block]));
    const __m256i expected =
        _mm256_loadu_si256(reinterpret_cast<const __m256i*>(&expected_[block * kBlock]));
    const __m256i compared =
        _mm256_loadu_si256(reinterpret_cast<const __m256i*>(&compared_[block * kBlock]));
    const __m256i difference = _mm256_xor_si256(text, expected);
    if (!_mm256_testz_si256(difference, compared)) return false;
    // The last bit of every byte, moved to its first, is what movemask takes.
    const auto ones =
        static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_slli_epi16(difference, 7)));
    const std::uint32_t gathered = gathered_[block];
    append_bits(_pext_u32(ones, gathered), static_cast<std::size_t>(std::popcount(gathered)), wire,
                count);
  }
  return true;
}

#else

bool has_avx2() { return false; }

bool Segment::read_avx2(const char* bytes, std::uint64_t* wire, std::size_t& count) const {
  return read_portable(bytes, wire, count);
}

#endif

std::optional<Shape> Shape::learn(std::string_view message, const Trace& trace,
                                  const ProductIndex& index) {
  constexpr std::size_t kMaxIndicators = 2 * kMaxProducts;
  if (!trace.plain || trace.indicators.empty() || trace.indicators.size() > kMaxIndicators ||
      trace.uuid_length > kMaxDigits) {
    return std::nullopt;
  }
  Shape shape;
  const auto after = std::find_if(trace.indicators.begin(), trace.indicators.end(),
                                  [&](const Trace::Indicator& i) { return i.at > trace.uuid_at; });
  const auto in_head = static_cast<std::size_t>(after - trace.indicators.begin());
  const std::size_t tail_at = trace.uuid_at + trace.uuid_length;
  shape.indicators_ = trace.indicators.size();
  shape.head_ = Segment(message, 0, trace.uuid_at, trace, 0, in_head);
  shape.tail_ =
      Segment(message, tail_at, message.size() - tail_at, trace, in_head, shape.indicators_);
  shape.slots_ = index.size();
  shape.unknown_ = trace.unknown;
  shape.known_.assign(index.words(), 0);
  shape.deciding_.assign(shape.indicators_ / 64 + 1, 0);
  shape.wire_.assign(shape.indicators_ / 64 + 2, 0);
  std::vector<std::uint32_t> last_place(index.size(), Trace::kNoSlot);
  for (std::uint32_t place = 0; place < shape.indicators_; ++place) {
    const std::uint32_t slot = trace.indicators[place].slot;
    shape.slot_of_.push_back(slot);
    if (slot == Trace::kNoSlot) continue;
    const std::uint32_t earlier = last_place[slot];
    if (earlier != Trace::kNoSlot) {
      shape.pairs_.push_back({earlier, place});
      shape.deciding_[earlier / 64] &= ~(std::uint64_t{1} << (earlier % 64));
    }
    last_place[slot] = place;
    shape.deciding_[place / 64] |= std::uint64_t{1} << (place % 64);
    shape.known_[slot / 64] |= std::uint64_t{1} << (slot % 64);
  }
  return shape;
}

bool Shape::read(std::string_view message, bool avx2, History& out, Oddities& oddities) const {
  const std::size_t rest = head_.length() + tail_.length();
  if (message.size() <= rest || message.size() - rest > kMaxDigits) return false;
  const char* const digits = message.data() + head_.length();
  const std::size_t many = message.size() - rest;
  if (digits[0] == '0' && many > 1) return false;
  std::int64_t uuid = 0;
  for (std::size_t i = 0; i < many; ++i) {
    if (digits[i] < '0' || digits[i] > '9') return false;
    uuid = uuid * 10 + (digits[i] - '0');
  }
  std::fill(wire_.begin(), wire_.end(), 0);
  std::size_t count = 0;
  const bool fits = avx2 ? head_.read_avx2(message.data(), wire_.data(), count) &&
                               tail_.read_avx2(digits + many, wire_.data(), count)
                         : head_.read_portable(message.data(), wire_.data(), count) &&
                               tail_.read_portable(digits + many, wire_.data(), count);
  if (!fits) return false;

  if (out.slots() != slots_) out.reset(slots_);
  out.customer = CustomerId(uuid);
  std::copy(known_.begin(), known_.end(), out.known_words().begin());
  const std::span<std::uint64_t> bought = out.bought_words();
  std::fill(bought.begin(), bought.end(), 0);
  for (std::size_t word = 0; word < deciding_.size(); ++word) {
    for (std::uint64_t left = wire_[word] & deciding_[word]; left != 0; left &= left - 1) {
      const std::uint32_t slot =
          slot_of_[word * 64 + static_cast<std::size_t>(std::countr_zero(left))];
      bought[slot / 64] |= std::uint64_t{1} << (slot % 64);
    }
  }
  oddities = {0, unknown_};
  for (const Pair& pair : pairs_) {
    const std::uint64_t differ = (wire_[pair.earlier / 64] >> (pair.earlier % 64)) ^
                                 (wire_[pair.later / 64] >> (pair.later % 64));
    oddities.conflicts += static_cast<std::uint32_t>(differ & 1);
  }
  return true;
}

}  // namespace event::detail
