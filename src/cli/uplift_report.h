// SPDX-License-Identifier: Apache-2.0
// What models bring beyond a control group, as a table and a sentence for people and as JSON.
#pragma once
#include <optional>
#include <span>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "learn/beyond_controls.h"

namespace cli {

// Money is per 1,000 customers; without economics acceptances gained are.
std::string format_beyond_controls(std::span<const learn::BeyondControls> ranking, std::size_t rows,
                                   const std::optional<profit::Economics>& economics);

// Which model brings most, and whether by more than chance. The ranking has two models or more.
std::string beyond_controls_sentence(std::span<const learn::BeyondControls> ranking,
                                     const std::optional<profit::Economics>& economics);

nlohmann::json beyond_controls_json(std::span<const learn::BeyondControls> ranking);

}  // namespace cli
