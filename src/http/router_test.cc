// SPDX-License-Identifier: Apache-2.0
#include "http/router.h"

#include <gtest/gtest.h>

namespace http {
namespace {

Handler nothing() {
  return [](const Request&, const Reply&) {};
}

TEST(Router, finds_parameters_between_slashes_and_colons) {
  Router router;
  router.get("/v1/things/{id}", nothing());
  router.post("/v1/things/{id}:start", nothing());
  const auto read = router.match("GET", "/v1/things/17");
  ASSERT_NE(read.handler, nullptr);
  EXPECT_EQ(read.parameters.at("id"), "17");
  const auto start = router.match("POST", "/v1/things/17:start");
  ASSERT_NE(start.handler, nullptr);
  EXPECT_EQ(start.parameters.at("id"), "17");
}

TEST(Router, knows_no_path_that_is_longer_shorter_or_empty_in_a_name) {
  Router router;
  router.get("/v1/things/{id}", nothing());
  for (const char* path :
       {"/v1/things", "/v1/things/", "/v1/things/1/2", "/v1/things/1:start", "", "/"}) {
    EXPECT_TRUE(router.match("GET", path).allow.empty()) << path;
  }
}

TEST(Router, says_which_methods_a_path_takes) {
  Router router;
  router.get("/a", nothing());
  router.post("/a", nothing());
  const auto match = router.match("DELETE", "/a");
  EXPECT_EQ(match.handler, nullptr);
  EXPECT_EQ(match.allow, "GET, HEAD, POST, OPTIONS");
  EXPECT_NE(router.match("HEAD", "/a").handler, nullptr);
}

TEST(Router, prefers_literal_patterns) {
  Router router;
  std::string called;
  router.get("/v1/{id}", [&](const Request&, const Reply&) { called = "named"; });
  router.get("/v1/list", [&](const Request&, const Reply&) { called = "literal"; });
  const Reply ignored([](const Response&) {});
  (*router.match("GET", "/v1/list").handler)({}, ignored);
  EXPECT_EQ(called, "literal");
  (*router.match("GET", "/v1/7").handler)({}, ignored);
  EXPECT_EQ(called, "named");
}

}  // namespace
}  // namespace http
