// SPDX-License-Identifier: Apache-2.0
#include "http/detail/connection.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <sstream>
#include <spdlog/spdlog.h>
#include <utility>

#include "http/detail/refusal.h"
#include "http/detail/target.h"
#include "http/problem.h"

namespace http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using Parser = beast::http::request_parser<beast::http::string_body>;
using ResponseMessage = beast::http::response<beast::http::string_body>;

constexpr std::size_t kReadSize = 4096;
constexpr std::size_t kDrainLimit = 1 << 20;
constexpr std::chrono::milliseconds kDrainTimeout{1000};
constexpr std::string_view kContentPolicy =
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src "
    "'none'";
constexpr std::string_view kStreamHeader =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: "
    "no-store\r\nX-Content-Type-Options: nosniff\r\n"
    "X-Accel-Buffering: no\r\nConnection: close\r\n\r\n";
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

constexpr std::string_view kStrictTransport = "max-age=31536000";

template <class Message>
void set_common_fields(Message& message, bool tls) {
  if (tls)
    message.set("Strict-Transport-Security",
                beast::string_view(kStrictTransport.data(), kStrictTransport.size()));
  message.set("Content-Security-Policy",
              beast::string_view(kContentPolicy.data(), kContentPolicy.size()));
  message.set("X-Content-Type-Options", "nosniff");
  message.set("X-Frame-Options", "DENY");
  message.set("Referrer-Policy", "no-referrer");
  message.set("Cross-Origin-Resource-Policy", "same-origin");
  message.set("Cache-Control", "no-store");
}

std::string text(beast::string_view view) { return {view.data(), view.size()}; }

}  // namespace

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
  asio::steady_timer timer_;
  std::uint64_t timer_generation_ = 0;
  bool timed_out_ = false;
  State state_ = State::kWaiting;
  beast::flat_buffer buffer_{128 * 1024};
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

namespace {

// The handle a subscriber keeps: it outlives neither a closed connection's memory nor its thread's
// rules.
class StreamListener final : public Listener {
 public:
  StreamListener(std::weak_ptr<Core> core, std::weak_ptr<Connection> connection,
                 std::shared_ptr<std::atomic<bool>> gone)
      : core_(std::move(core)), connection_(std::move(connection)), gone_(std::move(gone)) {}

  void send(std::shared_ptr<const std::string> event) override {
    if (const auto core = core_.lock()) {
      asio::post(core->io, [connection = connection_, event = std::move(event)]() mutable {
        if (const auto self = connection.lock()) self->offer(std::move(event));
      });
    }
  }
  [[nodiscard]] bool gone() const override { return *gone_; }

 private:
  std::weak_ptr<Core> core_;
  std::weak_ptr<Connection> connection_;
  std::shared_ptr<std::atomic<bool>> gone_;  // Shared: it says that the connection has died.
};

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

void Connection::answer(Response response) {
  if (state_ == State::kClosed) return;
  state_ = State::kAnswering;
  ++core_.requests_total;
  if (response.status >= 500) {
    ++core_.server_errors_total;
  } else if (response.status >= 400) {
    ++core_.client_errors_total;
  }
  const auto message = std::make_shared<ResponseMessage>();  // Shared: alive until it is written.
  message->result(static_cast<unsigned>(response.status));
  message->version(11);
  set_common_fields(*message, core_.tls != nullptr);
  if (!response.content_type.empty())
    message->set(beast::http::field::content_type, response.content_type);
  for (const auto& [name, value] : response.headers) message->set(name, value);
  if (core_.stopping) keep_alive_ = false;
  if (response.parts) return write_in_parts(std::move(*message), std::move(response.parts));
  const bool bodiless = response.status == 204 || response.status == 304;
  if (!bodiless) message->content_length(response.body.size());
  if (!head_ && !bodiless) message->body() = std::move(response.body);
  message->keep_alive(keep_alive_);
  arm(core_.options.write_timeout);
  beast::http::async_write(stream_, *message,
                           [self = shared_from_this(), message](error_code error, std::size_t) {
                             self->written(error);
                           });
}

void Connection::written(error_code error) {
  disarm();
  if (error || timed_out_) return close();
  if (keep_alive_) return await_request();
  drain();
}

// HTTP/1.0 knows no chunks: there the end is the connection's.
void Connection::write_in_parts(ResponseMessage message, Parts parts) {
  chunked_ = parser_->get().version() == 11;
  if (!chunked_) keep_alive_ = false;
  message.chunked(chunked_);
  message.keep_alive(keep_alive_);
  parts_ = std::move(parts);
  std::ostringstream header;
  header << message.base();
  part_ = header.str();
  arm(core_.options.write_timeout);
  asio::async_write(stream_, asio::buffer(part_),
                    [self = shared_from_this()](error_code error, std::size_t) {
                      if (error || self->timed_out_ || self->head_) return self->written(error);
                      self->disarm();
                      self->next_part();
                    });
}

void Connection::next_part() {
  parts_([core = weak_core_, connection = weak_from_this()](Part part) {
    if (const auto alive = core.lock()) {
      asio::post(alive->io, [connection, part = std::move(part)]() mutable {
        if (const auto self = connection.lock()) self->write_part(std::move(part));
      });
    }
  });
}

void Connection::write_part(Part part) {
  if (state_ == State::kClosed) return;
  if (!part) return close();
  const bool last = part->empty();
  part_ = *std::move(part);
  if (chunked_) {
    std::ostringstream size;
    size << std::hex << part_.size() << "\r\n";
    part_ = size.str() + part_ + "\r\n";
  }
  arm(core_.options.write_timeout);
  asio::async_write(stream_, asio::buffer(part_),
                    [self = shared_from_this(), last](error_code error, std::size_t) {
                      if (error || self->timed_out_ || last) return self->written(error);
                      self->disarm();
                      self->next_part();
                    });
}

void Connection::listen() {
  gone_ = std::make_shared<std::atomic<bool>>(false);
  auto refused = (*match_.subscriber)(
      request_, std::make_shared<StreamListener>(weak_core_, weak_from_this(), gone_));
  if (refused) return answer(*std::move(refused));
  state_ = State::kListening;
  ++core_.requests_total;
  ++core_.listeners;
  pending_ = std::make_shared<const std::string>(kStreamHeader);
  await_hang_up();
  flush_event();
}

void Connection::await_hang_up() {
  stream_.async_read_some(asio::buffer(discarded_),
                          [self = shared_from_this()](error_code error, std::size_t) {
                            if (error && !self->timed_out_) return self->close();
                            if (!error) self->await_hang_up();
                          });
}

void Connection::offer(std::shared_ptr<const std::string> event) {
  if (state_ != State::kListening) return;
  const bool heartbeat = event->front() == ':';
  if (pending_ && heartbeat) return;  // Something better already waits.
  pending_ = std::move(event);
  if (!writing_) flush_event();
}

void Connection::flush_event() {
  writing_ = std::move(pending_);
  arm(core_.options.write_timeout);
  asio::async_write(stream_, asio::buffer(*writing_),
                    [self = shared_from_this()](error_code error, std::size_t) {
                      self->disarm();
                      if (self->timed_out_) ++self->core_.listeners_dropped_total;
                      if (error || self->timed_out_) return self->close();
                      self->writing_ = nullptr;
                      if (self->pending_) return self->flush_event();
                      if (self->core_.stopping) self->close();
                    });
}

// Closing with unread bytes would reset the connection and could take the answer with it: say that
// nothing more comes, then read what is still under way, within bounds.
void Connection::drain() {
  state_ = State::kDraining;
  arm(kDrainTimeout);
  stream_.wire().finish([self = shared_from_this()](error_code error) {
    if (error) return self->close();
    self->drain_more(0);
  });
}

void Connection::drain_more(std::size_t drained) {
  if (drained > kDrainLimit) return close();
  stream_.async_read_some(asio::buffer(discarded_),
                          [self = shared_from_this(), drained](error_code error, std::size_t n) {
                            if (error) return self->close();
                            self->drain_more(drained + n);
                          });
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
