// SPDX-License-Identifier: Apache-2.0
#include "http/detail/refusal.h"

#include <algorithm>

#include "base/number.h"
#include "http/problem.h"

namespace http {
namespace {

Response refuse(int status, std::string code, std::string title, std::string detail) {
  return problem_response(Problem{.status = status,
                                  .code = std::move(code),
                                  .title = std::move(title),
                                  .detail = std::move(detail)});
}

std::string bytes(std::size_t count) {
  return base::format_count(static_cast<std::int64_t>(count)) + " bytes";
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return result;
}

}  // namespace

Response refusal_malformed(std::string_view what) {
  return refuse(400, "malformed-request", "The request is not valid HTTP", std::string(what));
}

Response refusal_origin() {
  return refuse(403, "foreign-origin", "Another web site may not do this",
                "the request's Origin is not this server's own address; programs send no Origin");
}

Response refusal_unknown_path(std::string_view path) {
  return refuse(404, "unknown-path", "Nothing is served here",
                "no route for '" + std::string(path) + "'; the page is at /, the routes below /v1");
}

Response refusal_method(std::string_view method, const std::string& allow) {
  Response response = refuse(405, "method-not-allowed", "The path does not take this method",
                             "'" + std::string(method) + "' is not one of " + allow);
  response.headers.emplace_back("Allow", allow);
  return response;
}

Response refusal_slow() {
  return refuse(408, "request-too-slow", "The request did not arrive in time",
                "send the whole request at once");
}

Response refusal_body_too_large(std::size_t limit) {
  return refuse(413, "body-too-large", "The body is too large", "at most " + bytes(limit));
}

Response refusal_target_too_long(std::size_t limit) {
  return refuse(414, "target-too-long", "The address is too long",
                "path and query hold at most " + bytes(limit));
}

Response refusal_media_type(std::string_view type) {
  return refuse(415, "not-json", "The body must be JSON",
                "Content-Type is '" + std::string(type) + "', expected application/json");
}

Response refusal_expectation() {
  return refuse(417, "unknown-expectation", "The expectation cannot be met",
                "the only one known is 100-continue");
}

Response refusal_headers_too_large(std::size_t limit) {
  return refuse(431, "headers-too-large", "The headers are too large", "at most " + bytes(limit));
}

Response refusal_failed() {
  return refuse(500, "internal", "The server failed at this request", "the log names the reason");
}

Response refusal_busy() {
  return refuse(503, "too-many-connections", "Too many connections are open",
                "try again in a second");
}

Response refusal_version() {
  return refuse(505, "http-version", "The HTTP version is not supported",
                "HTTP/1.1 and HTTP/1.0 are");
}

Response answer_options(const std::string& allow) {
  return {.status = 204, .content_type = "", .headers = {{"Allow", allow}}};
}

bool is_json_media_type(std::string_view type) {
  std::string essence = lower(type.substr(0, type.find(';')));
  while (!essence.empty() && (essence.back() == ' ' || essence.back() == '\t')) essence.pop_back();
  return essence == "application/json" ||
         (essence.starts_with("application/") && essence.ends_with("+json"));
}

bool is_same_origin(std::string_view origin, std::string_view host) {
  if (origin.empty()) return true;
  const std::size_t scheme = origin.find("://");
  return scheme != std::string_view::npos && lower(origin.substr(scheme + 3)) == lower(host);
}

}  // namespace http
