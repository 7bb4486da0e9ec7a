// SPDX-License-Identifier: Apache-2.0
// The server's own answers, before any route is asked.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "http/message.h"

namespace http {

Response refusal_malformed(std::string_view what);                           // 400
Response refusal_origin();                                                   // 403
Response refusal_unknown_path(std::string_view path);                        // 404
Response refusal_method(std::string_view method, const std::string& allow);  // 405
Response refusal_slow();                                                     // 408
Response refusal_body_too_large(std::size_t limit);                          // 413
Response refusal_target_too_long(std::size_t limit);                         // 414
Response refusal_media_type(std::string_view type);                          // 415
Response refusal_expectation();                                              // 417
Response refusal_headers_too_large(std::size_t limit);                       // 431
Response refusal_failed();                                                   // 500
Response refusal_busy();                                                     // 503
Response refusal_version();                                                  // 505
Response answer_options(const std::string& allow);                           // 204

// application/json, application/problem+json and the like, with or without parameters.
bool is_json_media_type(std::string_view type);

// True without an Origin (not a browser's page) and for an Origin whose host and port are the
// request's Host.
bool is_same_origin(std::string_view origin, std::string_view host);

}  // namespace http
