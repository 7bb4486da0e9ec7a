// SPDX-License-Identifier: Apache-2.0
#include "kafka/detail/partition_lists.h"

namespace kafka::detail {

PartitionList to_list(std::span<const TopicPartition> partitions) {
  PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
  for (const TopicPartition& p : partitions)
    rd_kafka_topic_partition_list_add(list.get(), p.topic.c_str(), p.partition);
  return list;
}

PartitionList to_list(std::span<const TopicOffset> offsets) {
  PartitionList list(rd_kafka_topic_partition_list_new(static_cast<int>(offsets.size())));
  for (const TopicOffset& o : offsets) {
    rd_kafka_topic_partition_list_add(list.get(), o.topic.c_str(), o.partition)->offset =
        o.offset == kCommittedOffset ? RD_KAFKA_OFFSET_STORED : o.offset;
  }
  return list;
}

std::vector<TopicOffset> to_offsets(const rd_kafka_topic_partition_list_t& list) {
  std::vector<TopicOffset> offsets;
  offsets.reserve(static_cast<std::size_t>(list.cnt));
  for (int i = 0; i < list.cnt; ++i) {
    const auto& element = list.elems[i];
    offsets.push_back(
        {element.topic, element.partition, element.offset < 0 ? kCommittedOffset : element.offset});
  }
  return offsets;
}

rd_kafka_resp_err_t first_error(const rd_kafka_topic_partition_list_t& list) {
  for (int i = 0; i < list.cnt; ++i) {
    if (list.elems[i].err != RD_KAFKA_RESP_ERR_NO_ERROR) return list.elems[i].err;
  }
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

}  // namespace kafka::detail
