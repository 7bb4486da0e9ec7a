// SPDX-License-Identifier: Apache-2.0
// What a limit may be set on.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "profit/limits.h"
#include "study/ground.h"
#include "study/model.h"

namespace study::detail {

// The measures that AnalysisOptions::limits names, of every model in the order given. Refuses
// groups that are no columns of the test rows.
base::Result<std::vector<profit::Measure>> measures_of(const Ground& ground,
                                                       const std::vector<Model>& models,
                                                       const std::vector<std::string>& groups);

}  // namespace study::detail
