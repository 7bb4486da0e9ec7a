// SPDX-License-Identifier: Apache-2.0
#include "stream/detail/workers.h"

#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace stream::detail {

base::Result<void> run_workers(
    std::size_t count, std::stop_token stop,
    const std::function<base::Result<void>(std::size_t, std::stop_token)>& work) {
  std::stop_source all;
  const std::stop_callback forward(stop, [&all] { all.request_stop(); });
  std::mutex mutex;
  std::optional<base::Error> first;
  const auto run = [&](std::size_t worker) {
    base::Result<void> result = work(worker, all.get_token());
    if (result) return;
    const std::lock_guard lock(mutex);
    if (!first) first = std::move(result).error();
    all.request_stop();
  };
  if (count == 1) {
    run(0);
  } else {
    std::vector<std::jthread> threads;
    for (std::size_t worker = 0; worker < count; ++worker) threads.emplace_back(run, worker);
  }
  if (first) return *std::move(first);
  return {};
}

}  // namespace stream::detail
