// SPDX-License-Identifier: Apache-2.0
// What a transport tells every client of it.
#pragma once
#include <string>

#include "kafka/properties.h"

namespace kafka::detail {

struct ClientSettings {
  std::string bootstrap;
  Properties properties;
  // The broker never removes records by retention: a partition read from its beginning begins at 0, or records are lost.
  bool begins_at_zero = false;
};

}  // namespace kafka::detail
