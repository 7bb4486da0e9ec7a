// SPDX-License-Identifier: Apache-2.0
#include "pmml/detail/array_text.h"

#include <algorithm>

namespace pmml::detail {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

// The quoted value that begins at text[at]; `at` moves behind its closing quote.
std::optional<std::string> quoted(std::string_view text, std::size_t& at) {
  std::string value;
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    const bool escaped =
        text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == '"' || text[at + 1] == '\\');
    if (escaped) ++at;
    value += text[at];
  }
  if (at >= text.size()) return std::nullopt;
  ++at;
  return value;
}

}  // namespace

std::optional<std::vector<std::string>> split_array(std::string_view text) {
  std::vector<std::string> values;
  std::size_t at = 0;
  while (true) {
    at = text.find_first_not_of(kBlanks, at);
    if (at == std::string_view::npos) return values;
    if (text[at] == '"') {
      auto value = quoted(text, at);
      if (!value) return std::nullopt;
      values.push_back(*std::move(value));
    } else {
      const std::size_t end = std::min(text.find_first_of(kBlanks, at), text.size());
      values.emplace_back(text.substr(at, end - at));
      at = end;
    }
  }
}

}  // namespace pmml::detail
