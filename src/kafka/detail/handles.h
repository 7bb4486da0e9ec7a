// SPDX-License-Identifier: Apache-2.0
// Owners of the client library's objects. For .cc files only.
#pragma once
#include <librdkafka/rdkafka.h>

#include <memory>

namespace kafka::detail {

template <auto kDestroy>
struct Destroy {
  template <class T>
  void operator()(T* object) const {
    kDestroy(object);
  }
};

using Client = std::unique_ptr<rd_kafka_t, Destroy<rd_kafka_destroy>>;
using Queue = std::unique_ptr<rd_kafka_queue_t, Destroy<rd_kafka_queue_destroy>>;
using Topic = std::unique_ptr<rd_kafka_topic_t, Destroy<rd_kafka_topic_destroy>>;
using Event = std::unique_ptr<rd_kafka_event_t, Destroy<rd_kafka_event_destroy>>;
using Headers = std::unique_ptr<rd_kafka_headers_t, Destroy<rd_kafka_headers_destroy>>;
using PartitionList = std::unique_ptr<rd_kafka_topic_partition_list_t,
                                      Destroy<rd_kafka_topic_partition_list_destroy>>;
using Metadata = std::unique_ptr<const rd_kafka_metadata_t, Destroy<rd_kafka_metadata_destroy>>;

// The library's functions take milliseconds as an int; negative would mean for ever.
template <class Duration>
int timeout_ms(Duration duration) {
  const auto count = duration.count();
  return count < 0 ? 0 : count > 1'000'000'000 ? 1'000'000'000 : static_cast<int>(count);
}

}  // namespace kafka::detail
