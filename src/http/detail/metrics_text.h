// SPDX-License-Identifier: Apache-2.0
// Counters for Prometheus, in its text format 0.0.4.
#pragma once
#include <string>

#include "http/server.h"
#include "http/service.h"
#include "trial/progress.h"

namespace http {

inline constexpr char kMetricsType[] = "text/plain; version=0.0.4; charset=utf-8";

// `live` may be null: no experiment has started.
std::string metrics_text(const ServerCounts& counts, const PlatformStatus& status,
                         const trial::Progress* live);

}  // namespace http
