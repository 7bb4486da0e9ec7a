# SPDX-License-Identifier: Apache-2.0
# The page travels inside the library.
include(${PROJECT_SOURCE_DIR}/cmake/embed.cmake)
provecho_embed(provecho_http ${PROJECT_SOURCE_DIR}/web)
