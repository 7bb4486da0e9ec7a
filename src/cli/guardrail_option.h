// SPDX-License-Identifier: Apache-2.0
// How shares and guardrails are written on the command line.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "experiment/guardrails.h"

namespace cli {

// "0.05", "5%" or "5 %"; nothing for an empty text. The error names the option.
base::Result<std::optional<double>> read_share(const char* option, std::string_view text);

// "buyers=1%", "revenue_per_buyer=2:30": the metric, the most it may lose and, of a ratio, one
// customer's deviation, which only a plan needs.
base::Result<experiment::Guardrail> read_guardrail(const std::string& text);

}  // namespace cli
