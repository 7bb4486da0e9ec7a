// SPDX-License-Identifier: Apache-2.0
#include "http/server.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <mutex>
#include <optional>
#include <spdlog/spdlog.h>
#include <thread>
#include <utility>

#include "http/detail/connection.h"
#include "http/detail/core.h"
#include "http/detail/tls_renewal.h"

namespace http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds kAcceptPause{100};

class RunningServer final : public Server {
 public:
  RunningServer(const ServerOptions& options, Router router)
      : core_(std::make_shared<Core>(options, std::move(router))),
        acceptor_(core_->io),
        timer_(core_->io),
        renewal_timer_(core_->io) {}

  ~RunningServer() override { RunningServer::stop(); }

  base::Result<void> listen() {
    const ServerOptions& options = core_->options;
    if (!options.tls_certificate.empty()) {
      renewal_.emplace(options.tls_certificate, options.tls_key);
      TRY_ASSIGN(core_->tls, load_tls(options.tls_certificate, options.tls_key));
    }
    error_code error;
    const asio::ip::address address = asio::ip::make_address(core_->options.address, error);
    if (error) {
      return base::input_error(
          "the address '" + core_->options.address +
          "' is not an IP address; 127.0.0.1 serves this machine, 0.0.0.0 all networks");
    }
    const tcp::endpoint endpoint(address, core_->options.port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (!error) endpoint_ = acceptor_.local_endpoint(error);
    if (error) {
      return base::system_error("cannot listen on " + core_->options.address + " port " +
                                std::to_string(core_->options.port) + ": " + error.message() +
                                "; another port, or 0 for any, may be free");
    }
    accept();
    if (renewal_) await_renewal();
    thread_ = std::thread([this] { core_->io.run(); });
    return {};
  }

  [[nodiscard]] std::uint16_t port() const override { return endpoint_.port(); }

  [[nodiscard]] std::string address() const override {
    const std::string host = endpoint_.address().to_string();
    return (renewal_ ? "https://" : "http://") +
           (endpoint_.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(port());
  }

  [[nodiscard]] ServerCounts counts() const override {
    return {.requests_total = core_->requests_total,
            .client_errors_total = core_->client_errors_total,
            .server_errors_total = core_->server_errors_total,
            .connections_total = core_->connections_total,
            .connections_refused_total = core_->connections_refused_total,
            .connections = core_->open,
            .listeners = core_->listeners,
            .listeners_dropped_total = core_->listeners_dropped_total};
  }

  void stop() override {
    const std::lock_guard lock(stop_mutex_);
    if (!thread_.joinable()) return;
    asio::post(core_->io, [this] { begin_stop(); });
    thread_.join();
  }

 private:
  void begin_stop() {
    error_code ignored;
    core_->stopping = true;
    acceptor_.close(ignored);
    stop_connections(*core_, false);
    if (core_->connections.empty()) return core_->io.stop();
    timer_.expires_after(core_->options.stop_timeout);
    timer_.async_wait([this](error_code) {
      stop_connections(*core_, true);
      core_->io.stop();
    });
  }

  void accept() {
    acceptor_.async_accept([this](error_code error, tcp::socket socket) {
      if (core_->stopping || !acceptor_.is_open()) return;
      if (error) return pause(error);
      if (core_->connections.size() >= core_->options.max_connections) {
        refuse_connection(core_, std::move(socket));
      } else {
        serve_connection(core_, std::move(socket));
      }
      accept();
    });
  }

  // Out of file descriptors, say: without a pause the loop would spin.
  void pause(error_code error) {
    spdlog::warn("http: a connection could not be accepted: {}", error.message());
    timer_.expires_after(kAcceptPause);
    timer_.async_wait([this](error_code cancelled) {
      if (!cancelled) accept();
    });
  }

  void await_renewal() {
    renewal_timer_.expires_after(core_->options.tls_look_every);
    renewal_timer_.async_wait([this](error_code cancelled) {
      if (cancelled) return;
      take_renewed();
      await_renewal();
    });
  }

  void take_renewed() {
    auto renewed = renewal_->look();
    if (!renewed) {
      return spdlog::error("http: {}; the certificate in use before stays in use",
                           renewed.error().message);
    }
    if (!*renewed) return;
    core_->tls = *std::move(renewed);
    // Shown at the level that is usual: it is rare, and whoever has renewed looks for it.
    spdlog::warn("http: the TLS certificate '{}' was renewed, new connections get {}",
                 core_->options.tls_certificate, core_->tls->certificate());
  }

  std::shared_ptr<Core> core_;  // Shared with replies that other threads still hold.
  tcp::acceptor acceptor_;
  asio::steady_timer timer_;
  asio::steady_timer renewal_timer_;
  std::optional<TlsRenewal> renewal_;  // Empty: plain.
  tcp::endpoint endpoint_;
  std::thread thread_;
  std::mutex stop_mutex_;
};

}  // namespace

base::Result<void> validate(const ServerOptions& options) {
  if (options.max_connections == 0)
    return base::input_error("max_connections is 0: nobody could connect");
  if (options.header_limit < 1024 || options.header_limit > 64 * 1024) {
    return base::input_error("header_limit must lie between 1,024 and 65,536 bytes");
  }
  if (options.body_limit > 16 * 1024 * 1024)
    return base::input_error("body_limit must be at most 16 MiB");
  if (options.tls_certificate.empty() != options.tls_key.empty())
    return base::input_error("TLS needs both a certificate and its key");
  const auto positive = [](std::chrono::milliseconds timeout) { return timeout.count() > 0; };
  if (!positive(options.request_timeout) || !positive(options.write_timeout) ||
      !positive(options.idle_timeout) || !positive(options.tls_look_every) ||
      !positive(options.stop_timeout)) {
    return base::input_error("the server's time-outs must be positive");
  }
  return {};
}

base::Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Router router) {
  TRY(validate(options));
  auto server = std::make_unique<RunningServer>(options, std::move(router));
  TRY(server->listen());
  return base::Result<std::unique_ptr<Server>>(std::move(server));
}

}  // namespace http
