// SPDX-License-Identifier: Apache-2.0
// The tables of a trial's store, written once for every database.
#pragma once
#include "sql/connection.h"

namespace trial::detail {

sql::Schema store_schema();

}  // namespace trial::detail
