// SPDX-License-Identifier: Apache-2.0
#include "http/detail/body.h"

#include <algorithm>

#include <cmath>
#include <utility>

namespace http {
namespace {

using Json = nlohmann::json;

// The deepest nesting of brackets outside of strings; for text that is not JSON any number will do.
int nesting(std::string_view text) {
  int depth = 0;
  int deepest = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return deepest;
}

std::string shown(const Json& value) {
  std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (text.size() > 60) text = text.substr(0, 57) + "...";
  return text;
}

// Watches a parse for an object that names a member twice, of which the parser keeps the last.
class TwiceNamed {
 public:
  void see(Json::parse_event_t event, const Json& value) {
    if (event == Json::parse_event_t::object_start) open_.emplace_back();
    if (event == Json::parse_event_t::object_end) open_.pop_back();
    if (event != Json::parse_event_t::key) return;
    Object& object = open_.back();
    object.name = value.get<std::string>();
    if (!object.names.insert(object.name).second && !found_) found_ = path();
  }
  // The first one, "design.alpha" say.
  [[nodiscard]] const std::optional<std::string>& found() const { return found_; }

 private:
  struct Object {
    std::string name;  // Of the member that is being read.
    std::set<std::string> names;
  };
  [[nodiscard]] std::string path() const {
    std::string path;
    for (const Object& each : open_) path += (path.empty() ? "" : ".") + each.name;
    return path;
  }

  std::vector<Object> open_;  // The outermost first.
  std::optional<std::string> found_;
};

}  // namespace

base::Result<Json> parse_body(std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return Json(Json::object());
  if (nesting(text) > kDeepestJson) {
    return base::input_error("the body is nested deeper than " + std::to_string(kDeepestJson) +
                             " levels");
  }
  try {
    TwiceNamed twice;
    Json json = Json::parse(text, [&](int, Json::parse_event_t event, const Json& value) {
      twice.see(event, value);
      return true;
    });
    if (twice.found()) {
      return base::input_error("the body names " + shown(*twice.found()) +
                               " twice; which is meant cannot be known: name it once");
    }
    if (!json.is_object())
      return base::input_error("the body is not a JSON object: expected {\"name\": value, ...}");
    return json;
  } catch (const Json::parse_error& error) {
    return base::input_error("the body is not JSON: byte " + std::to_string(error.byte) +
                             " is unexpected");
  } catch (const Json::exception&) {
    return base::input_error(
        "the body is not JSON: it holds a number beyond the range of a double");
  }
}

bool Body::has(const std::string& name) const {
  const auto found = object_.find(name);
  return found != object_.end() && !found->is_null();
}

Json Body::raw(const std::string& name) {
  asked_.insert(name);
  return has(name) ? object_.at(name) : Json();
}

std::optional<double> Body::number(const std::string& name) {
  const Json value = raw(name);
  if (value.is_null()) return std::nullopt;
  if (value.is_number()) return value.get<double>();
  fault("not_a_number", name, "'" + prefix_ + name + "' must be a number", "a number");
  return std::nullopt;
}

std::optional<std::int64_t> Body::integer(const std::string& name) {
  const Json value = raw(name);
  if (value.is_null()) return std::nullopt;
  constexpr double kLimit =
      9007199254740992.0;  // 2^53: beyond it a double no longer says which integer is meant.
  if (value.is_number_unsigned() && value.get<std::uint64_t>() <= INT64_MAX)
    return value.get<std::int64_t>();
  if (value.is_number_integer() && !value.is_number_unsigned()) return value.get<std::int64_t>();
  if (value.is_number_float() && std::abs(value.get<double>()) <= kLimit &&
      std::trunc(value.get<double>()) == value.get<double>()) {
    return static_cast<std::int64_t>(value.get<double>());
  }
  fault("not_an_integer", name, "'" + prefix_ + name + "' must be a whole number",
        "a whole number");
  return std::nullopt;
}

std::string Body::text(const std::string& name, std::string fallback) {
  const Json value = raw(name);
  if (value.is_null()) return fallback;
  if (value.is_string()) return value.get<std::string>();
  fault("not_a_text", name, "'" + prefix_ + name + "' must be a text", "a text in quotes");
  return fallback;
}

bool Body::flag(const std::string& name, bool fallback) {
  const Json value = raw(name);
  if (value.is_null()) return fallback;
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number_integer() && (value == 0 || value == 1)) return value == 1;
  fault("not_a_flag", name, "'" + prefix_ + name + "' must be true, false, 1 or 0",
        "true, false, 1 or 0");
  return fallback;
}

Body Body::object(const std::string& name) {
  const Json value = raw(name);
  if (!value.is_null() && !value.is_object())
    fault("not_an_object", name, "'" + name + "' must be an object", "{...}");
  return Body(value.is_object() ? value : Json(Json::object()), prefix_ + name + ".");
}

std::vector<Body> Body::objects(const std::string& name) {
  std::vector<Body> bodies;
  const Json value = raw(name);
  if (value.is_null()) return bodies;
  const bool of_objects =
      value.is_array() &&
      std::all_of(value.begin(), value.end(), [](const Json& each) { return each.is_object(); });
  if (!of_objects) {
    fault("not_a_list", name, "'" + prefix_ + name + "' must be a list of objects", "[{...}]");
    return bodies;
  }
  for (const Json& each : value)
    bodies.emplace_back(each, prefix_ + name + "[" + std::to_string(bodies.size()) + "].");
  return bodies;
}

void Body::required(const std::string& name) {
  if (!has(name)) fault("missing", name, "'" + prefix_ + name + "' is missing");
}

void Body::fault(std::string code, const std::string& name, std::string detail, std::string need) {
  reasons_.push_back({.code = std::move(code),
                      .field = prefix_ + name,
                      .detail = std::move(detail),
                      .have = object_.contains(name) ? shown(object_.at(name)) : "",
                      .need = std::move(need)});
}

void Body::absorb(const Body& inner) {
  for (Reason& reason : inner.faults()) reasons_.push_back(std::move(reason));
}

std::vector<Reason> Body::faults() const {
  std::vector<Reason> all = reasons_;
  for (const auto& [name, value] : object_.items()) {
    if (asked_.contains(name)) continue;
    all.push_back({.code = "unknown_field",
                   .field = prefix_ + name,
                   .detail = "'" + prefix_ + name + "' is not a field of this request",
                   .have = shown(value)});
  }
  return all;
}

Response refuse_fields(std::vector<Reason> reasons) {
  std::string detail;
  for (const Reason& reason : reasons) detail += (detail.empty() ? "" : "; ") + reason.detail;
  return problem_response(Problem{.status = 422,
                                  .code = "invalid-fields",
                                  .title = "The request's fields are not right",
                                  .detail = std::move(detail),
                                  .reasons = std::move(reasons)});
}

}  // namespace http
