// SPDX-License-Identifier: Apache-2.0
// Whether a step of an experiment's life was stored although the answer to its write was lost.
#pragma once
#include <algorithm>
#include <vector>

#include "trial/store.h"

namespace trial::detail {

// Compares all but the numbers, which the store gives.
inline bool stands_in(const std::vector<AuditRow>& log, const AuditRow& entry) {
  return std::ranges::any_of(log, [&](AuditRow known) {
    known.number = entry.number;
    return known == entry;
  });
}

}  // namespace trial::detail
