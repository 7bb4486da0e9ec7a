// SPDX-License-Identifier: Apache-2.0
// What a study's file belongs to.
#pragma once
#include <string>
#include <vector>

#include "learn/labels.h"
#include "profit/economics.h"
#include "study/ground.h"

namespace study::detail {

// "rows=… content=… target=… … q=…": the tables as they were given, how they are split, and the
// money. Any change of these is another study.
std::string fingerprint_of(const Tables& tables, const learn::Labels& labels,
                           const std::vector<std::string>& attributes, const GroundOptions& options,
                           const profit::Economics& economics);

}  // namespace study::detail
