// SPDX-License-Identifier: Apache-2.0
// Token buckets: each key may ask `rate` times a second in the long run, and `burst` times at once.
// Bounded in memory. Single-threaded.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <unordered_map>

namespace http {

struct RateLimitOptions {
  double rate = 1000;  // Requests a second; 0: no limit.
  double burst = 5000;
  std::size_t max_keys = 10'000;  // Beyond it the fullest buckets are forgotten, which is harmless.
};

class RateLimit {
 public:
  using Clock = std::chrono::steady_clock;
  explicit RateLimit(const RateLimitOptions& options) : options_(options) {}

  // Nothing: go on. Else: in how many whole seconds the key may ask again, 1 or more.
  std::optional<int> take(const std::string& key, Clock::time_point now);

 private:
  struct Bucket {
    double left = 0;
    Clock::time_point at;
  };
  [[nodiscard]] double level(const Bucket& bucket, Clock::time_point now) const;
  void forget_full(Clock::time_point now);

  const RateLimitOptions options_;
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace http
