// SPDX-License-Identifier: Apache-2.0
// Threads that run until all are asked to stop; the first that fails stops the others.
#pragma once
#include <cstddef>
#include <functional>
#include <stop_token>

#include "base/result.h"

namespace stream::detail {

// Calls work(0 … count−1), each on a thread of its own (one: on this thread), and returns the first
// error.
base::Result<void> run_workers(
    std::size_t count, std::stop_token stop,
    const std::function<base::Result<void>(std::size_t worker, std::stop_token stop)>& work);

}  // namespace stream::detail
