# SPDX-License-Identifier: Apache-2.0
# The solver's kernels once more for processors with AVX-512 (AVX2 was measured to gain nothing); which variant runs is
# decided when the program starts.
set(learn_kernels ${PROJECT_SOURCE_DIR}/src/learn/detail/kernels)
set(learn_kernel_flags -Wno-psabi)  # Vectors wider than the baseline's never cross a call.
if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  list(APPEND learn_kernel_flags -O3)
  set_source_files_properties(${PROJECT_SOURCE_DIR}/src/learn/detail/standardised.cc
    ${PROJECT_SOURCE_DIR}/src/learn/detail/standardised_hessian.cc
    ${PROJECT_SOURCE_DIR}/src/learn/detail/indicators.cc
    ${PROJECT_SOURCE_DIR}/src/learn/detail/radial_machine.cc
    ${PROJECT_SOURCE_DIR}/src/learn/detail/histogram.cc ${PROJECT_SOURCE_DIR}/src/learn/detail/split.cc
    PROPERTIES COMPILE_OPTIONS "-O3")
endif()
set(learn_nearest ${PROJECT_SOURCE_DIR}/src/learn/detail/nearest_kernel)
set_source_files_properties(${learn_kernels}_plain.cc ${learn_nearest}_plain.cc PROPERTIES COMPILE_OPTIONS "${learn_kernel_flags}")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  set_source_files_properties(${learn_kernels}_avx512.cc PROPERTIES COMPILE_OPTIONS
    "${learn_kernel_flags};-mavx512f;-mavx512bw;-mavx512dq;-mavx512vl;-mprefer-vector-width=512")
  set_source_files_properties(${learn_nearest}_avx512.cc PROPERTIES COMPILE_OPTIONS
    "${learn_kernel_flags};-mavx512f;-mprefer-vector-width=512")
  set_source_files_properties(${learn_kernels}.cc ${learn_nearest}.cc
    PROPERTIES COMPILE_DEFINITIONS PROVECHO_X86_KERNELS)
endif()
