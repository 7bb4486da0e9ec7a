// SPDX-License-Identifier: Apache-2.0
// One client's connection: reads a request, has it answered, writes the answer, and again.
#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <memory>

#include "http/detail/core.h"

namespace http {

// Takes the socket over and serves it until either side closes. The core keeps it alive; a Reply or
// a Listener only points back weakly. Server's thread only.
void serve_connection(const std::shared_ptr<Core>& core, boost::asio::ip::tcp::socket socket);

// Tells one client too many so, and closes.
void refuse_connection(const std::shared_ptr<Core>& core, boost::asio::ip::tcp::socket socket);

// Ends what waits for a request or listens; what is being answered ends after its answer. With
// force, at once.
void stop_connections(Core& core, bool force);

}  // namespace http
