# SPDX-License-Identifier: Apache-2.0
# The loops over bytes are worth the optimiser's full effort.
if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  set_source_files_properties(${PROJECT_SOURCE_DIR}/src/data/detail/chunk_parser.cc PROPERTIES COMPILE_OPTIONS "-O3")
endif()
