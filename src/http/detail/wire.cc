// SPDX-License-Identifier: Apache-2.0
#include "http/detail/wire.h"

#include <boost/asio/post.hpp>

namespace http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

class PlainWire final : public Wire {
 public:
  explicit PlainWire(tcp::socket socket) : socket_(std::move(socket)) {
    Error ignored;
    peer_ = socket_.remote_endpoint(ignored).address().to_string();
  }

  asio::any_io_executor executor() override { return socket_.get_executor(); }
  [[nodiscard]] std::string peer() const override { return peer_; }
  void open(std::function<void(Error)> done) override { done({}); }
  void read_some(asio::mutable_buffer to, Done done) override {
    socket_.async_read_some(to, std::move(done));
  }
  void write_some(const std::vector<asio::const_buffer>& from, Done done) override {
    socket_.async_write_some(from, std::move(done));
  }
  void finish(std::function<void(Error)> done) override {
    Error error;
    socket_.shutdown(tcp::socket::shutdown_send, error);
    asio::post(socket_.get_executor(), [done = std::move(done), error] { done(error); });
  }
  void cancel() override {
    Error ignored;
    socket_.cancel(ignored);
  }
  void close() override {
    Error ignored;
    socket_.close(ignored);
  }

 private:
  tcp::socket socket_;
  std::string peer_;
};

}  // namespace

std::unique_ptr<Wire> plain_wire(tcp::socket socket) {
  return std::make_unique<PlainWire>(std::move(socket));
}

}  // namespace http
