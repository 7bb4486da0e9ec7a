// SPDX-License-Identifier: Apache-2.0
#include "kafka/detail/node_files.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <random>
#include <string_view>

namespace kafka::detail {
namespace {

// As java.util.Properties reads it.
base::Result<std::string> property_line(const Property& property) {
  std::string line = property.name + "=";
  for (const char c : property.value) {
    if (c == '\n' || c == '\r')
      return base::input_error("server property '" + property.name + "' holds a line break");
    if (c == '\\') line += '\\';
    line += c;
  }
  if (property.name.empty() || property.name.find_first_of("=: \t\r\n\\#!") != std::string::npos) {
    return base::input_error("'" + property.name + "' is not the name of a server property");
  }
  return line + "\n";
}

}  // namespace

base::Result<std::string> server_properties(const ApacheKafkaOptions& options) {
  const std::string first = "PLAINTEXT://127.0.0.1:" + std::to_string(options.port);
  const std::string second = "SECOND://127.0.0.1:" + std::to_string(options.second_port);
  const std::string controller = "127.0.0.1:" + std::to_string(options.controller_port);
  std::string text =
      "process.roles=broker,controller\n"
      "node.id=1\n"
      "controller.quorum.voters=1@" +
      controller +
      "\n"
      "listeners=" +
      first + "," + second + ",CONTROLLER://" + controller +
      "\n"
      "advertised.listeners=" +
      first + "," + second +
      "\n"
      "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SECOND:PLAINTEXT\n"
      "controller.listener.names=CONTROLLER\n"
      "inter.broker.listener.name=PLAINTEXT\n"
      "log.dirs=topics\n"
      "num.partitions=" +
      std::to_string(options.default_partitions) +
      "\n"
      "default.replication.factor=1\n"
      "offsets.topic.num.partitions=1\n"
      "offsets.topic.replication.factor=1\n"
      "transaction.state.log.num.partitions=1\n"
      "transaction.state.log.replication.factor=1\n"
      "transaction.state.log.min.isr=1\n"
      "share.coordinator.state.topic.num.partitions=1\n"
      "share.coordinator.state.topic.replication.factor=1\n"
      "share.coordinator.state.topic.min.isr=1\n"
      // Members of a group do not wait for others to come.
      "group.initial.rebalance.delay.ms=0\n"
      // The default of 128 MiB does not fit into a small heap.
      "log.cleaner.dedupe.buffer.size=2097152\n"
      "num.network.threads=2\n"
      "num.io.threads=2\n";
  for (const Property& property : options.server_properties) {
    TRY_ASSIGN(const std::string line, property_line(property));
    text += line;
  }
  return text;
}

std::string log_settings() {
  return R"(<Configuration>
  <Appenders>
    <Console name="out" target="SYSTEM_ERR"><PatternLayout pattern="[%d] %p %m (%c)%n"/></Console>
  </Appenders>
  <Loggers>
    <Logger name="kafka.server.KafkaRaftServer" level="INFO"/>
    <Root level="WARN"><AppenderRef ref="out"/></Root>
  </Loggers>
</Configuration>
)";
}

base::Result<std::string> version_of(const std::string& jars) {
  constexpr std::string_view kInstall = ": run 'tools/kafka/install DIR' and name that folder";
  if (jars.find(':') != std::string::npos) {
    return base::input_error("the folder of Kafka's jars must not have ':' in its name: '" + jars +
                             "'");
  }
  constexpr std::string_view kServer = "kafka_2.13-";
  constexpr std::string_view kEnd = ".jar";
  std::error_code error;
  std::string version;
  bool has_clients = false;
  for (const auto& entry : std::filesystem::directory_iterator(jars, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("kafka-clients-")) has_clients = true;
    if (name.starts_with(kServer) && name.ends_with(kEnd)) {
      version = name.substr(kServer.size(), name.size() - kServer.size() - kEnd.size());
    }
  }
  if (version.empty() || !has_clients) {
    return base::input_error("no Apache Kafka in folder '" + jars + "'" + std::string(kInstall));
  }
  return version;
}

base::Result<std::string> find_java() {
  std::vector<std::string> candidates;
  if (const char* const home = std::getenv("JAVA_HOME"); home != nullptr && *home != 0) {
    candidates.push_back(std::string(home) + "/bin/java");
  }
  if (const char* const path = std::getenv("PATH"); path != nullptr) {
    std::string_view rest = path;
    while (!rest.empty()) {
      const auto end = rest.find(':');
      const std::string_view folder = rest.substr(0, end);
      if (!folder.empty()) candidates.push_back(std::string(folder) + "/java");
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
  }
  for (const std::string& candidate : candidates) {
    if (access(candidate.c_str(), X_OK) == 0) return std::filesystem::absolute(candidate).string();
  }
  return base::system_error(
      "Java is not installed, and Apache Kafka needs it (17 or later): 'tools/kafka/install DIR' "
      "installs both, or "
      "'apt-get install default-jre-headless' Java alone");
}

std::vector<std::string> java_command(const std::string& java, const std::string& jars, int heap_mb,
                                      std::vector<std::string> main_and_arguments) {
  std::vector<std::string> words = {
      java, "-Xmx" + std::to_string(heap_mb) + "m",
      // Small and quick to start: one collector thread, the first compiler only.
      "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError",
      "-Djava.awt.headless=true", "-Dlog4j2.configurationFile=log4j2.xml", "-cp",
      std::filesystem::absolute(jars).string() + "/*"};
  for (std::string& word : main_and_arguments) words.push_back(std::move(word));
  return words;
}

std::string random_cluster_id() {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::random_device device;
  std::string id;
  for (int i = 0; i < 21; ++i) id += kDigits[device() % 64];
  id[0] = kDigits[device() % 62];      // A leading '-' would look like an option.
  id += kDigits[(device() % 4) * 16];  // 22 × 6 bits hold 128 and four zeros.
  return id;
}

}  // namespace kafka::detail
