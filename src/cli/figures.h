// SPDX-License-Identifier: Apache-2.0
// Measured models as a table for people and as JSON for programs.
#pragma once
#include <optional>
#include <span>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "learn/evaluate.h"

namespace cli {

// "0.857", or "–" where there is nothing.
std::string format_figure(const std::optional<double>& value, int decimals);
// "30.7 %".
std::string format_percent(const std::optional<double>& share, int decimals = 1);

// One row a model: what it offers, how right it is and, with economics, what it earns.
std::string format_evaluations(std::span<const learn::Evaluation> evaluations,
                               const std::optional<profit::Economics>& economics);

// Undefined figures are null.
nlohmann::json evaluation_json(const learn::Evaluation& evaluation);

}  // namespace cli
