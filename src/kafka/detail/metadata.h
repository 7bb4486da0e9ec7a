// SPDX-License-Identifier: Apache-2.0
// What brokers say of their topics. For .cc files only.
#pragma once
#include <librdkafka/rdkafka.h>

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"

namespace kafka::detail {

// The partitions of each topic, in the order asked for; 0: the topic does not exist or is not ready
// (a partition without a leader). Creates nothing. Error: no answer in time, or an answer that
// waiting will not change (not authorised).
base::Result<std::vector<std::int32_t>> partition_counts(rd_kafka_t* client,
                                                         std::span<const std::string> topics,
                                                         std::chrono::milliseconds timeout);

}  // namespace kafka::detail
