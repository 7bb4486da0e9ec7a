// SPDX-License-Identifier: Apache-2.0
// The tests' oracle: tests/experiment_checks.json, made with mpmath, scipy, statsmodels and others
// (each check says how). A check's every output must be compared or set aside with a reason; what
// is left over fails the test.
#pragma once
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace experiment::oracle {

using Json = nlohmann::json;
inline constexpr double kTolerance = 1e-9;  // Relative.

inline const Json& checks() {
  static const Json all = [] {
    std::ifstream file(PROVECHO_SOURCE_DIR "/tests/experiment_checks.json");
    return Json::parse(file).at("checks");
  }();
  return all;
}

inline const Json& check(const std::string& id) {
  for (const Json& each : checks()) {
    if (each.at("id") == id) return each;
  }
  throw std::runtime_error("the oracle has no check " + id);
}

// Ids of the given sections, in the file's order.
inline std::vector<std::string> ids(const std::set<std::string>& sections) {
  std::vector<std::string> result;
  for (const Json& each : checks()) {
    if (sections.count(each.at("section")) > 0) result.push_back(each.at("id"));
  }
  return result;
}

// One (nested) object of expected outputs.
class Expected {
 public:
  explicit Expected(const Json& values) : values_(values) {
    for (const auto& [key, value] : values.items()) open_.insert(key);
  }
  ~Expected() {
    for (const std::string& key : open_) ADD_FAILURE() << "expected output not compared: " << key;
  }
  Expected(const Expected&) = delete;
  Expected& operator=(const Expected&) = delete;

  void is(const std::string& key, double actual, double relative = kTolerance) {
    const double expected = take(key).get<double>();
    EXPECT_NEAR(actual, expected, relative * std::fabs(expected)) << key;
  }
  void is_absolutely(const std::string& key, double actual, double margin) {
    EXPECT_NEAR(actual, take(key).get<double>(), margin) << key;
  }
  void is_if_present(const std::string& key, double actual) {
    if (values_.contains(key)) is(key, actual);
  }
  const Json& take(const std::string& key) {
    EXPECT_EQ(open_.erase(key), 1U) << key;
    return values_.at(key);
  }
  // Not a value of ours; `why` is for the reader.
  void set_aside(const std::string& key, const char* why) {
    ASSERT_NE(std::string(why), "");
    if (values_.contains(key)) take(key);
  }

 private:
  const Json& values_;
  std::set<std::string> open_;
};

using Handler = std::function<void(const Json& inputs, const Json& outputs)>;
// The longest prefix of an id decides who handles it.
using Handlers = std::map<std::string, Handler>;

inline void run(const Handlers& handlers, const std::string& id) {
  const Handler* best = nullptr;
  for (const auto& [prefix, handler] :
       handlers) {  // In order: of two prefixes the longer comes later.
    if (id.rfind(prefix, 0) == 0) best = &handler;
  }
  ASSERT_NE(best, nullptr) << "no test covers " << id;
  (*best)(check(id).at("inputs"), check(id).at("outputs"));
}

// A test's name from an id.
inline std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}

}  // namespace experiment::oracle
