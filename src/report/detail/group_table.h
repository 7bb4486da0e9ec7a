// SPDX-License-Identifier: Apache-2.0
// How a model behaves by group, as an HTML table.
#pragma once
#include <string>

#include "study/analysis.h"

namespace report::detail {

inline constexpr std::size_t kMostGroups = 30;  // More are counted only.

std::string group_table(const std::string& model, const study::Fairness& fairness);

}  // namespace report::detail
