// SPDX-License-Identifier: Apache-2.0
// Our words for partitions and offsets to the client library's and back. For .cc files only.
#pragma once
#include <librdkafka/rdkafka.h>

#include <span>
#include <vector>

#include "kafka/detail/handles.h"
#include "kafka/record.h"

namespace kafka::detail {

PartitionList to_list(std::span<const TopicPartition> partitions);
// kCommittedOffset becomes the library's "stored offset".
PartitionList to_list(std::span<const TopicOffset> offsets);

// The library's logical offsets (none committed, beginning, end) become kCommittedOffset.
std::vector<TopicOffset> to_offsets(const rd_kafka_topic_partition_list_t& list);

// The first error that a partition of the list carries.
rd_kafka_resp_err_t first_error(const rd_kafka_topic_partition_list_t& list);

}  // namespace kafka::detail
