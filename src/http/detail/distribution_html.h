// SPDX-License-Identifier: Apache-2.0
// How revenue is distributed in each arm, drawn for the report: the customers who bought, by what
// they spent, and beside it who spent nothing.
#pragma once
#include <string>
#include <vector>

#include "trial/progress.h"

namespace http {

// `names`: the arms', by event::System, as HTML. The drawing's classes are arm0, arm1, … and cap.
std::string distribution_html(const trial::Progress& progress,
                              const std::vector<std::string>& names);

}  // namespace http
