// SPDX-License-Identifier: Apache-2.0
#include "cli/transport.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <utility>

#include "base/file.h"
#include "kafka/apache_kafka.h"
#include "kafka/external_brokers.h"
#include "kafka/in_process_broker.h"

namespace cli {
namespace {

base::Result<kafka::Properties> client_properties(const TransportOptions& options) {
  kafka::Properties properties;
  if (!options.properties_file.empty()) {
    TRY_ASSIGN(const std::string text, base::read_file(options.properties_file));
    TRY_ASSIGN(properties, kafka::parse_properties(text));
  }
  for (const std::string& text : options.properties) {
    TRY_ASSIGN(kafka::Property property, kafka::parse_property(text));
    properties.push_back(std::move(property));
  }
  return properties;
}

// Where tools/kafka/install puts the jars: .provecho/kafka of the checkout, which is the working
// folder or lies two above the program (build/release/provecho).
std::string find_jars() {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  for (const fs::path& root :
       {fs::current_path(ignored), program.parent_path().parent_path().parent_path()}) {
    const fs::path jars = root / ".provecho" / "kafka";
    if (fs::is_directory(jars, ignored)) return jars.string();
  }
  return ".provecho/kafka";
}

void add_shared_options(CLI::App& command, TransportOptions& options) {
  command
      .add_option("-X", options.properties,
                  "Setting for the Kafka client, name=value, as librdkafka names it; repeatable")
      ->type_name("NAME=VALUE");
  command
      .add_option("--kafka-config", options.properties_file,
                  "File of such settings, one a line (keeps passwords off the command line)")
      ->type_name("FILE");
}

}  // namespace

void add_client_options(CLI::App& command, TransportOptions& options) {
  command.add_option("--brokers", options.brokers, "Kafka brokers, host:port[,host:port]")
      ->type_name("HOSTS")
      ->required();
  add_shared_options(command, options);
}

void add_platform_options(CLI::App& command, TransportOptions& options) {
  CLI::Option* brokers = command
                             .add_option("--brokers", options.brokers,
                                         "Use the Kafka brokers that run at host:port[,host:port]")
                             ->type_name("HOSTS");
  CLI::Option* kafka = command.add_flag(
      "--kafka", options.kafka,
      "Start an Apache Kafka as a child process (needs Java; ./demo --kafka installs it)");
  brokers->excludes(kafka);
  command.add_option("--kafka-port", options.kafka_port, "Its first address")
      ->capture_default_str();
  command.add_option("--kafka-second-port", options.kafka_second_port, "Its second address")
      ->capture_default_str();
  command.add_option("--kafka-jars", options.jars, "Folder of Kafka's jars [.provecho/kafka]")
      ->type_name("DIR");
  add_shared_options(command, options);
}

base::Result<std::unique_ptr<kafka::Transport>> open_transport(const TransportOptions& options,
                                                               const std::string& data) {
  if (!options.brokers.empty()) {
    TRY_ASSIGN(kafka::Properties properties, client_properties(options));
    TRY_ASSIGN(auto brokers,
               kafka::ExternalBrokers::connect(
                   {.brokers = options.brokers, .properties = std::move(properties)}));
    return std::unique_ptr<kafka::Transport>(std::move(brokers));
  }
  if (options.kafka) {
    kafka::ApacheKafkaOptions node;
    node.jars = options.jars.empty() ? find_jars() : options.jars;
    node.data = data + "/kafka";
    node.port = options.kafka_port;
    node.second_port = options.kafka_second_port;
    // Only the node itself goes there, so two with ports of their own can run side by side.
    node.controller_port = 0;
    TRY_ASSIGN(auto kafka, kafka::ApacheKafka::start(std::move(node)));
    return std::unique_ptr<kafka::Transport>(std::move(kafka));
  }
  TRY_ASSIGN(auto broker, kafka::InProcessBroker::start());
  return std::unique_ptr<kafka::Transport>(std::move(broker));
}

}  // namespace cli
