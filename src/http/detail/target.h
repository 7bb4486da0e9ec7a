// SPDX-License-Identifier: Apache-2.0
// A request's target taken apart.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace http {

struct Target {
  std::string path;
  std::map<std::string, std::string> query;
};

// "/v1/x%20y?wait_ms=200" → {"/v1/x y", {"wait_ms", "200"}}. Nothing for a target that does not
// start with '/', for a broken percent escape and for control characters, escaped or not.
std::optional<Target> parse_target(std::string_view target);

}  // namespace http
