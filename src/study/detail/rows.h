// SPDX-License-Identifier: Apache-2.0
// Some rows of a table, and some of its columns.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "study/ground.h"

namespace study::detail {

Rows take(const data::Table& table, const learn::Labels& labels,
          const std::vector<std::uint32_t>& rows);

// Refuses rows that are not of both classes; `what` they are is for the message.
base::Result<void> check_part(const Rows& rows, const std::string& what);

// All of which the table has.
std::vector<const data::Column*> columns_of(const data::Table& table,
                                            const std::vector<std::string>& names);

}  // namespace study::detail
