// SPDX-License-Identifier: Apache-2.0
// A request's JSON body read field by field. Every fault is kept, so that one answer names them
// all.
#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/problem.h"

namespace http {

inline constexpr int kDeepestJson = 16;  // Levels of nesting; ours need three.

// A JSON object. The error says where the text stops being JSON, that it is nested too deeply,
// which member some object in it names twice, or that it is no object. An empty text is the empty
// object.
base::Result<nlohmann::json> parse_body(std::string_view text);

// Reads the members of one object. Reading a member that is absent or null gives the fallback; one
// of a wrong type or out of range gives it too and keeps a reason. Members never asked for are
// faults of their own: a misspelt name must not become a silent default.
class Body {
 public:
  explicit Body(nlohmann::json object, std::string prefix = {})
      : object_(std::move(object)), prefix_(std::move(prefix)) {}

  [[nodiscard]] bool has(const std::string& name) const;
  std::optional<double> number(const std::string& name);  // Finite.
  double number(const std::string& name, double fallback) {
    return number(name).value_or(fallback);
  }
  std::optional<std::int64_t> integer(const std::string& name);  // 12 or 12.0; |value| ≤ 2^63 − 1.
  std::string text(const std::string& name, std::string fallback = {});
  bool flag(const std::string& name, bool fallback);  // true, false, 1 or 0.
  Body object(const std::string& name);  // Empty when absent; give its faults back by absorb().
  // The elements of a list of objects; none when absent. Give their faults back by absorb().
  std::vector<Body> objects(const std::string& name);
  nlohmann::json raw(const std::string& name);  // Whatever it is; null when absent.

  void required(const std::string& name);  // A reason unless has(name).
  void fault(std::string code, const std::string& name, std::string detail, std::string need = {});
  void absorb(const Body& inner);

  // Every reason so far, and one for each member never asked for.
  [[nodiscard]] std::vector<Reason> faults() const;

 private:
  nlohmann::json object_;
  std::string prefix_;  // "design."
  std::set<std::string> asked_;
  std::vector<Reason> reasons_;
};

// 422 with all of them.
Response refuse_fields(std::vector<Reason> reasons);

}  // namespace http
