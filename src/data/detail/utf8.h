// SPDX-License-Identifier: Apache-2.0
// Whether bytes are well-formed UTF-8 (Unicode 15, table 3-7): what a dictionary holds ends up in
// XML and JSON.
#pragma once
#include <string_view>

namespace data::detail {
bool is_utf8(std::string_view text);
}  // namespace data::detail
