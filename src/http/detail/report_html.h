// SPDX-License-Identifier: Apache-2.0
// One experiment as one HTML page that needs nothing else: to be mailed, printed, kept.
#pragma once
#include <string>
#include <vector>

#include "trial/progress.h"

namespace http {

// Style inside, no script; light or dark as the reader likes, paper as paper likes.
std::string report_html(const trial::Progress& progress, const std::vector<trial::AuditRow>& audit);

}  // namespace http
