# SPDX-License-Identifier: Apache-2.0
# The page travels inside the library.
include(${PROJECT_SOURCE_DIR}/cmake/embed.cmake)
provecho_embed(provecho_http ${PROJECT_SOURCE_DIR}/web)

# Asio's fences are unknown to ThreadSanitizer; its queues are guarded by a mutex as well, which it knows.
target_compile_options(provecho_http PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)

target_link_libraries(provecho_http PUBLIC OpenSSL::SSL)
