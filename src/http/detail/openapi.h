// SPDX-License-Identifier: Apache-2.0
// The description of the API, src/http/openapi.json, inside the binary.
#pragma once
#include <string_view>

namespace http {

std::string_view openapi_document();

}  // namespace http
