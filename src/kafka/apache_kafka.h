// SPDX-License-Identifier: Apache-2.0
// Apache Kafka as a child process: one KRaft node, with two listeners on loopback so that foreign
// clients can join in, its data kept between runs. Needs Java and a folder of Kafka's jars
// (tools/kafka/install DIR makes one). Starts in 1–2 s, 150 MB.
//
// The child ends with us: stop() asks it to shut down cleanly; if this process is killed, the
// kernel asks it (a node left over all the same is found by its pid file and stopped at the next
// start).
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "kafka/transport.h"

namespace kafka {

struct ApacheKafkaOptions {
  std::string jars = {};  // Folder of Kafka's jars.
  // Folder for settings, log and topics; created if absent. One running node per folder.
  std::string data = {};
  std::uint16_t port = 19093;  // 0, here and below: one that is free.
  std::uint16_t second_port = 29093;
  std::uint16_t controller_port = 20093;
  int heap_mb = 128;
  std::int32_t default_partitions = 2;  // Of a topic that is written before ensure_topics names it.
  std::chrono::milliseconds start_timeout{60'000};
  Properties server_properties = {};  // For server.properties, after ours.
};

class ApacheKafka final : public Transport {
 public:
  // Returns when the node takes clients. Errors say what to do: Java or jars absent, a port in use,
  // the folder in use by another run, or the end of Kafka's own log where it failed.
  static base::Result<std::unique_ptr<ApacheKafka>> start(ApacheKafkaOptions options);
  ~ApacheKafka() override;  // stop()

  // Clean shut-down (1–2 s); killed if it takes more than 20 s. Idempotent.
  base::Result<void> stop();

  base::Result<std::unique_ptr<Consumer>> make_consumer(ConsumerOptions options) override;
  base::Result<std::unique_ptr<Producer>> make_producer(ProducerOptions options) override;
  base::Result<void> ensure_topics(std::span<const TopicSpec> topics) override;
  [[nodiscard]] std::string describe() const override;
  [[nodiscard]] std::string bootstrap() const override;  // Both listeners.
  [[nodiscard]] Limits limits() const override;
  [[nodiscard]] base::Result<void> health() const override;

 private:
  struct State;
  explicit ApacheKafka(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace kafka
