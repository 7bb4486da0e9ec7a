// SPDX-License-Identifier: Apache-2.0
// Which function answers which path.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message.h"

namespace http {

// Runs on the server's one thread: it must not block. What takes time answers its Reply later, from
// any thread.
using Handler = std::function<void(const Request&, Reply)>;

// Takes over a client that asked for server-sent events, or refuses with a response.
using Subscriber =
    std::function<std::optional<Response>(const Request&, std::shared_ptr<Listener>)>;

// Whom a route is for; which role is which, says the gate.
enum class Access {
  kEverybody,  // Also those who have not logged in.
  kRead,
  kSell,    // What a shop does.
  kChange,  // Experiments before their start.
  kOwn,     // Whatever customers feel, and who may use the platform.
};

// Asked before a request's body is read; a response refuses. Fills in who asks.
using Gate = std::function<std::optional<Response>(Request&, Access)>;

// Filled before the server starts, then only read.
class Router {
 public:
  // A pattern is literal segments and {names}: "/v1/experiments/{id}:start". A name matches one or
  // more characters other than '/' and ':'. Literal patterns win over named ones. GET also answers
  // HEAD. A path takes one handler for each method; POST and PUT take application/json bodies only.
  void get(std::string pattern, Handler handler, Access access = Access::kRead);
  void post(std::string pattern, Handler handler, Access access = Access::kOwn);
  void put(std::string pattern, Handler handler, Access access = Access::kOwn);
  void remove(std::string pattern, Handler handler, Access access = Access::kOwn);  // DELETE
  void events(std::string pattern, Subscriber subscriber, Access access = Access::kRead);

  // Without a gate everybody may come in.
  void guard(Gate gate) { gate_ = std::move(gate); }
  [[nodiscard]] std::optional<Response> admit(Request& request, Access access) const {
    return gate_ ? gate_(request, access) : std::nullopt;
  }
  // Replaces the handler of every POST that is here by what it is wrapped in.
  void wrap_posts(const std::function<Handler(Handler, Access)>& wrap);

  // {"GET", "/v1/experiments/{id}"}, in the order in which they came.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> routes() const;

  struct Match {
    const Handler* handler = nullptr;  // Nothing where the path is known but not for this method.
    const Subscriber* subscriber = nullptr;  // Set for a GET of an events route.
    Access access = Access::kOwn;
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
    Access access = Access::kOwn;
  };
  std::vector<Route> routes_;
  Gate gate_;
};

}  // namespace http
