// SPDX-License-Identifier: Apache-2.0
// A transport's own client: asks whether brokers are there, and creates topics. Thread-safe. For
// .cc files only.
#pragma once
#include <chrono>
#include <memory>
#include <mutex>
#include <span>
#include <string>

#include "base/result.h"
#include "kafka/detail/client_settings.h"
#include "kafka/detail/handles.h"
#include "kafka/transport.h"

namespace kafka::detail {

// Names and numbers that any broker would take; the error names the topic and the rule.
base::Result<void> validate(std::span<const TopicSpec> topics);

class Admin {
 public:
  static base::Result<std::unique_ptr<Admin>> open(const ClientSettings& settings);

  // Waits for the brokers' first answer. The error says why there was none, as far as the client
  // knows.
  base::Result<void> ping(std::chrono::milliseconds timeout);

  // Creates what is missing, by the protocol.
  base::Result<void> create(std::span<const TopicSpec> topics, std::chrono::milliseconds timeout);

  // Returns when every topic has partitions and all of these have leaders.
  base::Result<void> wait_for(std::span<const TopicSpec> topics, std::chrono::milliseconds timeout);

 private:
  static void on_error(rd_kafka_t* client, int error, const char* reason, void* opaque);
  std::string trouble();  // The latest error of the connection; empty if none.

  std::mutex mutex_;
  std::string trouble_;
  Client client_;
};

}  // namespace kafka::detail
