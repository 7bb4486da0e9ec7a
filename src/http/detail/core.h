// SPDX-License-Identifier: Apache-2.0
// What the server's thread and its connections share. Everything but the counts belongs to that
// thread.
#pragma once
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <set>

#include "http/detail/tls.h"
#include "http/router.h"
#include "http/server.h"

namespace http {

class Connection;

struct Core {
  Core(const ServerOptions& the_options, Router the_router)
      : options(the_options), router(std::move(the_router)) {}

  const ServerOptions options;
  const Router router;
  std::unique_ptr<Tls> tls;  // Of new connections. Null: plain.
  boost::asio::io_context io{1};
  std::set<std::shared_ptr<Connection>> connections;
  bool stopping = false;

  std::atomic<std::uint64_t> requests_total = 0;
  std::atomic<std::uint64_t> client_errors_total = 0;
  std::atomic<std::uint64_t> server_errors_total = 0;
  std::atomic<std::uint64_t> connections_total = 0;
  std::atomic<std::uint64_t> connections_refused_total = 0;
  std::atomic<std::uint64_t> open = 0;
  std::atomic<std::uint64_t> listeners = 0;
  std::atomic<std::uint64_t> listeners_dropped_total = 0;
};

}  // namespace http
