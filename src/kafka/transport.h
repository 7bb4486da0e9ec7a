// SPDX-License-Identifier: Apache-2.0
// Where topics live: in this process (in_process_broker.h), in an Apache Kafka that we start
// (apache_kafka.h), or in brokers that run already (external_brokers.h). Everything else programs
// against this interface; the protocol is Kafka's in all three.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "kafka/consumer.h"
#include "kafka/producer.h"
#include "kafka/properties.h"

namespace kafka {

struct TopicSpec {
  std::string name = {};        // Letters, digits, '.', '_', '-'; at most 249.
  std::int32_t partitions = 2;  // Topics that are joined by key need the same number.
  std::int16_t replicas = -1;   // -1: the broker's default.
  // "retention.ms", "cleanup.policy", …; passed over by the in-process broker.
  Properties properties = {};
};

// What a partition holds at most before it drops its oldest records, read or not. A writer must
// stay well below what its readers have not yet read. Nothing: bounded by disk and retention only.
struct Limits {
  std::optional<std::int64_t> bytes_per_partition = {};
  std::optional<std::int64_t> records_per_partition = {};
};

// Thread-safe. Consumers and producers must end before their transport.
class Transport {
 public:
  virtual ~Transport() = default;

  virtual base::Result<std::unique_ptr<Consumer>> make_consumer(ConsumerOptions options) = 0;
  virtual base::Result<std::unique_ptr<Producer>> make_producer(ProducerOptions options) = 0;

  // Creates what is missing and returns when all can be written to. A topic that exists is left as
  // it is, whatever its number of partitions (Consumer::partition_counts tells).
  virtual base::Result<void> ensure_topics(std::span<const TopicSpec> topics) = 0;

  // For people: "in-process broker: for trying out", "Apache Kafka 4.1.1 (child process) at
  // 127.0.0.1:19093,127.0.0.1:29093", "brokers kafka1:9092".
  [[nodiscard]] virtual std::string describe() const = 0;
  // host:port list for further clients.
  [[nodiscard]] virtual std::string bootstrap() const = 0;
  [[nodiscard]] virtual Limits limits() const = 0;
  // An Error when it is known to be gone (the child process has ended). No network.
  [[nodiscard]] virtual base::Result<void> health() const = 0;
};

}  // namespace kafka
