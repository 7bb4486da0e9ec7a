// SPDX-License-Identifier: Apache-2.0
// The distances for AVX-512 (the compiler's flags are in room.cmake).
#include <cstdint>
#include <cstring>

#include "learn/detail/nearest_kernel.h"

#ifdef __AVX512F__

namespace learn::detail {
namespace {

constexpr std::size_t kLanes = 16;

#include "learn/detail/nearest_kernel_body.inc"

}  // namespace

extern const AddDistances add_distances_avx512;
const AddDistances add_distances_avx512 = add_distances;

}  // namespace learn::detail

#endif
