// SPDX-License-Identifier: Apache-2.0
// Whole files in and out.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

namespace base {

// The bytes of a regular file, or of standard input for "-". The error names the path and the
// reason.
Result<std::string> read_file(const std::string& path);

// Writes a neighbour of the path and renames it, so that a reader sees the old or the new content,
// never half of it.
Result<void> write_file(const std::string& path, std::string_view content);

}  // namespace base
