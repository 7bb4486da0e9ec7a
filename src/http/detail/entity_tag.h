// SPDX-License-Identifier: Apache-2.0
// ETag and the conditions upon it (RFC 9110, 8.8.3 and 13.1): strong tags, a hash of the bytes.
#pragma once
#include <string>
#include <string_view>

namespace http {

std::string entity_tag(std::string_view representation);  // With its quotes.

// Whether a list of tags ("a", W/"b", or *) names this one. A weak tag never does in If-Match; in
// If-None-Match it does.
bool names_tag(std::string_view list, std::string_view tag, bool weak_too = false);

}  // namespace http
