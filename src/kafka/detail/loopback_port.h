// SPDX-License-Identifier: Apache-2.0
// Ports of 127.0.0.1.
#pragma once
#include <cstdint>

#include "base/result.h"

namespace kafka::detail {

// The port itself if nobody listens on it, or for 0 one that is free now. The error names a port in
// use.
base::Result<std::uint16_t> free_port(std::uint16_t port);

}  // namespace kafka::detail
