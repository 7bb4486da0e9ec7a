// SPDX-License-Identifier: Apache-2.0
// Time as a value handed in: libraries never read the clock themselves.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>

namespace base {

using Duration = std::chrono::microseconds;

// Microseconds since 1970-01-01 UTC.
class Timestamp {
 public:
  constexpr Timestamp() = default;
  constexpr explicit Timestamp(std::int64_t micros) : micros_(micros) {}
  [[nodiscard]] constexpr std::int64_t micros() const { return micros_; }
  [[nodiscard]] constexpr std::int64_t millis() const { return micros_ / 1000; }
  friend constexpr auto operator<=>(Timestamp, Timestamp) = default;
  friend constexpr Timestamp operator+(Timestamp t, Duration d) {
    return Timestamp(t.micros_ + d.count());
  }
  friend constexpr Timestamp operator-(Timestamp t, Duration d) {
    return Timestamp(t.micros_ - d.count());
  }
  friend constexpr Duration operator-(Timestamp a, Timestamp b) {
    return Duration(a.micros_ - b.micros_);
  }

 private:
  std::int64_t micros_ = 0;
};

// Safe to call from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Timestamp now() const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override {
    return Timestamp(
        std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch())
            .count());
  }
};

// A clock that a test moves by hand.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Timestamp start = Timestamp(0)) : micros_(start.micros()) {}
  [[nodiscard]] Timestamp now() const override { return Timestamp(micros_.load()); }
  void advance(Duration by) { micros_ += by.count(); }

 private:
  std::atomic<std::int64_t> micros_;
};

}  // namespace base
