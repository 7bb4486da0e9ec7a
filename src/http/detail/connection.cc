// SPDX-License-Identifier: Apache-2.0
#include "http/detail/connection.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <spdlog/spdlog.h>
#include <utility>

#include "http/detail/connection_impl.h"
#include "http/detail/refusal.h"
#include "http/detail/target.h"

namespace http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

std::string text(beast::string_view view) { return {view.data(), view.size()}; }

}  // namespace

// At the time-out the operation under way is cancelled; its handler sees timed_out_.
void Connection::arm(std::chrono::milliseconds timeout) {
  timed_out_ = false;
  timer_.expires_after(timeout);
  timer_.async_wait(
      [self = shared_from_this(), generation = ++timer_generation_](error_code error) {
        if (error || generation != self->timer_generation_) return;
        self->timed_out_ = true;
        self->stream_.wire().cancel();
      });
}

void Connection::disarm() {
  ++timer_generation_;
  timer_.cancel();
}

void Connection::open() {
  arm(core_.options.request_timeout);
  stream_.wire().open([self = shared_from_this()](error_code error) {
    self->disarm();
    if (error) return self->close();
    self->await_request();
  });
}

void Connection::await_request() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(core_.options.header_limit));
  parser_->body_limit(core_.options.body_limit);
  state_ = State::kWaiting;
  if (buffer_.size() > 0) return read_header();  // Sent ahead by a client that pipelines.
  if (core_.stopping) return close();
  arm(core_.options.idle_timeout);
  stream_.async_read_some(buffer_.prepare(kReadSize),
                          [self = shared_from_this()](error_code error, std::size_t n) {
                            self->disarm();
                            if (error) return self->close();
                            self->buffer_.commit(n);
                            self->read_header();
                          });
}

void Connection::read_header() {
  state_ = State::kReading;
  keep_alive_ = false;
  head_ = false;
  arm(core_.options.request_timeout);
  beast::http::async_read_header(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](error_code error, std::size_t) { self->on_header(error); });
}

void Connection::on_read_error(error_code error) {
  disarm();
  if (timed_out_) return answer(refusal_slow());
  if (error == beast::http::error::header_limit)
    return answer(refusal_headers_too_large(core_.options.header_limit));
  if (error == beast::http::error::body_limit)
    return answer(refusal_body_too_large(core_.options.body_limit));
  if (error == beast::http::error::end_of_stream || state_ == State::kClosed) return close();
  if (error.category() == beast::http::make_error_code(beast::http::error::bad_value).category()) {
    return answer(refusal_malformed(error.message()));
  }
  close();
}

void Connection::on_header(error_code error) {
  if (error) return on_read_error(error);
  keep_alive_ = parser_->get().keep_alive();
  if (auto refusal = take_header()) {
    disarm();
    if (!parser_->is_done()) keep_alive_ = false;  // Its body stays unread.
    return answer(*std::move(refusal));
  }
  if (parser_->get()[beast::http::field::expect].empty()) return read_body();
  asio::async_write(stream_, asio::buffer(kContinue),
                    [self = shared_from_this()](error_code failed, std::size_t) {
                      if (failed) return self->on_read_error(failed);
                      self->read_body();
                    });
}

// Everything a header can already be refused for; otherwise fills request_ and match_.
std::optional<Response> Connection::take_header() {
  const auto& message = parser_->get();
  using beast::http::field;
  head_ = message.method() == beast::http::verb::head;
  const std::string method = text(message.method_string());
  if (message.version() != 11 && message.version() != 10) return refusal_version();
  if (message.version() == 11 && message.count(field::host) != 1)
    return refusal_malformed("one Host header is required");
  if (message.count(field::transfer_encoding) > 0 && message.count(field::content_length) > 0) {
    return refusal_malformed("Content-Length and Transfer-Encoding contradict each other");
  }
  if (message.target().size() > core_.options.target_limit)
    return refusal_target_too_long(core_.options.target_limit);
  if (method == "OPTIONS" && message.target() == "*")
    return answer_options("GET, HEAD, POST, PUT, DELETE, OPTIONS");
  auto target = parse_target(text(message.target()));
  if (!target) return refusal_malformed("the target is not a path with valid percent escapes");

  match_ = core_.router.match(method, target->path);
  if (match_.allow.empty()) return refusal_unknown_path(target->path);
  if (method == "OPTIONS") return answer_options(match_.allow);
  if (match_.handler == nullptr && match_.subscriber == nullptr)
    return refusal_method(method, match_.allow);
  if (const auto expect = message[field::expect];
      !expect.empty() && !beast::iequals(expect, "100-continue")) {
    return refusal_expectation();
  }
  request_ = Request{.method = head_ ? "GET" : method,
                     .path = std::move(target->path),
                     .parameters = std::move(match_.parameters),
                     .query = std::move(target->query),
                     .content_type = text(message[field::content_type]),
                     .body = {},
                     .if_match = text(message[field::if_match]),
                     .if_none_match = text(message[field::if_none_match]),
                     .idempotency_key = message.count("Idempotency-Key") > 0
                                            ? std::optional(text(message["Idempotency-Key"]))
                                            : std::nullopt,
                     .authorization = text(message[field::authorization]),
                     .cookie = text(message[field::cookie]),
                     .host = text(message[field::host]),
                     .peer = stream_.wire().peer(),
                     .user = {},
                     .role = {}};
  if (auto refusal = core_.router.admit(request_, match_.access)) return refusal;
  const bool has_body = parser_->chunked() || parser_->content_length().value_or(0) > 0;
  if (request_.method != "GET") {
    if (!is_same_origin(text(message[field::origin]), request_.host)) return refusal_origin();
    if (has_body && !is_json_media_type(request_.content_type))
      return refusal_media_type(request_.content_type);
  }
  return std::nullopt;
}

void Connection::read_body() {
  if (parser_->is_done()) return on_body({});
  beast::http::async_read(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](error_code error, std::size_t) { self->on_body(error); });
}

void Connection::on_body(error_code error) {
  if (error) {
    keep_alive_ = false;
    return on_read_error(error);
  }
  disarm();
  request_.body = std::move(parser_->get().body());
  dispatch();
}

void Connection::dispatch() {
  state_ = State::kAnswering;
  if (match_.subscriber != nullptr && !head_) return listen();
  if (match_.subscriber != nullptr) return answer({.content_type = "text/event-stream"});
  const Reply reply([core = weak_core_, connection = weak_from_this()](Response response) {
    if (const auto alive = core.lock()) {
      asio::post(alive->io, [connection, response = std::move(response)]() mutable {
        if (const auto self = connection.lock()) self->answer(std::move(response));
      });
    }
  });
  try {
    (*match_.handler)(request_, reply);
  } catch (const std::exception& failure) {
    spdlog::error("http: {} {} failed: {}", request_.method, request_.path, failure.what());
    reply(refusal_failed());
  }
}

void Connection::close() {
  if (state_ == State::kClosed) return;
  if (state_ == State::kListening) --core_.listeners;
  if (gone_) *gone_ = true;
  state_ = State::kClosed;
  disarm();
  stream_.wire().close();
  parts_ = nullptr;
  --core_.open;
  core_.connections.erase(shared_from_this());
  if (core_.stopping && core_.connections.empty()) core_.io.stop();
}

void Connection::stop(bool force) {
  const bool idle = state_ == State::kWaiting || (state_ == State::kListening && !writing_);
  if (force || idle) close();
}

void serve_connection(const std::shared_ptr<Core>& core, asio::ip::tcp::socket socket) {
  error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  auto wire = core->tls ? core->tls->wire(std::move(socket)) : plain_wire(std::move(socket));
  const auto connection = std::make_shared<Connection>(core, std::move(wire));
  core->connections.insert(connection);
  ++core->connections_total;
  ++core->open;
  connection->open();
}

void refuse_connection(const std::shared_ptr<Core>& core, asio::ip::tcp::socket socket) {
  ++core->connections_refused_total;
  const Response response = refusal_busy();
  const auto message = std::make_shared<std::string>(  // Shared: alive until it is written.
      "HTTP/1.1 503 Service Unavailable\r\nContent-Type: " + response.content_type +
      "\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: " +
      std::to_string(response.body.size()) + "\r\n\r\n" + response.body);
  const auto refused = std::make_shared<asio::ip::tcp::socket>(std::move(socket));
  asio::async_write(*refused, asio::buffer(*message), [refused, message](error_code, std::size_t) {
    error_code ignored;
    refused->shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  });
}

void stop_connections(Core& core, bool force) {
  const std::set<std::shared_ptr<Connection>> all =
      core.connections;  // close() erases from the set.
  for (const auto& connection : all) connection->stop(force);
}

}  // namespace http
