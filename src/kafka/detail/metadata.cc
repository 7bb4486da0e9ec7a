// SPDX-License-Identifier: Apache-2.0
#include "kafka/detail/metadata.h"

#include <algorithm>

#include "kafka/detail/handles.h"

namespace kafka::detail {
namespace {

bool is_ready(const rd_kafka_metadata_topic_t& topic) {
  return topic.err == RD_KAFKA_RESP_ERR_NO_ERROR && topic.partition_cnt > 0 &&
         std::all_of(topic.partitions, topic.partitions + topic.partition_cnt,
                     [](const rd_kafka_metadata_partition_t& p) { return p.leader >= 0; });
}

}  // namespace

base::Result<std::vector<std::int32_t>> partition_counts(rd_kafka_t* client,
                                                         std::span<const std::string> topics,
                                                         std::chrono::milliseconds timeout) {
  // One request for all topics: asking for a single one would create it on brokers that create at
  // first use.
  const rd_kafka_metadata_t* raw = nullptr;
  const auto error =
      rd_kafka_metadata(client, /*all_topics=*/1, nullptr, &raw, timeout_ms(timeout));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return base::system_error("the Kafka brokers do not answer: " +
                              std::string(rd_kafka_err2str(error)));
  }
  const Metadata metadata(raw);
  std::vector<std::int32_t> counts(topics.size(), 0);
  for (std::size_t i = 0; i < topics.size(); ++i) {
    for (int t = 0; t < metadata->topic_cnt; ++t) {
      const auto& topic = metadata->topics[t];
      if (topics[i] != topic.topic) continue;
      if (topic.err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED) {
        return base::system_error("not authorised for topic '" + topics[i] + "'");
      }
      if (is_ready(topic)) counts[i] = topic.partition_cnt;
    }
  }
  return counts;
}

}  // namespace kafka::detail
