// SPDX-License-Identifier: Apache-2.0
// Recorded sessions as JSON and as rows of a CSV file, for lists and exports.
#pragma once
#include <string>

#include "http/detail/json_words.h"
#include "trial/session_row.h"

namespace http {

Json session_json(const trial::SessionRow& row);

std::string session_csv_header();  // Each with its end of line.
std::string session_csv(const trial::SessionRow& row);

}  // namespace http
