// SPDX-License-Identifier: Apache-2.0
// Counts of ones in long rows of words, by the machine's own instruction where it has one.
#pragma once
#include <cstdint>
#include <span>

namespace profit::detail {

// Both spans have equally many words.
std::int64_t count_ones(std::span<const std::uint64_t> a);
std::int64_t count_both(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b);
std::int64_t count_first_only(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b);

}  // namespace profit::detail
