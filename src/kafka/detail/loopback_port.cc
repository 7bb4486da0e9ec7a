// SPDX-License-Identifier: Apache-2.0
#include "kafka/detail/loopback_port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

namespace kafka::detail {

base::Result<std::uint16_t> free_port(std::uint16_t port) {
  const int socket_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket_fd < 0) return base::system_error("cannot open a socket");
  const int yes =
      1;  // Connections that lately ended do not hold the port, as for the broker itself.
  setsockopt(socket_fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool is_free = bind(socket_fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                       listen(socket_fd, 1) == 0 &&
                       getsockname(socket_fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  close(socket_fd);
  if (!is_free) {
    return base::system_error(
        "port " + std::to_string(port) +
        " of 127.0.0.1 is in use by another program: stop that, or choose another port");
  }
  return ntohs(address.sin_port);
}

}  // namespace kafka::detail
