// SPDX-License-Identifier: Apache-2.0
// Which function answers which path.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.h"

namespace http {

// Runs on the server's one thread: it must not block. What takes time answers its Reply later, from
// any thread.
using Handler = std::function<void(const Request&, Reply)>;

// Takes over a client that asked for server-sent events, or refuses with a response.
using Subscriber =
    std::function<std::optional<Response>(const Request&, std::shared_ptr<Listener>)>;

// Filled before the server starts, then only read.
class Router {
 public:
  // A pattern is literal segments and {names}: "/v1/experiments/{id}:start". A name matches one or
  // more characters other than '/' and ':'. Literal patterns win over named ones. GET also answers
  // HEAD. A path takes one handler for each method; POST and PUT take application/json bodies only.
  void get(std::string pattern, Handler handler);
  void post(std::string pattern, Handler handler);
  void put(std::string pattern, Handler handler);
  void events(std::string pattern, Subscriber subscriber);

  struct Match {
    const Handler* handler = nullptr;  // Nothing where the path is known but not for this method.
    const Subscriber* subscriber = nullptr;  // Set for a GET of an events route.
    std::string allow;  // "GET, HEAD, OPTIONS"; empty where no pattern matches the path.
    std::map<std::string, std::string> parameters;
  };
  [[nodiscard]] Match match(std::string_view method, std::string_view path) const;

 private:
  struct Route {
    std::string method;
    std::string pattern;
    Handler handler;
    Subscriber subscriber;
  };
  std::vector<Route> routes_;
};

}  // namespace http
