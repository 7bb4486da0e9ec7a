// SPDX-License-Identifier: Apache-2.0
// The kernels for any processor (see kernels_body.inc; the compiler's flags are in room.cmake).
#define PROVECHO_KERNELS kernels_plain
#define PROVECHO_KERNELS_NAME "plain"
#include "learn/detail/kernels_body.inc"
