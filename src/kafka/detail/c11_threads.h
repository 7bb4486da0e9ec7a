// SPDX-License-Identifier: Apache-2.0
// See c11_threads.cc: threads of the client library that the thread sanitizer understands.
#pragma once

namespace kafka::detail {
#if defined(__SANITIZE_THREAD__)
void use_posix_threads();  // A call brings the file into the program; it does nothing.
#else
inline void use_posix_threads() {}
#endif
}  // namespace kafka::detail
