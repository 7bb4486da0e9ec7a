// SPDX-License-Identifier: Apache-2.0
#include "http/detail/webhook_post.h"

#include <fcntl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <cerrno>
#include <cstring>
#include <memory>

#include "base/number.h"

namespace http {
namespace {

namespace ip = boost::asio::ip;
using Clock = std::chrono::steady_clock;
constexpr int kSliceMs = 50;
constexpr std::size_t kLongestStatusLine = 256;

bool contains(const char* network, const ip::address_v4& address) {
  const auto range = ip::make_network_v4(network);
  return (address.to_uint() & range.netmask().to_uint()) == range.network().to_uint();
}

bool is_private(const ip::address_v4& address) {
  constexpr const char* kRanges[] = {
      "0.0.0.0/8",     "10.0.0.0/8",      "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16",
      "172.16.0.0/12", "192.0.0.0/24",    "192.0.2.0/24",   "192.88.99.0/24", "192.168.0.0/16",
      "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"};
  return std::ranges::any_of(kRanges, [&](const char* range) { return contains(range, address); });
}

// Only what is handed out for the internet at large (2000::/3) is public, less the parts of it that
// lead back to addresses of version 4 or are for documents.
bool is_private(const ip::address_v6& address) {
  const auto bytes = address.to_bytes();
  if (address.is_v4_mapped()) return is_private(ip::make_address_v4(ip::v4_mapped, address));
  const auto first = static_cast<unsigned>(bytes[0] << 8 | bytes[1]);
  if ((first & 0xe000U) != 0x2000U) return true;
  if (first == 0x2002U) return true;  // 6to4
  if (first == 0x2001U) {
    const auto second = static_cast<unsigned>(bytes[2] << 8 | bytes[3]);
    return second < 0x0200U || second == 0x0db8U;  // Teredo and other protocols', documents.
  }
  return false;
}

// A connected socket that never waits longer than until the deadline, plain or under TLS.
class Client {
 public:
  Client(Clock::time_point deadline, const std::stop_token& stop)
      : deadline_(deadline), stop_(stop) {}
  ~Client() {
    ssl_.reset();
    if (socket_ >= 0) ::close(socket_);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  base::Result<void> connect(const WebTarget& target, const WebPostOptions& options) {
    TRY_ASSIGN(const std::vector<SocketAddress> addresses,
               look_up(target.host, target.port, options.lookup, deadline_, stop_));
    base::Result<void> last = base::system_error("'" + target.host + "' has no address");
    for (const SocketAddress& each : addresses) {
      last = connect_to(each, options.private_targets);
      if (last) break;
    }
    TRY(last);
    return target.tls ? agree(target.host) : base::Result<void>();
  }

  base::Result<void> send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto size = static_cast<int>(bytes.size());
      const int sent =
          ssl_ ? SSL_write(ssl_.get(), bytes.data(), size)
               : static_cast<int>(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
      if (sent > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
      } else {
        TRY(wait_to_go_on(sent, POLLOUT));
      }
    }
    return {};
  }

  // "HTTP/1.1 204 No Content"
  base::Result<std::string> first_line() {
    std::string line;
    char byte = 0;
    while (line.size() < kLongestStatusLine) {
      const int got =
          ssl_ ? SSL_read(ssl_.get(), &byte, 1) : static_cast<int>(::recv(socket_, &byte, 1, 0));
      if (got == 1 && byte == '\n') return line;
      if (got == 1) {
        line += byte;
      } else if (got == 0 && !ssl_) {
        return base::system_error("the server closed the connection without an answer");
      } else {
        TRY(wait_to_go_on(got, POLLIN));
      }
    }
    return base::system_error("the answer is not HTTP");
  }

 private:
  base::Result<void> wait(short events) {
    for (;;) {
      if (stop_.stop_requested()) return base::system_error("stopped");
      if (Clock::now() >= deadline_) return base::system_error("no answer in time");
      pollfd each{.fd = socket_, .events = events, .revents = 0};
      if (::poll(&each, 1, kSliceMs) > 0) return {};
    }
  }

  base::Result<void> wait_to_go_on(int result, short events) {
    if (!ssl_) {
      if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return wait(events);
      return base::system_error(std::string("the connection broke: ") + std::strerror(errno));
    }
    switch (SSL_get_error(ssl_.get(), result)) {
      case SSL_ERROR_WANT_READ:
        return wait(POLLIN);
      case SSL_ERROR_WANT_WRITE:
        return wait(POLLOUT);
      default:
        return base::system_error("TLS failed: " + why());
    }
  }

  [[nodiscard]] std::string why() const {
    if (const long verified = SSL_get_verify_result(ssl_.get()); verified != X509_V_OK)
      return X509_verify_cert_error_string(verified);
    const char* reason = ERR_reason_error_string(ERR_get_error());
    return reason != nullptr ? reason : "the connection broke";
  }

  base::Result<void> connect_to(const SocketAddress& address, bool private_targets) {
    const auto* const bytes = reinterpret_cast<const sockaddr*>(&address.bytes);
    char text[64] = "";
    ::getnameinfo(bytes, address.size, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
    if (!private_targets && is_private_address(text)) {
      return base::input_error(std::string("the address ") + text +
                               " is of a private network: serve with --private-webhooks to allow "
                               "it");
    }
    if (socket_ >= 0) ::close(socket_);
    socket_ = ::socket(bytes->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (socket_ < 0) return base::system_error("no socket can be had");
    if (::connect(socket_, bytes, address.size) != 0 && errno != EINPROGRESS)
      return base::system_error(std::string("cannot connect: ") + std::strerror(errno));
    TRY(wait(POLLOUT));
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0)
      return base::system_error(std::string("cannot connect: ") + std::strerror(error));
    return {};
  }

  // The handshake; the server must be whom the address names.
  base::Result<void> agree(const std::string& host) {
    context_.reset(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION);
    SSL_CTX_set_default_verify_paths(context_.get());
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_tlsext_host_name(ssl_.get(), host.c_str());
    SSL_set1_host(ssl_.get(), host.c_str());
    SSL_set_fd(ssl_.get(), socket_);
    for (int done = SSL_connect(ssl_.get()); done != 1; done = SSL_connect(ssl_.get()))
      TRY(wait_to_go_on(done, POLLIN));
    return {};
  }

  const Clock::time_point deadline_;
  const std::stop_token& stop_;
  int socket_ = -1;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{nullptr, SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, SSL_free};
};

std::string host_field(const WebTarget& target) {
  const std::string host =
      target.host.find(':') == std::string::npos ? target.host : "[" + target.host + "]";
  const bool usual = target.port == (target.tls ? 443 : 80);
  return usual ? host : host + ":" + std::to_string(target.port);
}

}  // namespace

base::Result<WebTarget> parse_web_target(std::string_view url) {
  const auto refuse = [&](const std::string& why) {
    return base::input_error("'" + std::string(url) + "' " + why +
                             ": expected https://host/path or http://host/path");
  };
  if (url.size() > 2000) return base::input_error("the URL is longer than 2,000 bytes");
  if (std::ranges::any_of(url, [](char c) { return c <= ' ' || c > '~'; }))
    return refuse("holds a space or a sign that needs a percent escape");
  WebTarget target;
  target.tls = url.starts_with("https://");
  if (!target.tls && !url.starts_with("http://")) return refuse("is no web address");
  std::string_view rest = url.substr(target.tls ? 8 : 7);
  rest = rest.substr(0, rest.find('#'));
  const std::size_t slash = std::min(rest.find_first_of("/?"), rest.size());
  std::string_view authority = rest.substr(0, slash);
  target.path = std::string(rest.substr(slash));
  if (!target.path.starts_with('/')) target.path.insert(0, "/");
  if (authority.find('@') != std::string_view::npos)
    return refuse("holds a name and password, which webhooks have no use for");
  target.port = target.tls ? 443 : 80;
  const std::size_t bracket = authority.find(']');
  const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos) {
    const auto port = base::parse_int(authority.substr(colon + 1));
    if (!port || *port < 1 || *port > 65535) return refuse("has no good port");
    target.port = static_cast<std::uint16_t>(*port);
    authority = authority.substr(0, colon);
  }
  if (authority.starts_with('[') && authority.ends_with(']'))
    authority = authority.substr(1, authority.size() - 2);
  if (authority.empty()) return refuse("names no host");
  target.host = std::string(authority);
  return target;
}

bool is_private_address(std::string_view address) {
  boost::system::error_code error;
  const ip::address parsed = ip::make_address(std::string(address), error);
  if (error) return true;
  return parsed.is_v4() ? is_private(parsed.to_v4()) : is_private(parsed.to_v6());
}

base::Result<int> web_post(const WebTarget& target,
                           const std::vector<std::pair<std::string, std::string>>& headers,
                           std::string_view body, const WebPostOptions& options,
                           const std::stop_token& stop) {
  Client client(Clock::now() + options.timeout, stop);
  TRY(client.connect(target, options));
  std::string request = "POST " + target.path + " HTTP/1.1\r\nHost: " + host_field(target) +
                        "\r\nUser-Agent: provecho\r\nConnection: close\r\nContent-Type: "
                        "application/json\r\nContent-Length: " +
                        std::to_string(body.size()) + "\r\n";
  for (const auto& [name, value] : headers) request += name + ": " + value + "\r\n";
  TRY(client.send(request + "\r\n" + std::string(body)));
  TRY_ASSIGN(const std::string line, client.first_line());
  const auto status = line.starts_with("HTTP/1.") && line.size() >= 12
                          ? base::parse_int(std::string_view(line).substr(9, 3))
                          : std::nullopt;
  if (!status) return base::system_error("the answer is not HTTP");
  return static_cast<int>(*status);
}

}  // namespace http
