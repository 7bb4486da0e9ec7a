// SPDX-License-Identifier: Apache-2.0
#include "kafka/detail/log.h"

#include <librdkafka/rdkafka.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <map>
#include <mutex>

namespace kafka::detail {
namespace {

constexpr std::chrono::seconds kQuiet{10};
constexpr std::size_t kMostKinds = 1000;  // Then the memory of what was said begins anew.

bool due(const std::string& kind) {
  using Clock = std::chrono::steady_clock;
  static std::mutex mutex;
  static std::map<std::string, Clock::time_point> said;
  const auto now = Clock::now();
  const std::lock_guard lock(mutex);
  if (said.size() > kMostKinds) said.clear();
  const auto [entry, is_new] = said.try_emplace(kind, now);
  if (!is_new && now - entry->second < kQuiet) return false;
  entry->second = now;
  return true;
}

}  // namespace

void log_client(const rd_kafka_t* client, int level, const char* facility, const char* text) {
  const std::string name = client == nullptr ? "client" : rd_kafka_name(client);
  const std::string what(facility);
  // A property meant for the other kind of client is handed to both on purpose; a broker that has
  // just started asks idempotent producers to come again.
  if (level >= 5 || what == "CONFWARN" || what == "GETPID") {
    spdlog::log(level >= 7 ? spdlog::level::trace : spdlog::level::debug, "kafka: {}: {}: {}", name,
                what, text);
  } else {
    warn_now_and_then(name + what, "kafka: " + name + ": " + text);
  }
}

void warn_now_and_then(const std::string& kind, const std::string& text) {
  if (due(kind)) spdlog::warn("{}", text);
}

}  // namespace kafka::detail
