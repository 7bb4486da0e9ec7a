// SPDX-License-Identifier: Apache-2.0
// The test program's own operator new, which counts. A file of its own, so that no caller is
// inlined into it. Sanitizers bring their own operators: under them nothing is counted.
#include "pmml/score/allocations.h"

#include <cstdlib>
#include <new>

namespace {
thread_local std::size_t count = 0;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PROVECHO_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define PROVECHO_SANITIZED
#endif
#endif

#ifndef PROVECHO_SANITIZED
void* operator new(std::size_t size) {
  ++count;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  std::abort();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++count;
  return std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
#endif

namespace pmml {
std::size_t allocations() { return count; }
}  // namespace pmml
