// SPDX-License-Identifier: Apache-2.0
// Lists in pages: ?limit=100&cursor=… of what the page before gave as "next".
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "http/message.h"

namespace http {

inline constexpr std::int64_t kLongestPage = 1000;

struct PageWish {
  std::int64_t limit = kLongestPage;
  std::optional<std::int64_t> after = {};  // The key of the last row that was seen.
};

// The error names the parameter that is no limit (1 to 1000) or none of our cursors.
base::Result<PageWish> read_page(const Request& request);

// For people it means nothing, so that it may come to mean something else.
std::string cursor_after(std::int64_t key);

}  // namespace http
