// SPDX-License-Identifier: Apache-2.0
#include "cli/stream_status.h"

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>

#include "base/number.h"
#include "event/outcome.h"

namespace cli {

base::Result<void> run_with_status(
    const stream::Meter& meter, double seconds,
    const std::function<std::string(const stream::Counters&, const stream::Counters&, double)>&
        line,
    const std::function<base::Result<void>()>& loop) {
  std::mutex mutex;
  std::condition_variable_any ended;
  std::jthread printing([&](std::stop_token stop) {
    stream::Counters before;
    std::unique_lock lock(mutex);
    while (!ended.wait_for(lock, stop, std::chrono::duration<double>(seconds), [] {
      return false;
    }) && !stop.stop_requested()) {
      const stream::Counters now = meter.sum();
      std::fprintf(stderr, "%s\n", line(now, before, seconds).c_str());
      before = now;
    }
  });
  return loop();
}

std::string format_troubles(const stream::Counters& c) {
  std::string out;
  const auto add = [&](std::int64_t count, const char* what) {
    if (count != 0) out += ", " + base::format_count(count) + " " + what;
  };
  add(c.rejected_total, "rejected");
  std::string reasons;
  for (std::size_t i = 1; i < c.outcomes_total.size(); ++i) {
    if (c.outcomes_total[i] == 0) continue;
    reasons += (reasons.empty() ? "" : ", ") +
               std::string(event::reason(static_cast<event::Outcome>(i))) + " " +
               base::format_count(c.outcomes_total[i]);
  }
  if (!reasons.empty()) out += " (" + reasons + ")";
  add(c.unknown_customer_total, "unknown customers");
  add(c.unscorable_total, "unscorable");
  add(c.expired_demographic_only_total, "without a history");
  add(c.expired_historic_only_total, "without demographics");
  add(c.overflow_total, "given up for want of memory");
  add(c.repeat_total, "repeats");
  add(c.conflicts_total, "conflicting keys");
  add(c.missing_total, "LOST BY THE BROKER");
  return out;
}

}  // namespace cli
