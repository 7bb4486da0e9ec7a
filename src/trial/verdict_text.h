// SPDX-License-Identifier: Apache-2.0
// A verdict as text and back, equal to the bit: how it is frozen in the store.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "experiment/candidates_verdict.h"

namespace trial {

std::string verdict_text(const experiment::CandidatesVerdict& verdict);
base::Result<experiment::CandidatesVerdict> parse_verdict(std::string_view text);

}  // namespace trial
