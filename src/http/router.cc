// SPDX-License-Identifier: Apache-2.0
#include "http/router.h"

#include <algorithm>
#include <set>
#include <utility>

namespace http {
namespace {

bool is_literal(std::string_view pattern) { return pattern.find('{') == std::string_view::npos; }

// Walks pattern and path together; a {name} takes what reaches to the next '/' or ':' or the end.
bool matches(std::string_view pattern, std::string_view path,
             std::map<std::string, std::string>& parameters) {
  while (!pattern.empty()) {
    if (pattern.front() != '{') {
      if (path.empty() || path.front() != pattern.front()) return false;
      pattern.remove_prefix(1);
      path.remove_prefix(1);
      continue;
    }
    const std::size_t close = pattern.find('}');
    const std::size_t length = std::min(path.find_first_of("/:"), path.size());
    if (length == 0) return false;
    parameters[std::string(pattern.substr(1, close - 1))] = std::string(path.substr(0, length));
    pattern.remove_prefix(close + 1);
    path.remove_prefix(length);
  }
  return path.empty();
}

}  // namespace

void Router::get(std::string pattern, Handler handler, Access access) {
  routes_.push_back({"GET", std::move(pattern), std::move(handler), {}, access});
}

void Router::post(std::string pattern, Handler handler, Access access) {
  routes_.push_back({"POST", std::move(pattern), std::move(handler), {}, access});
}

void Router::put(std::string pattern, Handler handler, Access access) {
  routes_.push_back({"PUT", std::move(pattern), std::move(handler), {}, access});
}

void Router::remove(std::string pattern, Handler handler, Access access) {
  routes_.push_back({"DELETE", std::move(pattern), std::move(handler), {}, access});
}

void Router::events(std::string pattern, Subscriber subscriber, Access access) {
  routes_.push_back({"GET", std::move(pattern), {}, std::move(subscriber), access});
}

void Router::wrap_posts(const std::function<Handler(Handler, Access)>& wrap) {
  for (Route& route : routes_) {
    if (route.method == "POST") route.handler = wrap(std::move(route.handler), route.access);
  }
}

std::vector<std::pair<std::string, std::string>> Router::routes() const {
  std::vector<std::pair<std::string, std::string>> all;
  for (const Route& route : routes_) all.emplace_back(route.method, route.pattern);
  return all;
}

Router::Match Router::match(std::string_view method, std::string_view path) const {
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  Match match;
  std::set<std::string_view> methods;
  bool literal = false;
  for (const Route& route : routes_) {
    std::map<std::string, std::string> parameters;
    if (!matches(route.pattern, path, parameters)) continue;
    methods.insert(route.method);
    if (route.method != wanted || literal) continue;
    if ((match.handler != nullptr || match.subscriber != nullptr) && !is_literal(route.pattern))
      continue;
    literal = is_literal(route.pattern);
    match.handler = route.handler ? &route.handler : nullptr;
    match.subscriber = route.subscriber ? &route.subscriber : nullptr;
    match.access = route.access;
    match.parameters = std::move(parameters);
  }
  for (const std::string_view known : methods) {
    match.allow += known;
    match.allow += known == "GET" ? ", HEAD, " : ", ";
  }
  if (!methods.empty()) match.allow += "OPTIONS";
  return match;
}

}  // namespace http
