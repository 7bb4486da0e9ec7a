// SPDX-License-Identifier: Apache-2.0
// The ranking where rows have amounts of their own (profit/amounts.h).
#pragma once
#include <vector>

#include "base/result.h"
#include "study/analysis.h"

namespace study::detail {

// Fills the ranking, best RAP first.
base::Result<void> rank_by_row(const Ground& ground, std::vector<Model> models, Analysis& analysis);

// The leader against these of the ranking, p adjusted by Holm.
base::Result<void> compare_by_row(const Ground& ground, const std::vector<std::size_t>& rivals,
                                  Analysis& analysis);

// The leader's rows in the order of p and of p·i − c.
base::Result<Orders> orders_of(const Rows& test, const std::vector<double>& probabilities,
                               double confidence);

}  // namespace study::detail
