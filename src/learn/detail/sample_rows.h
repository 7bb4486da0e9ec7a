// SPDX-License-Identifier: Apache-2.0
// Some rows for learners that cannot take all of them.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace learn::detail {

// Row numbers, rising: those of positive weight if they are no more than `most`, otherwise `most`
// of them, drawn from each class in proportion to its rows, but three of each at least.
std::vector<std::uint32_t> sample_rows(std::span<const std::uint8_t> labels,
                                       std::span<const double> weights, std::size_t most,
                                       std::uint64_t seed);

// Row numbers, rising, each as often as its weight asks, no more than `most` in all (at least 2):
// whole weights that add up to no more are met exactly, and so is their absence; otherwise rows are
// drawn, each class by its weight, one of each at least.
std::vector<std::uint32_t> sample_by_weight(std::span<const std::uint8_t> labels,
                                            std::span<const double> weights, std::size_t most,
                                            std::uint64_t seed);

// "learned from 10,000 of 126,087 rows, drawn from each class in proportion".
std::string sample_note(std::size_t drawn, std::size_t rows);

}  // namespace learn::detail
