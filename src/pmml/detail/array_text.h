// SPDX-License-Identifier: Apache-2.0
// The content of a PMML Array as its values: separated by blanks, quoted where they hold blanks.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pmml::detail {

// `a "b c" "say \"d\""` is three values; inside quotes \" and \\ stand for " and \. Nothing where a
// quoted value has no closing quote.
std::optional<std::vector<std::string>> split_array(std::string_view text);

}  // namespace pmml::detail
