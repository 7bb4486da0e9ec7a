// SPDX-License-Identifier: Apache-2.0
// One writer for a file: a lock that the kernel releases when its process ends, however it ends.
#pragma once
#include <string>
#include <utility>

#include "base/result.h"

namespace sql::detail {

class SingleWriter {
 public:
  // Locks "<path>-writer". Refused while another process (or another object) holds it.
  static base::Result<SingleWriter> take(const std::string& path);
  SingleWriter(SingleWriter&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  SingleWriter& operator=(SingleWriter&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~SingleWriter();

 private:
  explicit SingleWriter(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace sql::detail
