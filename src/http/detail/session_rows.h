// SPDX-License-Identifier: Apache-2.0
// Recorded sessions as JSON, for lists and exports; trial/session_csv.h has the CSV.
#pragma once
#include <string>

#include "http/detail/json_words.h"
#include "trial/session_row.h"

namespace http {

Json session_json(const trial::SessionRow& row);

}  // namespace http
