// SPDX-License-Identifier: Apache-2.0
// Text as a JSON string.
#pragma once
#include <string>
#include <string_view>

namespace event::detail {

// Appends the text in double quotes, escaped; bytes above 0x7f are taken to be UTF-8 and pass as
// they are.
void quote(std::string_view text, std::string& out);

}  // namespace event::detail
