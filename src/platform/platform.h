// SPDX-License-Identifier: Apache-2.0
// The running platform: one loop, on a thread of its own, that carries the topics into the live
// trials and their decisions out. It is the store's only writer; whatever people and shops ask by
// HTTP goes through the same loop.
//
// One turn of the loop: read what has come by topics and desk → hand it to its trial → time-outs →
// one commit of the store → answer the desk → publish what the commit made true → once the broker
// has it, commit the topics' offsets. A crash between any two of these repeats work that changes
// nothing.
//
//   TRY_ASSIGN(auto platform, platform::Platform::start(transport, store, clock, {}));
//   http::Server server(platform->desk(), …);
//   …
//   TRY(platform->stop());
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "event/topic.h"
#include "kafka/transport.h"
#include "trial/desk.h"
#include "trial/store.h"

namespace platform {

namespace detail {
class Loop;
}

struct Topics {
  std::string session = event::topic::kSession;
  std::string sampled = event::topic::kSampled;
  std::string base_prediction = event::topic::kBasePrediction;
  std::string student_prediction = event::topic::kStudentPrediction;
  std::string decision = event::topic::kDecision;
  std::string revenue = event::topic::kRevenue;
  std::string rejected = event::topic::kRejected;
};

// Called by whoever starts an experiment at the desk, before the answer: the platform's own base
// system gets its token so.
using Started = std::function<void(trial::ExperimentId, const trial::StartedTokens&)>;

struct Options {
  Topics topics;
  std::string group = "provecho-platform";  // Where the offsets are kept. One platform per group.
  std::size_t max_batch = 5000;             // Records of one commit at most.
  std::chrono::milliseconds idle_wait{
      2};  // Poll wait: bounds the latency of time-outs and of the desk.
  std::chrono::milliseconds progress_every{200};
  std::chrono::milliseconds offsets_every{
      100};  // A crash repeats at most so much; it changes nothing.
  std::chrono::milliseconds flush_timeout{
      30'000};  // At the end, for what is still to be said; no turn waits for the broker so long.
  std::chrono::milliseconds store_patience{
      30'000};                  // A store that fails for so long ends the loop (a full disk, say).
  std::int32_t partitions = 2;  // Of topics that do not exist yet.
  Started started;              // May be empty.
};

struct Counters {
  std::int64_t records_total = 0;  // Read from topics.
  std::int64_t bytes_total = 0;
  std::int64_t commits_total = 0;  // Of the store.
  std::int64_t sampled_total = 0;  // Published, repeats too.
  std::int64_t decisions_total = 0;
  std::int64_t rejected_total = 0;  // Set aside on topic_rejected.
  std::int64_t without_trial_total =
      0;  // Predictions and revenues that came while no experiment was live.
  std::int64_t missing_total = 0;  // Records that a broker dropped before they were read.
};

class Platform {
 public:
  // Creates missing topics, takes up the live experiments, publishes again what may not have been
  // heard, starts the loop. All three outlive the platform; the store is the loop's until stop()
  // returns.
  static base::Result<std::unique_ptr<Platform>> start(kafka::Transport& transport,
                                                       trial::Store& store,
                                                       const base::Clock& clock, Options options);
  ~Platform();  // stop()
  Platform(const Platform&) = delete;
  Platform& operator=(const Platform&) = delete;

  // Thread-safe; outlives stop() (and refuses then), not the platform.
  [[nodiscard]] trial::Desk& desk();

  [[nodiscard]] Counters counters() const;  // Thread-safe.

  // An Error when the loop has ended by itself: the store or the broker failed for good.
  // Thread-safe.
  [[nodiscard]] base::Result<void> health() const;

  // Finishes the turn under way, answers what waits at the desk, commits, leaves. Idempotent;
  // returns health().
  base::Result<void> stop();

 private:
  explicit Platform(std::unique_ptr<detail::Loop> loop);
  std::unique_ptr<detail::Loop> loop_;
};

}  // namespace platform
