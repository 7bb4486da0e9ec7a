// SPDX-License-Identifier: Apache-2.0
// One POST to somebody else's server, over http or https, with every wait bounded. Redirects are
// not followed, and the address that is connected to is the one that was looked at, so that a
// webhook cannot be pointed at what only this machine may reach.
#pragma once
#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "http/detail/name_lookup.h"

namespace http {

struct WebTarget {
  bool tls = false;
  std::string host;
  std::uint16_t port = 80;
  std::string path;  // With its query.
};

// "https://shop.example:8443/hooks?x=1". The error says what is no such address.
base::Result<WebTarget> parse_web_target(std::string_view url);

// Of this machine, of private networks, or of nobody: RFC 6890's registries. `address` as text.
bool is_private_address(std::string_view address);

struct WebPostOptions {
  bool private_targets = false;
  std::chrono::milliseconds timeout{10'000};  // For all of it, the name's look-up too.
  NameLookup lookup = system_name_lookup;
};

// The answer's status. The error says what failed, without the body. Blocks; ends soon after a stop
// is asked for.
base::Result<int> web_post(const WebTarget& target,
                           const std::vector<std::pair<std::string, std::string>>& headers,
                           std::string_view body, const WebPostOptions& options,
                           const std::stop_token& stop);

}  // namespace http
