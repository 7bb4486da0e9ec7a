// SPDX-License-Identifier: Apache-2.0
// Draws from the binomial distribution, the same on every machine.
#pragma once
#include <cstdint>

#include "base/random.h"

namespace profit::detail {

// The number of successes among `trials` ≥ 0 with chance p in [0, 1]. Inversion for a mean below
// 10, otherwise transformed rejection with squeeze (Hörmann 1993, algorithm BTRS): exact, and of
// constant expected cost.
std::int64_t draw_binomial(base::Random& random, std::int64_t trials, double p);

}  // namespace profit::detail
