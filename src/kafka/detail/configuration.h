// SPDX-License-Identifier: Apache-2.0
// A client's settings before there is a client. For .cc files only.
#pragma once
#include <librdkafka/rdkafka.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "kafka/detail/handles.h"
#include "kafka/properties.h"

namespace kafka::detail {

class Configuration {
 public:
  Configuration();

  // Ours: the first that fails is what `start` returns.
  Configuration& set(const char* name, const std::string& value);
  Configuration& set(const char* name, const char* value) { return set(name, std::string(value)); }
  Configuration& set(const char* name, std::int64_t value) {
    return set(name, std::to_string(value));
  }
  Configuration& set(const char* name, std::chrono::milliseconds value) {
    return set(name, value.count());
  }
  // The user's: refuses names that the contracts of consumer and producer rest on. Errors do not
  // show secrets.
  Configuration& set(const Properties& properties);

  [[nodiscard]] rd_kafka_conf_t* get() const { return conf_.get(); }

  // Callbacks receive `opaque`.
  base::Result<Client> start(rd_kafka_type_t type, void* opaque);

 private:
  void put(const std::string& name, const std::string& value);
  std::unique_ptr<rd_kafka_conf_t, Destroy<rd_kafka_conf_destroy>> conf_;
  base::Result<void> state_;
};

}  // namespace kafka::detail
