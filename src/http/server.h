// SPDX-License-Identifier: Apache-2.0
// A small HTTP/1.1 server: one thread, bounded in everything a stranger can send it.
//
//   http::Router router;
//   router.get("/healthz", [](const http::Request&, http::Reply reply) { reply({.body = "{}"}); });
//   TRY_ASSIGN(auto server, http::Server::start({.port = 8080}, std::move(router)));
//   server->port();   // what it listens on
//   server->stop();   // or the destructor
//
// Whatever arrives has a defined answer: malformed requests 400, a path nobody serves 404, a method
// it does not take 405 with Allow, a slow request 408, a body too large 413, a target too long 414,
// a body that is not JSON 415, headers too large 431, a route that fails 500, too many connections
// 503; each as problem+json. Every answer carries the security headers (Content-Security-Policy,
// nosniff, frames denied, no referrer). A POST or PUT whose Origin is not the server's own Host is
// refused with 403, so that no other web site can drive it through a visitor's browser.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "http/router.h"

namespace http {

struct ServerOptions {
  std::string address = "127.0.0.1";  // 0.0.0.0 to be reached from other machines.
  std::uint16_t port = 0;             // 0 takes any free port; Server::port says which.
  std::string tls_certificate = {};   // PEM files, both or none: TLS 1.2 and newer, with HSTS.
  std::string tls_key = {};
  std::chrono::milliseconds tls_look_every{2'000};  // Whether the two have been renewed.
  std::size_t header_limit = 16 * 1024;
  std::size_t body_limit = 64 * 1024;
  std::size_t target_limit = 2 * 1024;
  std::size_t max_connections = 512;  // Including those that listen to events.
  std::chrono::milliseconds request_timeout{
      10'000};  // From a request's first byte to its last, whatever the pace.
  std::chrono::milliseconds write_timeout{10'000};  // For a client to take an answer, or one event.
  std::chrono::milliseconds idle_timeout{60'000};   // Between the requests of one connection.
  std::chrono::milliseconds stop_timeout{
      3'000};  // For answers under way when the server is stopped.
};

base::Result<void> validate(const ServerOptions& options);

// What the server has seen since it started; for /metrics.
struct ServerCounts {
  std::uint64_t requests_total = 0;
  std::uint64_t client_errors_total = 0;  // Answers 400–499.
  std::uint64_t server_errors_total = 0;  // Answers 500–599.
  std::uint64_t connections_total = 0;
  std::uint64_t connections_refused_total = 0;  // Beyond max_connections.
  std::uint64_t connections = 0;                // Open now.
  std::uint64_t listeners = 0;                  // Of those, listening to events.
  std::uint64_t listeners_dropped_total = 0;    // Too slow.
};

// Safe to use from any thread.
class Server {
 public:
  // Binds, listens and serves on a thread of its own. The error names the address and why it cannot
  // be had.
  static base::Result<std::unique_ptr<Server>> start(const ServerOptions& options, Router router);

  virtual ~Server() = default;
  [[nodiscard]] virtual std::uint16_t port() const = 0;
  [[nodiscard]] virtual std::string address() const = 0;  // "http://127.0.0.1:8080"
  [[nodiscard]] virtual ServerCounts counts() const = 0;
  // No new connections; answers under way are finished, listeners are closed; then the thread ends.
  // Twice is once.
  virtual void stop() = 0;
};

}  // namespace http
