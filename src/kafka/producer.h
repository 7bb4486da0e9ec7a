// SPDX-License-Identifier: Apache-2.0
// Writes records, each exactly once and in order per partition (the idempotent producer), and never
// loses one silently: a record that could not be delivered is an Error of the next flush.
//
//   TRY(producer->send("topic_decision", key, value));
//   TRY(producer->flush(std::chrono::seconds(10)));   // before committing the offsets that led to
//   these records
//
// Thread-safe: any number of threads may send and flush at once.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "kafka/properties.h"
#include "kafka/record.h"

namespace kafka {

namespace detail {
struct ClientSettings;
}

enum class Favor {
  kLatency,     // Sent at once: batches form only behind those under way.
  kThroughput,  // Waits 5 ms for company and compresses with lz4.
};

struct ProducerOptions {
  std::string name = "provecho";  // In the log and, as client.id, in the broker's.
  Favor favor = Favor::kLatency;
  // Without it a retry may repeat or reorder records; only for brokers that refuse it.
  bool idempotent = true;
  // What may wait for delivery; then send blocks.
  std::int64_t queue_records = 100'000;
  std::int64_t queue_bytes = 64LL << 20;
  // A record not delivered for so long (a broker that is away) has failed.
  std::chrono::milliseconds delivery_timeout{120'000};
  // For the client, after ours; those that the contract above rests on are refused.
  Properties properties = {};
};

struct ProducerCounters {
  std::int64_t sent_total = 0;       // Accepted by send.
  std::int64_t delivered_total = 0;  // Acknowledged by the broker.
  std::int64_t failed_total = 0;     // Given up; sent = delivered + failed + outstanding.
  std::int64_t errors_total = 0;     // Transient.
};

class Producer {
 public:
  // By Transport::make_producer.
  static base::Result<std::unique_ptr<Producer>> open(const detail::ClientSettings& settings,
                                                      ProducerOptions options);
  // Waits up to 5 s for what is outstanding; logs what is lost then. Call flush before and look at
  // its answer.
  ~Producer();
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;

  // Copies everything and returns before delivery. The key decides the partition (murmur2, as the
  // Java clients do; at random for an empty one, which is sent as no key). Blocks while the queue
  // is full, until `stop` is requested (an Error then: the record was not accepted). Errors: no
  // such topic or partition, a record larger than the broker takes (1 MB), a producer that the
  // broker has fenced.
  base::Result<void> send(std::string_view topic, std::string_view key, std::string_view value,
                          std::span<const Header> headers = {},
                          std::optional<base::Timestamp> timestamp = {}, std::stop_token stop = {});

  // Returns when everything sent before the call is delivered. An Error if not within `timeout`, or
  // if any record failed since the last flush: how many, and the reason and topic of the first.
  base::Result<void> flush(std::chrono::milliseconds timeout);

  // Accepted, neither delivered nor failed yet.
  [[nodiscard]] std::int64_t outstanding() const;
  [[nodiscard]] ProducerCounters counters() const;

 private:
  struct State;
  explicit Producer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace kafka
