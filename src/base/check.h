// SPDX-License-Identifier: Apache-2.0
// CHECK states what a bug of ours would break; it aborts with a message in every build. Never a
// condition that the content of a file or a record can decide: those are errors (result.h) or
// outcomes.
#pragma once

namespace base {
[[noreturn]] void check_failed(const char* condition, const char* file, int line);
}  // namespace base

#define CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::base::check_failed(#condition, __FILE__, __LINE__))
