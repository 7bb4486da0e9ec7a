// SPDX-License-Identifier: Apache-2.0
#include "profit/detail/bit_count.h"

#include <bit>

#include "base/check.h"

namespace profit::detail {
namespace {

using Words = std::span<const std::uint64_t>;

// The same loop for any machine and for one that counts bits by an instruction; `combine` is a
// stateless choice, so that both inline.
enum class Combine { kFirst, kBoth, kFirstOnly };

template <Combine combine>
std::uint64_t combined(const std::uint64_t a, const std::uint64_t b) {
  if constexpr (combine == Combine::kFirst) return a;
  return combine == Combine::kBoth ? a & b : a & ~b;
}

template <Combine combine>
std::int64_t count_anywhere(Words a, Words b) {
  std::int64_t ones = 0;
  for (std::size_t i = 0; i < a.size(); ++i) ones += std::popcount(combined<combine>(a[i], b[i]));
  return ones;
}

#if defined(__x86_64__)
template <Combine combine>
[[gnu::target("popcnt")]] std::int64_t count_by_instruction(Words a, Words b) {
  std::int64_t ones = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    ones += __builtin_popcountll(combined<combine>(a[i], b[i]));
  return ones;
}

template <Combine combine>
std::int64_t count(Words a, Words b) {
  return __builtin_cpu_supports("popcnt") != 0 ? count_by_instruction<combine>(a, b)
                                               : count_anywhere<combine>(a, b);
}
#else
template <Combine combine>
std::int64_t count(Words a, Words b) {
  return count_anywhere<combine>(a, b);
}
#endif

}  // namespace

std::int64_t count_ones(Words a) { return count<Combine::kFirst>(a, a); }

std::int64_t count_both(Words a, Words b) {
  CHECK(a.size() == b.size());
  return count<Combine::kBoth>(a, b);
}

std::int64_t count_first_only(Words a, Words b) {
  CHECK(a.size() == b.size());
  return count<Combine::kFirstOnly>(a, b);
}

}  // namespace profit::detail
