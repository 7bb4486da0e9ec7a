// SPDX-License-Identifier: Apache-2.0
// Models can be compared in money only where they were counted on the same test rows.
#pragma once
#include <span>

#include "base/result.h"
#include "metric/confusion.h"

namespace profit::detail {

// Refuses no models, a negative count, no positives, and totals that differ between models.
base::Result<void> check_same_rows(std::span<const metric::Confusion> models);

}  // namespace profit::detail
