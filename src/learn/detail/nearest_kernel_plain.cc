// SPDX-License-Identifier: Apache-2.0
// The distances for any processor (the compiler's flags are in room.cmake).
#include <cstdint>
#include <cstring>

#include "learn/detail/nearest_kernel.h"

namespace learn::detail {
namespace {

constexpr std::size_t kLanes = 4;

#include "learn/detail/nearest_kernel_body.inc"

}  // namespace

extern const AddDistances add_distances_plain;
const AddDistances add_distances_plain = add_distances;

}  // namespace learn::detail
