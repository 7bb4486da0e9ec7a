// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/kernels.h"

#include <array>

namespace learn::detail {

extern const Kernels kernels_plain;
#ifdef PROVECHO_X86_KERNELS
extern const Kernels kernels_avx512;
#endif

namespace {

struct Runnable {
  std::array<const Kernels*, 2> variants{};
  std::size_t count = 0;

  Runnable() {
    variants[count++] = &kernels_plain;
#ifdef PROVECHO_X86_KERNELS
    const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    if (avx512) variants[count++] = &kernels_avx512;
#endif
  }
};

const Runnable& runnable() {
  static const Runnable found;
  return found;
}

}  // namespace

std::span<const Kernels* const> runnable_kernels() {
  return {runnable().variants.data(), runnable().count};
}
const Kernels& kernels() { return *runnable_kernels().back(); }

}  // namespace learn::detail
