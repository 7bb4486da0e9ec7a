// SPDX-License-Identifier: Apache-2.0
// A request as a route sees it and the answer it gives: plain values, no wire, no library.
#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

// By the time a route sees it, a request is well formed: the method is one the route was registered
// for, the path is decoded, the body is complete and within its limit.
struct Request {
  std::string method;  // "GET" (also for HEAD), "POST", "PUT" or "DELETE".
  std::string path;    // "/v1/experiments/e-1", percent-decoded, without the query.
  std::map<std::string, std::string> parameters;  // From the route's pattern: {"id", "e-1"}.
  std::map<std::string, std::string>
      query;                 // "?wait_ms=200" → {"wait_ms", "200"}; the last one wins.
  std::string content_type;  // As sent, may be empty.
  std::string body;
  std::string if_match;  // As sent, may be empty; so below.
  std::string if_none_match;
  std::optional<std::string> idempotency_key;  // Nothing: no such header.
  std::string authorization;
  std::string cookie;
  std::string host;
  std::string peer;  // The client's IP address.
  std::string user;  // Filled in by the router's gate: who asks,
  std::string role;  // and as what; empty: nobody that is known.
};

// The parts of a body that is too large to be held at once. Each call asks for the next part and
// has it handed to the function, from any thread; an empty part is the end, none at all a failure,
// after which the client is cut off, so that it never takes a part for the whole.
using Part = std::optional<std::string>;
using Parts = std::function<void(std::function<void(Part)>)>;

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers =
      {};                   // Besides those that every answer carries.
  Parts parts = {};         // Instead of the body.
  bool shown_once = false;  // Holds a secret that the store does not hold: never written down.
};

inline Response shown_once(Response response) {
  response.shown_once = true;
  return response;
}

// Where the answer goes. Copies are the same place; the first answer counts, any other is ignored.
// May be called from any thread and after the server has stopped. If every copy dies without an
// answer, the client is told 500, so that no request waits for ever.
class Reply {
 public:
  using Sink = std::function<void(Response)>;
  explicit Reply(Sink sink);
  void operator()(Response response) const;

 private:
  struct Once;
  std::shared_ptr<Once>
      once_;  // Shared: the callback of a running platform and the deadline's timer both hold it.
};

// A client that listens to server-sent events. Safe to use from any thread.
class Listener {
 public:
  virtual ~Listener() = default;
  // Sends one event ("data: …\n\n"). A client that has not yet taken the previous one gets the
  // newest only: what is buffered for a client never exceeds two events. One that takes nothing for
  // a while is dropped.
  virtual void send(std::shared_ptr<const std::string> event) = 0;
  // True once the client has gone; whatever is sent then is ignored.
  [[nodiscard]] virtual bool gone() const = 0;
};

}  // namespace http
