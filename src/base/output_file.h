// SPDX-License-Identifier: Apache-2.0
// A file written piece by piece, of any size, that stands under its name only once it is whole.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"

namespace base {

// Writes a neighbour of the path, which finish() renames; without finish() nothing remains of it.
// "-" is standard output; that and what is no regular file (a pipe, a device) are written as they
// are. Not thread-safe.
class OutputFile {
 public:
  static Result<OutputFile> open(const std::string& path);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

  // The error names the path and the reason: a full disk, a pipe that nobody reads any more.
  Result<void> write(std::string_view piece);
  Result<void> finish();

 private:
  OutputFile(int fd, std::string path, std::string temporary);

  int fd_;
  std::string path_;
  std::string temporary_;  // Empty where the path itself is written.
};

}  // namespace base
