// SPDX-License-Identifier: Apache-2.0
// What a transport tells every client of it.
#pragma once
#include <chrono>
#include <optional>
#include <string>

#include "kafka/properties.h"

namespace kafka::detail {

struct ClientSettings {
  std::string bootstrap;
  Properties properties;
  // The broker never removes records by retention: a partition read from its beginning begins at 0,
  // or records are lost.
  bool begins_at_zero = false;
  // The broker answers a fetch that finds nothing only when its wait is over, not when records
  // come: then the wait is the latency of a record, and must be short.
  std::optional<std::chrono::milliseconds> longest_fetch_wait = {};
};

}  // namespace kafka::detail
