// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>

#include "sql/connection.h"
#include "trial/callers.h"

namespace trial::detail {

// Over the store's connection, which outlives it.
std::unique_ptr<Callers> open_callers(sql::Connection& connection);

}  // namespace trial::detail
