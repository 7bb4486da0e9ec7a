// SPDX-License-Identifier: Apache-2.0
#include "kafka/detail/consumer_options.h"

#include <algorithm>

namespace kafka::detail {
namespace {

base::Result<void> within(std::int64_t value, std::int64_t low, std::int64_t high,
                          const char* what) {
  if (value >= low && value <= high) return {};
  return base::input_error("a consumer's " + std::string(what) + " lies between " +
                           std::to_string(low) + " and " + std::to_string(high) + ", not at " +
                           std::to_string(value));
}

}  // namespace

base::Result<void> validate(const ConsumerOptions& options) {
  if (options.topics.empty()) return base::input_error("a consumer needs at least one topic");
  for (auto topic = options.topics.begin(); topic != options.topics.end(); ++topic) {
    if (topic->empty()) return base::input_error("a consumer's topic has an empty name");
    // The client library would take such a name for a regular expression.
    if (topic->front() == '^')
      return base::input_error("'" + *topic + "' cannot be a topic: patterns are not taken");
    if (std::find(topic + 1, options.topics.end(), *topic) != options.topics.end()) {
      return base::input_error("a consumer names topic '" + *topic + "' twice");
    }
  }
  if (options.group.empty()) return base::input_error("a consumer needs the name of its group");
  TRY(within(options.queue_bytes, 1 << 20, 1LL << 30, "queue in bytes"));
  TRY(within(options.queue_records, 1'000, 10'000'000, "queue in records"));
  TRY(within(options.fetch_wait.count(), 1, 30'000, "fetch wait in ms"));
  TRY(within(options.session_timeout.count(), 1'000, 3'600'000, "session timeout in ms"));
  TRY(within(options.max_poll_interval.count(), options.session_timeout.count(), 86'400'000,
             "longest time between polls in ms (at least the session timeout)"));
  return {};
}

void configure(Configuration& configuration, const ClientSettings& settings,
               const ConsumerOptions& options) {
  configuration.set("bootstrap.servers", settings.bootstrap)
      .set("client.id", options.name)
      .set("group.id", options.group)
      .set("enable.auto.commit", "false")
      .set("enable.auto.offset.store", "false")
      .set("partition.assignment.strategy", "range")
      .set("auto.offset.reset", options.start == Start::kEarliest ? "earliest" : "latest")
      .set("isolation.level", "read_committed")
      .set("fetch.min.bytes", 1)
      .set("fetch.wait.max.ms",
           std::min(options.fetch_wait, settings.longest_fetch_wait.value_or(options.fetch_wait)))
      .set("fetch.error.backoff.ms", 50)
      .set("queued.min.messages", options.queue_records)
      .set("queued.max.messages.kbytes", options.queue_bytes / 1024)
      .set("session.timeout.ms", options.session_timeout)
      .set("heartbeat.interval.ms", options.session_timeout / 4)
      .set("max.poll.interval.ms", options.max_poll_interval)
      .set(settings.properties)
      .set(options.properties);
}

}  // namespace kafka::detail
