// SPDX-License-Identifier: Apache-2.0
#include "http/detail/page.h"

#include "base/number.h"

namespace http {
namespace {

constexpr std::string_view kMark = "k";

}  // namespace

base::Result<PageWish> read_page(const Request& request) {
  PageWish page;
  if (const auto asked = request.query.find("limit"); asked != request.query.end()) {
    const auto limit = base::parse_int(asked->second);
    if (!limit || *limit < 1 || *limit > kLongestPage)
      return base::input_error("limit is '" + asked->second + "': expected 1 to " +
                               std::to_string(kLongestPage));
    page.limit = *limit;
  }
  if (const auto asked = request.query.find("cursor"); asked != request.query.end()) {
    const std::string_view text = asked->second;
    const auto key =
        text.starts_with(kMark) ? base::parse_int(text.substr(kMark.size())) : std::nullopt;
    if (!key)
      return base::input_error("cursor is '" + asked->second +
                               "': expected the \"next\" of the page before");
    page.after = *key;
  }
  return page;
}

std::string cursor_after(std::int64_t key) { return std::string(kMark) + std::to_string(key); }

}  // namespace http
