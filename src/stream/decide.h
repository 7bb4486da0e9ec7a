// SPDX-License-Identifier: Apache-2.0
// The decision pipeline: reads both topics of what is known of the customers, joins by uuid,
// scores, and publishes one decision a pair. At least once, and nothing is lost:
//   * decisions are delivered before offsets are committed, and what is committed is the lowest
//   offset of a half that
//     still waits: after a crash the waiting halves are read again. Decisions may then be repeated,
//     never left out.
//   * both topics must have the same number of partitions, each customer in the same partition of
//   both (Kafka's default for
//     records keyed by uuid); the assignment is checked each time and refused otherwise.
//   * when partitions are given away, their state goes with a last commit; the new owner reads it
//   again.
//   * what cannot be read is counted by reason and set aside on the rejected topic, with headers
//   topic, partition, offset,
//     reason; the loop goes on.
#pragma once
#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "event/topic.h"
#include "kafka/transport.h"
#include "stream/live_offer.h"
#include "stream/meter.h"

namespace stream {

struct DecideOptions {
  // One for each experiment that the system takes part in, at least one: every decision goes out
  // once with each.
  std::vector<std::string> tokens;
  std::string demographic_topic = event::topic::kDemographic;
  std::string historic_topic = event::topic::kHistoric;
  std::string output_topic = event::topic::kStudentPrediction;
  std::string rejected_topic =
      event::topic::kRejected;            // Empty: what cannot be read is only counted.
  std::string group = "provecho-decide";  // One group for each system.
  int threads = 1;                        // Consumers; more than there are partitions stand idle.
  base::Duration window = std::chrono::seconds(60);  // See JoinOptions.
  std::int64_t max_pending = 2'000'000;              // Halves that may wait, all threads together.
  kafka::Membership membership = kafka::Membership::kGroup;  // kAlone needs one thread.
  kafka::Start start = kafka::Start::kEarliest;
  kafka::Favor favor = kafka::Favor::kLatency;
  std::chrono::milliseconds commit_interval{1'000};
  std::chrono::milliseconds delivery_wait{
      30'000};  // How long a commit waits for deliveries before it is an error.
  kafka::Properties properties;
};

base::Result<void> validate(const DecideOptions& options);

// Runs until `stop` is requested (then drains, commits and returns) or something that does not heal
// by itself goes wrong: partitions that do not match, decisions that cannot be delivered. The
// topics exist (Transport::ensure_topics). `meter` may be read from any thread meanwhile, and the
// model replaced: a batch of records (at most 10,000, or 20 ms) is decided by one model.
base::Result<void> run_decide(kafka::Transport& transport, const LiveOffer& model,
                              const DecideOptions& options, const base::Clock& clock, Meter& meter,
                              std::stop_token stop);

}  // namespace stream
