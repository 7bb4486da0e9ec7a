// SPDX-License-Identifier: Apache-2.0
// A broker inside this process (librdkafka's mock cluster on a loopback port), so that trying out
// needs nothing installed. Not for keeping anything, and it says so. Its limits, constants of
// librdkafka 2.0.2:
//   * a partition holds 100,000 records or 5 MiB; beyond that the oldest are dropped, read or not,
//   without an error to
//     anybody. (1M records of 60 bytes written before being read: 869,000 lost. A reader that keeps
//     up loses none.) limits() states half of each as safe; consumers count and report what is
//     missing.
//   * records and offsets live in memory and die with it; its port is chosen by the system.
//   * the first member of a group waits 3 s for others: single readers use Membership::kAlone.
//   * it answers a fetch that finds nothing after its whole wait, even if records come meanwhile:
//   consumers of it ask every
//     2 ms, whatever ConsumerOptions::fetch_wait says (a hop takes 2 ms then, and 50 ms if they
//     asked every 100).
//   * a topic that is written before ensure_topics names it gets 4 partitions.
//   * transactions are accepted but do not isolate, and Java clients cannot attach.
#pragma once
#include <memory>

#include "kafka/transport.h"

namespace kafka {

class InProcessBroker final : public Transport {
 public:
  static base::Result<std::unique_ptr<InProcessBroker>> start();
  ~InProcessBroker() override;

  base::Result<std::unique_ptr<Consumer>> make_consumer(ConsumerOptions options) override;
  base::Result<std::unique_ptr<Producer>> make_producer(ProducerOptions options) override;
  base::Result<void> ensure_topics(std::span<const TopicSpec> topics) override;
  [[nodiscard]] std::string describe() const override;
  [[nodiscard]] std::string bootstrap() const override;
  [[nodiscard]] Limits limits() const override;
  [[nodiscard]] base::Result<void> health() const override;

  // For tests of what happens when brokers misbehave.
  void set_down(bool down);  // Refuses connections and drops those it has.
  void set_round_trip(std::chrono::milliseconds rtt);  // Added to every answer.
  // The next `times` produce requests are answered by this error code of the Kafka protocol (10:
  // record too large).
  void fail_next_produce(int protocol_error, int times);

 private:
  struct State;
  explicit InProcessBroker(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace kafka
