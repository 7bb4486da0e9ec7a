// SPDX-License-Identifier: Apache-2.0
// Threads that stay between pieces of work, for work so short that starting a thread would cost
// more: like for_each_piece(), thousands of times a second.
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

#include "base/check.h"

namespace learn::detail {

class Team {
 public:
  // Of `threads` members, the caller of run() among them; at least that one.
  explicit Team(int threads) {
    for (int i = 1; i < threads; ++i) helpers_.emplace_back([this] { serve(); });
  }
  ~Team() {
    ended_.store(true, std::memory_order_relaxed);
    call();
  }
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  [[nodiscard]] std::size_t size() const { return helpers_.size() + 1; }

  // Calls work(0) … work(pieces − 1), each once, and waits for them; not for members that come too
  // late to do any. Only one run at a time.
  void run(std::size_t pieces, const std::function<void(std::size_t)>& work) {
    if (helpers_.empty() || pieces < 2) {
      for (std::size_t piece = 0; piece < pieces; ++piece) work(piece);
      return;
    }
    CHECK(pieces <= kMostPieces);
    work_ = &work;
    done_.store(0, std::memory_order_relaxed);
    ticket_.store(pieces << kPieceBits, std::memory_order_release);
    call();
    take();
    for (std::uint32_t done; (done = done_.load(std::memory_order_acquire)) != pieces;)
      done_.wait(done, std::memory_order_acquire);
  }

 private:
  // A ticket is the number of pieces and the next one to do. A member who draws one that is still
  // to do holds up the end of its run, so that the work it finds is that run's.
  static constexpr std::size_t kPieceBits = 32;
  static constexpr std::size_t kMostPieces = std::size_t{1} << 31;

  void call() {
    round_.fetch_add(1, std::memory_order_release);
    round_.notify_all();
  }
  void take() {
    for (;;) {
      const std::uint64_t ticket = ticket_.fetch_add(1, std::memory_order_acquire);
      const std::uint64_t pieces = ticket >> kPieceBits;
      const std::uint64_t piece = ticket & ((std::uint64_t{1} << kPieceBits) - 1);
      if (piece >= pieces) return;
      (*work_)(piece);
      if (done_.fetch_add(1, std::memory_order_acq_rel) + 1 == pieces) done_.notify_all();
    }
  }
  void serve() {
    for (std::uint32_t seen = 0;;) {
      round_.wait(seen, std::memory_order_acquire);
      seen = round_.load(std::memory_order_acquire);
      if (ended_.load(std::memory_order_relaxed)) return;
      take();
    }
  }

  const std::function<void(std::size_t)>* work_ = nullptr;
  std::atomic<std::uint64_t> ticket_ = 0;
  std::atomic<std::uint32_t> done_ = 0;
  std::atomic<std::uint32_t> round_ = 0;
  std::atomic<bool> ended_ = false;
  std::vector<std::jthread> helpers_;  // The last member: they end before the others.
};

}  // namespace learn::detail
