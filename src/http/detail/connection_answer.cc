// SPDX-License-Identifier: Apache-2.0
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http.hpp>
#include <sstream>
#include <utility>

#include "http/detail/connection_impl.h"

namespace http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

constexpr std::size_t kDrainLimit = 1 << 20;
constexpr std::chrono::milliseconds kDrainTimeout{1000};
constexpr std::string_view kContentPolicy =
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src "
    "'none'";
constexpr std::string_view kStreamHeader =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: "
    "no-store\r\nX-Content-Type-Options: nosniff\r\n"
    "X-Accel-Buffering: no\r\nConnection: close\r\n\r\n";
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

}  // namespace http
