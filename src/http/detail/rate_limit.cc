// SPDX-License-Identifier: Apache-2.0
#include "http/detail/rate_limit.h"

#include <algorithm>
#include <cmath>

namespace http {

std::optional<int> RateLimit::take(const std::string& key, Clock::time_point now) {
  if (options_.rate <= 0) return std::nullopt;
  if (buckets_.size() >= options_.max_keys && !buckets_.contains(key)) forget_full(now);
  Bucket& bucket = buckets_.try_emplace(key, Bucket{options_.burst, now}).first->second;
  bucket.left = level(bucket, now);
  bucket.at = now;
  if (bucket.left < 1)
    return std::max(1, static_cast<int>(std::ceil((1 - bucket.left) / options_.rate)));
  bucket.left -= 1;
  return std::nullopt;
}

double RateLimit::level(const Bucket& bucket, Clock::time_point now) const {
  const double seconds = std::chrono::duration<double>(now - bucket.at).count();
  return std::min(options_.burst, bucket.left + seconds * options_.rate);
}

// A full bucket says nothing. Where none is full, whoever floods us under ever new names loses
// nothing by it either.
void RateLimit::forget_full(Clock::time_point now) {
  std::erase_if(buckets_,
                [&](const auto& each) { return level(each.second, now) >= options_.burst; });
  if (buckets_.size() >= options_.max_keys) buckets_.clear();
}

}  // namespace http
