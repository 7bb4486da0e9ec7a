// SPDX-License-Identifier: Apache-2.0
// The description of the API and the routes, held against each other.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "http/detail/embedded.h"
#include "http/detail/service_fixture_test.h"

namespace http {
namespace {

using Json = nlohmann::json;
using OpenApi = ServiceFixture;
using Operations = std::set<std::pair<std::string, std::string>>;

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return static_cast<char>(c - 'a' + 'A'); });
  return text;
}

bool is_page(const std::string& path) {
  return path == "/" || path == "/study" ||
         std::ranges::any_of(embedded_files(),
                             [&](const EmbeddedFile& file) { return file.path == path; });
}

// Every "$ref" below the value.
void collect_references(const Json& value, std::set<std::string>& found) {
  if (value.is_object() && value.contains("$ref")) found.insert(value["$ref"]);
  if (!value.is_structured()) return;
  for (const Json& each : value) collect_references(each, found);
}

TEST_F(OpenApi, describes_every_route_and_no_other) {
  const Json document = json(get("/v1/openapi.json"));
  ASSERT_EQ(document["openapi"], "3.1.0");
  Operations described;
  for (const auto& [path, methods] : document["paths"].items()) {
    for (const auto& [method, operation] : methods.items()) described.emplace(upper(method), path);
  }
  Operations served;
  for (const auto& [method, path] : service_->routes()) {
    if (!is_page(path)) served.emplace(method, path);
  }
  EXPECT_EQ(described, served);
}

TEST_F(OpenApi, names_every_parameter_of_a_path_and_defines_what_it_refers_to) {
  const Json document = json(get("/v1/openapi.json"));
  const Json& parameters = document["components"]["parameters"];
  for (const auto& [path, methods] : document["paths"].items()) {
    for (const Json& operation : methods) {
      std::size_t named = 0;
      for (const Json& each : operation.value("parameters", Json::array())) {
        const std::string reference = each["$ref"];
        const Json& parameter = parameters.at(reference.substr(reference.rfind('/') + 1));
        if (parameter["in"] != "path") continue;
        ++named;
        EXPECT_NE(path.find("{" + parameter["name"].get<std::string>() + "}"), std::string::npos);
      }
      EXPECT_EQ(named, static_cast<std::size_t>(std::ranges::count(path, '{'))) << path;
    }
  }
  std::set<std::string> references;
  collect_references(document, references);
  EXPECT_GT(references.size(), 30U);
  for (const std::string& reference : references)
    EXPECT_TRUE(document.contains(Json::json_pointer(reference.substr(1)))) << reference;
}

TEST_F(OpenApi, offers_exactly_the_methods_that_paths_allow) {
  const Json document = json(get("/v1/openapi.json"));
  for (const auto& [path, methods] : document["paths"].items()) {
    std::string filled = path;
    for (std::size_t open = 0; (open = filled.find('{')) != std::string::npos;)
      filled.replace(open, filled.find('}') - open + 1, "1");
    const std::string allow = field_of(send("OPTIONS", filled, ""), "Allow");
    for (const auto& [method, operation] : methods.items())
      EXPECT_NE(allow.find(upper(method)), std::string::npos) << filled;
  }
}

}  // namespace
}  // namespace http
