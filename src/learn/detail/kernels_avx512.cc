// SPDX-License-Identifier: Apache-2.0
// The kernels for AVX-512 (see kernels_body.inc; the compiler's flags are in room.cmake).
#ifdef __AVX512DQ__
#define PROVECHO_KERNELS kernels_avx512
#define PROVECHO_KERNELS_NAME "avx512"
#include "learn/detail/kernels_body.inc"
#endif
