# SPDX-License-Identifier: Apache-2.0
# The page travels inside the library.
include(${PROJECT_SOURCE_DIR}/cmake/embed.cmake)
provecho_embed(provecho_http ${PROJECT_SOURCE_DIR}/web)

# So does the description of the API.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/http/openapi.json)
file(READ ${PROJECT_SOURCE_DIR}/src/http/openapi.json openapi)
configure_file(${PROJECT_SOURCE_DIR}/src/http/openapi.cc.in ${CMAKE_CURRENT_BINARY_DIR}/openapi.cc @ONLY)
target_sources(provecho_http PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/openapi.cc)

# Asio's fences are unknown to ThreadSanitizer; its queues are guarded by a mutex as well, which it knows.
target_compile_options(provecho_http PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)

# The server under TLS.
target_link_libraries(provecho_http PUBLIC OpenSSL::SSL)
