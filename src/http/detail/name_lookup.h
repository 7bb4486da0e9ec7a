// SPDX-License-Identifier: Apache-2.0
// Looks the addresses of a host up, and waits no longer than until a deadline. The system's own
// look-up cannot be broken off: it ends on a thread of its own, and what it finds too late is
// dropped.
#pragma once
#include <sys/socket.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"

namespace http {

struct SocketAddress {
  sockaddr_storage bytes{};
  socklen_t size = 0;
};
using SocketAddresses = base::Result<std::vector<SocketAddress>>;

// May block for as long as it likes; called on any thread.
using NameLookup = std::function<SocketAddresses(const std::string& host, std::uint16_t port)>;

// Asks the system; in the order in which they should be tried.
SocketAddresses system_name_lookup(const std::string& host, std::uint16_t port);

// So many of a process at most have not come back; a further one is an error at once.
inline constexpr int kMostNameLookups = 32;

// The error says what failed, that the deadline has passed, or that a stop was asked for.
SocketAddresses look_up(const std::string& host, std::uint16_t port, const NameLookup& lookup,
                        std::chrono::steady_clock::time_point deadline,
                        const std::stop_token& stop);

}  // namespace http
