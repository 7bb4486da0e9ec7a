// SPDX-License-Identifier: Apache-2.0
// A client that sends any bytes and reads any answer, for tests of what arrives on the wire.
#pragma once
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace http {

class WireClient {
 public:
  explicit WireClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  }
  ~WireClient() { ::close(socket_); }
  WireClient(const WireClient&) = delete;
  WireClient& operator=(const WireClient&) = delete;

  [[nodiscard]] bool connected() const { return connected_; }

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  void finish_sending() { ::shutdown(socket_, SHUT_WR); }

  // Small, so that a client that does not read is noticed soon. Before the first byte is sent.
  void shrink_receive_buffer() {
    const int size = 4096;
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  }

  // One whole answer by its Content-Length (or up to the close); "" when nothing came in time.
  std::string read_answer(bool head = false) {
    while (buffer_.find("\r\n\r\n") == std::string::npos) {
      if (!more()) return take(buffer_.size());
    }
    const std::size_t body = buffer_.find("\r\n\r\n") + 4;
    const std::size_t field = buffer_.find("Content-Length: ");
    const std::size_t length = field < body ? std::stoul(buffer_.substr(field + 16)) : 0;
    const std::size_t whole = body + (head ? 0 : length);
    while (buffer_.size() < whole && more()) {
    }
    return take(whole);
  }

  // Reads until the text has come; false if it did not in time.
  bool read_until(std::string_view text) {
    while (buffer_.find(text) == std::string::npos) {
      if (!more()) return false;
    }
    return true;
  }

  // True when the server has closed the connection within the time.
  bool closed() {
    while (more()) {
    }
    return ended_;
  }

  [[nodiscard]] const std::string& unread() const { return buffer_; }

  std::string ask(std::string_view bytes) {
    send(bytes);
    return read_answer();
  }

 private:
  static constexpr int kPatienceMs = 10'000;

  bool more() {
    pollfd wait{.fd = socket_, .events = POLLIN, .revents = 0};
    if (ended_ || ::poll(&wait, 1, kPatienceMs) <= 0) return false;
    char bytes[8192];
    const ssize_t got = ::recv(socket_, bytes, sizeof bytes, 0);
    if (got <= 0) {
      ended_ = true;
      return false;
    }
    buffer_.append(bytes, static_cast<std::size_t>(got));
    return true;
  }

  std::string take(std::size_t size) {
    std::string taken = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return taken;
  }

  int socket_;
  bool connected_ = false;
  bool ended_ = false;
  std::string buffer_;
};

inline int status_of(const std::string& answer) {
  return answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9, 3)) : 0;
}

inline std::string body_of(const std::string& answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  return end == std::string::npos ? "" : answer.substr(end + 4);
}

}  // namespace http
