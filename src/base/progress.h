// SPDX-License-Identifier: Apache-2.0
// How far long work has come. Libraries report it; the command line draws it.
#pragma once
#include <cstdint>
#include <functional>

namespace base {

// Called now and then with done ≤ total (total 0: unknown); never from two threads at once. May be
// empty.
using Progress = std::function<void(std::int64_t done, std::int64_t total)>;

}  // namespace base
