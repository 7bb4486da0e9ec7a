// SPDX-License-Identifier: Apache-2.0
// The connection itself: connection.cc reads requests, connection_answer.cc writes answers.
#pragma once
#include <array>
#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "http/detail/core.h"
#include "http/detail/wire.h"

namespace http {

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(const std::shared_ptr<Core>& core, std::unique_ptr<Wire> wire)
      : core_(*core), weak_core_(core), stream_(std::move(wire)), timer_(core->io) {}

  void open();
  void await_request();
  void answer(Response response);
  void offer(std::shared_ptr<const std::string> event);
  void close();
  void stop(bool force);

 private:
  using error_code = boost::system::error_code;
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using ResponseMessage = boost::beast::http::response<boost::beast::http::string_body>;
  static constexpr std::size_t kReadSize = 4096;
  enum class State { kWaiting, kReading, kAnswering, kListening, kDraining, kClosed };

  void arm(std::chrono::milliseconds timeout);
  void disarm();
  void read_header();
  void on_header(error_code error);
  void on_read_error(error_code error);
  void read_body();
  void on_body(error_code error);
  std::optional<Response> take_header();
  void dispatch();
  void write_in_parts(ResponseMessage message, Parts parts);
  void next_part();
  void write_part(Part part);
  void written(error_code error);
  void listen();
  void await_hang_up();
  void flush_event();
  void drain();
  void drain_more(std::size_t drained);

  Core& core_;
  std::weak_ptr<Core> weak_core_;
  WireStream stream_;
  boost::asio::steady_timer timer_;
  std::uint64_t timer_generation_ = 0;
  bool timed_out_ = false;
  State state_ = State::kWaiting;
  boost::beast::flat_buffer buffer_{128 * 1024};
  std::optional<Parser> parser_;
  Request request_;
  Router::Match match_;
  bool head_ = false;
  bool keep_alive_ = false;
  std::array<char, kReadSize> discarded_{};

  // While answering in parts.
  Parts parts_;
  std::string part_;
  bool chunked_ = false;

  // While listening.
  std::shared_ptr<std::atomic<bool>> gone_;
  std::shared_ptr<const std::string> writing_;
  std::shared_ptr<const std::string> pending_;
};

}  // namespace http
