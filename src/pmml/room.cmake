# SPDX-License-Identifier: Apache-2.0
# The loops over blocks of rows once more for processors with AVX2 and AVX-512; which variant runs is decided when the
# program starts.
set(score_kernels ${PROJECT_SOURCE_DIR}/src/pmml/score/kernels)
set(score_kernel_flags -Wno-psabi)
if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  list(APPEND score_kernel_flags -O3)
endif()
set_source_files_properties(${score_kernels}_plain.cc PROPERTIES COMPILE_OPTIONS "${score_kernel_flags}")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  set_source_files_properties(${score_kernels}_avx2.cc PROPERTIES COMPILE_OPTIONS "${score_kernel_flags};-mavx2")
  set_source_files_properties(${score_kernels}_avx512.cc PROPERTIES COMPILE_OPTIONS
    "${score_kernel_flags};-mavx512f;-mavx512bw;-mavx512dq;-mavx512vl;-mprefer-vector-width=512")
  set_source_files_properties(${score_kernels}.cc PROPERTIES COMPILE_DEFINITIONS PROVECHO_X86_KERNELS)
endif()
