// SPDX-License-Identifier: Apache-2.0
// The options that say where the topics live, the same for every subcommand that has them.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "kafka/transport.h"

namespace CLI {
class App;
}

namespace cli {

struct TransportOptions {
  std::string brokers;               // --brokers: an Apache Kafka that runs.
  bool kafka = false;                // --kafka: one that we start.
  std::string jars;                  // --kafka-jars; empty: found beside the data or the checkout.
  std::uint16_t kafka_port = 19093;  // The exercise's two addresses.
  std::uint16_t kafka_second_port = 29093;
  std::vector<std::string> properties;  // -X name=value, for the Kafka client.
  std::string properties_file;          // --kafka-config FILE of such lines.
};

// --brokers (required), -X, --kafka-config: for a subcommand that is a client of somebody's
// brokers.
void add_client_options(CLI::App& command, TransportOptions& options);

// Also --kafka and its kin: for a subcommand that is the platform. Neither --kafka nor --brokers:
// the in-process broker.
void add_platform_options(CLI::App& command, TransportOptions& options);

// Starts or reaches the brokers. `data`: folder under which a Kafka of ours keeps its topics.
base::Result<std::unique_ptr<kafka::Transport>> open_transport(const TransportOptions& options,
                                                               const std::string& data);

}  // namespace cli
