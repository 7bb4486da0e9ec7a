// SPDX-License-Identifier: Apache-2.0
// What to make of it all.
#pragma once
#include <string>

#include "base/result.h"
#include "study/analysis.h"

namespace study::detail {

// Fills `under_doubt` where a range of hypotheses is given.
base::Result<void> weigh_doubt(Analysis& analysis);

// One sentence or two: which model, what it earns against sending to everybody, how sure that is.
std::string advice(const Analysis& analysis);

}  // namespace study::detail
