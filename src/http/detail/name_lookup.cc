// SPDX-License-Identifier: Apache-2.0
#include "http/detail/name_lookup.h"

#include <netdb.h>

#include <atomic>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace http {
namespace {

std::atomic<int> under_way = 0;

struct Answer {
  std::mutex mutex;
  std::condition_variable_any came;
  std::optional<SocketAddresses> found;
};

SocketAddresses too_many() {
  return base::system_error(std::to_string(kMostNameLookups) +
                            " names are being looked up already: the name server does not answer");
}

void find(const std::string& host, std::uint16_t port, const NameLookup& lookup, Answer& answer) {
  SocketAddresses found = [&]() -> SocketAddresses {
    try {
      return lookup(host, port);
    } catch (const std::exception& failure) {
      return base::system_error("cannot find '" + host + "': " + failure.what());
    }
  }();
  const std::lock_guard lock(answer.mutex);
  answer.found = std::move(found);
  answer.came.notify_all();
}

}  // namespace

SocketAddresses system_name_lookup(const std::string& host, std::uint16_t port) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (const int failed = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &list);
      failed != 0)
    return base::system_error("cannot find '" + host + "': " + ::gai_strerror(failed));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all(list, ::freeaddrinfo);
  std::vector<SocketAddress> addresses;
  for (const addrinfo* each = list; each != nullptr; each = each->ai_next) {
    SocketAddress address{.bytes = {}, .size = each->ai_addrlen};
    std::memcpy(&address.bytes, each->ai_addr, each->ai_addrlen);
    addresses.push_back(address);
  }
  return addresses;
}

SocketAddresses look_up(const std::string& host, std::uint16_t port, const NameLookup& lookup,
                        std::chrono::steady_clock::time_point deadline,
                        const std::stop_token& stop) {
  if (under_way.fetch_add(1) >= kMostNameLookups) {
    --under_way;
    return too_many();
  }
  const auto answer = std::make_shared<Answer>();  // Shared: either thread may be the last.
  try {
    std::thread([=] {
      find(host, port, lookup, *answer);
      --under_way;
    }).detach();
  } catch (const std::system_error& failure) {
    --under_way;
    return base::system_error("cannot find '" + host + "': " + failure.what());
  }
  std::unique_lock lock(answer->mutex);
  if (answer->came.wait_until(lock, stop, deadline, [&] { return answer->found.has_value(); }))
    return *std::move(answer->found);
  if (stop.stop_requested()) return base::system_error("stopped");
  return base::system_error("the address of '" + host + "' was not found in time");
}

}  // namespace http
