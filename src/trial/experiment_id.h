// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "base/strong.h"

namespace trial {

using ExperimentId = base::Strong<struct ExperimentIdTag, std::int64_t>;

}  // namespace trial
