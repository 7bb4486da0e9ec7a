// SPDX-License-Identifier: Apache-2.0
#include "kafka/detail/configuration.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "kafka/detail/c11_threads.h"
#include "kafka/detail/log.h"

namespace kafka::detail {
namespace {

// A user who sets one of these would break what the headers promise, without an error to anybody.
constexpr std::array<std::string_view, 17> kOurs = {
    "bootstrap.servers",          "metadata.broker.list",    "group.id",
    "enable.auto.commit",         "auto.commit.enable",      "enable.auto.offset.store",
    "auto.offset.reset",          "enable.partition.eof",    "partition.assignment.strategy",
    "enable.idempotence",         "transactional.id",        "partitioner",
    "delivery.report.only.error", "group.instance.id",       "test.mock.num.brokers",
    "plugin.library.paths",       "allow.auto.create.topics"};

constexpr std::array<std::string_view, 6> kSecretWords = {"password", "secret", "key",
                                                          "pem",      "token",  "oauth"};

bool is_secret(std::string_view name) {
  return std::any_of(kSecretWords.begin(), kSecretWords.end(), [&](std::string_view word) {
    return name.find(word) != std::string_view::npos;
  });
}

}  // namespace

Configuration::Configuration() : conf_(rd_kafka_conf_new()) {
  use_posix_threads();
  rd_kafka_conf_set_log_cb(conf_.get(), log_client);
  set("log.connection.close", "false");
  set("socket.nagle.disable", "true");  // Nagle's delay costs up to 40 ms a record.
  set("reconnect.backoff.ms", 50);
  set("reconnect.backoff.max.ms", 1000);  // A broker that comes back is found within a second.
}

void Configuration::put(const std::string& name, const std::string& value) {
  if (!state_) return;
  char reason[256];
  if (rd_kafka_conf_set(conf_.get(), name.c_str(), value.c_str(), reason, sizeof reason) ==
      RD_KAFKA_CONF_OK)
    return;
  state_ =
      base::input_error("Kafka property '" + name + "': " +
                        (is_secret(name) ? "the client refuses its value" : std::string(reason)));
}

Configuration& Configuration::set(const char* name, const std::string& value) {
  put(name, value);
  return *this;
}

Configuration& Configuration::set(const Properties& properties) {
  for (const Property& property : properties) {
    if (!state_) break;
    if (std::find(kOurs.begin(), kOurs.end(), property.name) != kOurs.end()) {
      state_ = base::input_error("Kafka property '" + property.name +
                                 "' cannot be set: it is ruled by this program's own options");
    } else {
      put(property.name, property.value);
    }
  }
  return *this;
}

base::Result<Client> Configuration::start(rd_kafka_type_t type, void* opaque) {
  TRY(state_);
  rd_kafka_conf_set_opaque(conf_.get(), opaque);
  char reason[512];
  Client client(rd_kafka_new(type, conf_.get(), reason, sizeof reason));
  if (client == nullptr)
    return base::input_error("cannot start a Kafka client: " + std::string(reason));
  static_cast<void>(conf_.release());  // The client owns it now.
  return client;
}

}  // namespace kafka::detail
