// SPDX-License-Identifier: Apache-2.0
// Shows a file to the person at the machine.
#pragma once
#include <string>

#include "base/result.h"

namespace cli {

// With the desktop's own program for it (xdg-open). The error says what to open by hand.
base::Result<void> open_file(const std::string& path);

}  // namespace cli
