// SPDX-License-Identifier: Apache-2.0
// Settings handed through to the Kafka client under its own names ("security.protocol",
// "sasl.username", …).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace kafka {

struct Property {
  std::string name = {};
  std::string value = {};
};

using Properties = std::vector<Property>;

// "name=value" as written on a command line. The value may hold further '='. Refuses an empty name;
// the message never shows the value, which may be a password.
base::Result<Property> parse_property(std::string_view text);

// The content of a file of such lines; blank lines and lines that begin with '#' are passed over.
// The error names the line.
base::Result<Properties> parse_properties(std::string_view text);

}  // namespace kafka
