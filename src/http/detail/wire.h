// SPDX-License-Identifier: Apache-2.0
// A client's bytes, plain or under TLS (tls.h), behind one small interface, so that what speaks
// HTTP is compiled once and knows of neither. Server's thread only.
#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace http {

class Wire {
 public:
  using Error = boost::system::error_code;
  using Done = std::function<void(Error, std::size_t)>;

  virtual ~Wire() = default;
  virtual boost::asio::any_io_executor executor() = 0;
  [[nodiscard]] virtual std::string peer() const = 0;  // The client's IP address.

  // Whatever has to be agreed upon before the first byte.
  virtual void open(std::function<void(Error)> done) = 0;
  // One read and one write may be under way at a time; the memory lives until they are done.
  virtual void read_some(boost::asio::mutable_buffer to, Done done) = 0;
  virtual void write_some(const std::vector<boost::asio::const_buffer>& from, Done done) = 0;
  // Says to the client that nothing more comes.
  virtual void finish(std::function<void(Error)> done) = 0;
  virtual void cancel() = 0;  // What is under way ends with an error.
  virtual void close() = 0;
};

std::unique_ptr<Wire> plain_wire(boost::asio::ip::tcp::socket socket);

// A wire as the algorithms of Asio and Beast want it.
class WireStream {
 public:
  using executor_type = boost::asio::any_io_executor;

  explicit WireStream(std::unique_ptr<Wire> wire) : wire_(std::move(wire)) {}
  Wire& wire() { return *wire_; }
  executor_type get_executor() { return wire_->executor(); }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    // The first buffer is enough: a read may be short.
    return initiate(std::forward<Token>(token), [this, &buffers](Wire::Done done) {
      wire_->read_some(*boost::asio::buffer_sequence_begin(buffers), std::move(done));
    });
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return initiate(std::forward<Token>(token), [this, &buffers](Wire::Done done) {
      wire_->write_some(
          {boost::asio::buffer_sequence_begin(buffers), boost::asio::buffer_sequence_end(buffers)},
          std::move(done));
    });
  }

 private:
  template <class Token, class Start>
  static auto initiate(Token&& token, Start start) {
    return boost::asio::async_initiate<Token, void(Wire::Error, std::size_t)>(
        [&start](auto handler) {
          // Shared: Asio's handlers move only, a std::function copies.
          auto shared = std::make_shared<decltype(handler)>(std::move(handler));
          start([shared](Wire::Error error, std::size_t size) { (*shared)(error, size); });
        },
        token);
  }

  std::unique_ptr<Wire> wire_;
};

}  // namespace http
