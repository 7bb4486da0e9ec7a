// SPDX-License-Identifier: Apache-2.0
// Numbered pieces of work shared among threads. What a piece computes must depend on its number
// alone.
#pragma once
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace learn::detail {

template <class Work>
void for_each_piece(std::size_t pieces, int threads, const Work& work) {
  std::atomic<std::size_t> next = 0;
  const auto run = [&] {
    for (std::size_t piece; (piece = next.fetch_add(1, std::memory_order_relaxed)) < pieces;)
      work(piece);
  };
  const std::size_t wanted = std::min(pieces, static_cast<std::size_t>(std::max(threads, 1)));
  std::vector<std::jthread> helpers;
  for (std::size_t i = 1; i < wanted; ++i) helpers.emplace_back(run);
  run();
}

}  // namespace learn::detail
