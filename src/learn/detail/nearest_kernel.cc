// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/nearest_kernel.h"

#include <array>
#include <utility>

namespace learn::detail {

extern const AddDistances add_distances_plain;
#ifdef PROVECHO_X86_KERNELS
extern const AddDistances add_distances_avx512;
#endif

std::span<const AddDistances> runnable_distances() {
  static const auto all = [] {
    std::array<AddDistances, 2> variants = {add_distances_plain, add_distances_plain};
    std::size_t count = 1;
#ifdef PROVECHO_X86_KERNELS
    if (__builtin_cpu_supports("avx512f")) variants[count++] = add_distances_avx512;
#endif
    return std::pair(variants, count);
  }();
  return std::span(all.first).first(all.second);
}

}  // namespace learn::detail
