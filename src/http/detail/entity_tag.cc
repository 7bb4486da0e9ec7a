// SPDX-License-Identifier: Apache-2.0
#include "http/detail/entity_tag.h"

#include "trial/token.h"

namespace http {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::string entity_tag(std::string_view representation) {
  return '"' + trial::sha256_hex(representation).substr(0, 32) + '"';
}

bool names_tag(std::string_view list, std::string_view tag, bool weak_too) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');  // Our tags hold none.
    std::string_view each = trimmed(list.substr(0, comma));
    if (each == "*") return true;
    if (weak_too && each.starts_with("W/")) each.remove_prefix(2);
    if (each == tag) return true;
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  }
  return false;
}

}  // namespace http
