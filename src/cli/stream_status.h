// SPDX-License-Identifier: Apache-2.0
// The line that a running pipeline shows every few seconds, and its last word.
#pragma once
#include <functional>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "stream/meter.h"

namespace cli {

// Runs `loop` on this thread while another prints `line(now, before, seconds)` to standard error
// every `seconds`; ends with the loop, whose result it returns.
base::Result<void> run_with_status(
    const stream::Meter& meter, double seconds,
    const std::function<std::string(const stream::Counters& now, const stream::Counters& before,
                                    double seconds)>& line,
    const std::function<base::Result<void>()>& loop);

// ", 3 rejected (not_json 2, out_of_range 1)" and the like: only what is not zero.
std::string format_troubles(const stream::Counters& counters);

}  // namespace cli
