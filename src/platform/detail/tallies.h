// SPDX-License-Identifier: Apache-2.0
// The loop's counters, written by the loop and read by anybody.
#pragma once
#include <atomic>
#include <cstdint>

#include "platform/platform.h"

namespace platform::detail {

struct Tallies {
  std::atomic<std::int64_t> records{0}, bytes{0}, commits{0}, sampled{0}, decisions{0}, rejected{0},
      without_trial{0}, missing{0};

  [[nodiscard]] Counters read() const {
    return {.records_total = records,
            .bytes_total = bytes,
            .commits_total = commits,
            .sampled_total = sampled,
            .decisions_total = decisions,
            .rejected_total = rejected,
            .without_trial_total = without_trial,
            .missing_total = missing};
  }
};

}  // namespace platform::detail
