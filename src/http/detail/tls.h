// SPDX-License-Identifier: Apache-2.0
// TLS 1.2 and newer, by OpenSSL.
#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <string>

#include "base/result.h"
#include "http/detail/wire.h"

namespace http {

// A server's certificate and key, as loaded.
class Tls {
 public:
  virtual ~Tls() = default;
  // Takes the socket over; the handshake is open()'s. A wire keeps what it needs of the Tls, which
  // may go before it.
  virtual std::unique_ptr<Wire> wire(boost::asio::ip::tcp::socket socket) = 0;
  // Of the server's own certificate, for a log: "CN=shop.example, serial 04D2, valid until
  // 2027-01-31".
  [[nodiscard]] virtual std::string certificate() const = 0;
};

// Both are PEM files; the certificate's may hold its chain after it. The error names the file and
// what is wrong with it: not readable, not PEM, a key under a pass phrase, a key of another
// certificate, expired or not valid yet.
base::Result<std::unique_ptr<Tls>> load_tls(const std::string& certificate, const std::string& key);

}  // namespace http
