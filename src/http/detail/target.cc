// SPDX-License-Identifier: Apache-2.0
#include "http/detail/target.h"

#include <algorithm>
#include <utility>

namespace http {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_control(int byte) { return byte < 0x20 || byte == 0x7f; }

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    int byte = static_cast<unsigned char>(text[i]);
    if (byte == '%') {
      if (text.size() - i < 3) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      byte = 16 * high + low;
      i += 2;
    }
    if (is_control(byte)) return std::nullopt;
    decoded.push_back(static_cast<char>(byte));
  }
  return decoded;
}

}  // namespace

std::optional<Target> parse_target(std::string_view target) {
  if (target.empty() || target.front() != '/') return std::nullopt;
  const std::size_t mark = std::min(target.find('?'), target.size());
  Target result;
  auto path = percent_decode(target.substr(0, mark));
  if (!path) return std::nullopt;
  result.path = *std::move(path);
  std::string_view rest = target.substr(std::min(mark + 1, target.size()));
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto name = percent_decode(pair.substr(0, equals));
    auto value = percent_decode(pair.substr(std::min(equals + 1, pair.size())));
    if (!name || !value) return std::nullopt;
    result.query[*std::move(name)] = *std::move(value);
  }
  return result;
}

}  // namespace http
