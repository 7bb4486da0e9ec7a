// SPDX-License-Identifier: Apache-2.0
// Capital and small letters of Latin, Greek, Cyrillic and Armenian text in UTF-8, whatever the
// locale.
#pragma once
#include <string>
#include <string_view>

namespace pmml {

std::string to_upper(std::string_view text);  // "ß" becomes "SS".
std::string to_lower(std::string_view text);

// The code points of a UTF-8 text; a byte that is no part of one stands for itself.
std::u32string code_points_of(std::string_view text);

}  // namespace pmml
