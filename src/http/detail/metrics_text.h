// SPDX-License-Identifier: Apache-2.0
// Counters for Prometheus, in its text format 0.0.4.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "http/server.h"
#include "http/service.h"
#include "trial/progress.h"

namespace http {

inline constexpr char kMetricsType[] = "text/plain; version=0.0.4; charset=utf-8";

// Figures of the live experiments are labelled with their number.
std::string metrics_text(const ServerCounts& counts, const PlatformStatus& status,
                         const std::vector<std::shared_ptr<const trial::Progress>>& live);

}  // namespace http
