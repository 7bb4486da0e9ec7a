# SPDX-License-Identifier: Apache-2.0
# How every file of ours is compiled. Floating-point contraction is off everywhere: the interpreter and the compiled
# scorer, and every instruction set, must agree bit for bit, so a fused multiply-add is used only where it is written.
add_library(provecho_options INTERFACE)
target_compile_options(provecho_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wno-missing-field-initializers -ffp-contract=off
  $<$<BOOL:${PROVECHO_WERROR}>:-Werror>)
# GCC 12 sees overlapping copies in its own std::string (its bug 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(provecho_options INTERFACE -Wno-restrict)
endif()
target_include_directories(provecho_options INTERFACE ${PROJECT_SOURCE_DIR}/src)

if(NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(PROVECHO_CCACHE ccache)
  if(PROVECHO_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${PROVECHO_CCACHE})
  endif()
endif()
