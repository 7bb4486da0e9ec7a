// SPDX-License-Identifier: Apache-2.0
#include "kafka/properties.h"

namespace kafka {
namespace {

std::string_view trim(std::string_view text) {
  const auto blank = " \t\r";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

}  // namespace

base::Result<Property> parse_property(std::string_view text) {
  const auto equals = text.find('=');
  const std::string_view name = trim(text.substr(0, equals));
  if (equals == std::string_view::npos || name.empty()) {
    return base::input_error("a property is written name=value, as in security.protocol=ssl");
  }
  return Property{std::string(name), std::string(trim(text.substr(equals + 1)))};
}

base::Result<Properties> parse_properties(std::string_view text) {
  Properties properties;
  for (int line_number = 1; !text.empty(); ++line_number) {
    const auto end = text.find('\n');
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line.front() == '#') continue;
    auto property = parse_property(line);
    if (!property) {
      return base::input_error("line " + std::to_string(line_number) + ": " +
                               property.error().message);
    }
    properties.push_back(std::move(property).value());
  }
  return properties;
}

}  // namespace kafka
