// SPDX-License-Identifier: Apache-2.0
// Follows the offsets of one partition and notices what was skipped or repeated.
#pragma once
#include <cstdint>
#include <optional>

namespace kafka::detail {

class OffsetTrail {
 public:
  static constexpr std::int64_t kUnknown = -1;

  // The next record is at `next`; kUnknown: wherever it begins.
  void begin_at(std::int64_t next) { next_ = next; }

  struct Step {
    std::int64_t missing =
        0;                  // Offsets skipped before this record; they began at the former next().
    bool repeated = false;  // This offset, or a later one, was seen before.
  };
  Step follow(std::int64_t offset) {
    Step step;
    if (next_ != kUnknown) {
      if (offset > next_) step.missing = offset - next_;
      step.repeated = offset < next_;
    }
    next_ = offset + 1;
    return step;
  }

  [[nodiscard]] std::int64_t next() const { return next_; }

 private:
  std::int64_t next_ = kUnknown;
};

}  // namespace kafka::detail
