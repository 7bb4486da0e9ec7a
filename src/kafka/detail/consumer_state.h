// SPDX-License-Identifier: Apache-2.0
// The inside of a consumer. For .cc files only.
//
// The client library tells of assignments in the middle of filling a batch. They are only noted
// there, and acted upon between batches: so a batch holds records of one assignment, callbacks see
// no half-done batch, and nothing of a partition comes after `revoked` was called for it.
#pragma once
#include <librdkafka/rdkafka.h>

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "kafka/consumer.h"
#include "kafka/detail/handles.h"
#include "kafka/detail/offset_trail.h"

namespace kafka {

struct Consumer::State {
  using SteadyTime = std::chrono::steady_clock::time_point;

  ConsumerOptions options;
  bool begins_at_zero = false;
  Consumer* self = nullptr;

  // What the library told between two acts.
  bool revocation_pending = false;
  std::optional<std::vector<TopicOffset>> assignment_pending;
  std::optional<base::Error> failure;  // Does not heal: every poll returns it.
  bool closing = false;
  bool closed = false;

  SteadyTime next_look_at_topics{};  // Alone: until the partitions are known.
  bool alone_assigned = false;
  std::optional<SteadyTime> offsets_asked_since;  // In vain so far.

  std::vector<TopicPartition> assigned;
  // One trail per partition, by the topic's index and partition number; those not assigned are
  // absent.
  struct Slot {
    bool ours = false;
    detail::OffsetTrail trail;
  };
  std::vector<std::vector<Slot>> slots;
  std::map<TopicPartition, Gap> gaps;
  ConsumerCounters counters;

  // The latest batch. The library's messages own what the records borrow.
  std::vector<rd_kafka_message_t*> messages;
  std::vector<Record> records;
  std::size_t message_count = 0;
  // The last topic met, so that a run of records of one topic is looked up once.
  const rd_kafka_topic_t* last_topic = nullptr;
  std::size_t last_index = 0;

  detail::Client client;
  detail::Queue queue;

  static void on_rebalance(rd_kafka_t*, rd_kafka_resp_err_t error,
                           rd_kafka_topic_partition_list_t* partitions, void* opaque);
  static void on_error(rd_kafka_t*, int error, const char* reason, void* opaque);
  static void on_commit(rd_kafka_t*, rd_kafka_resp_err_t error,
                        rd_kafka_topic_partition_list_t* offsets, void* opaque);

  void note_error(rd_kafka_resp_err_t error, const std::string& reason);

  // Acts (consumer_assignment.cc).
  void act_on_rebalance();
  void take(std::vector<TopicOffset> partitions);
  void give_up();
  void look_for_partitions(std::chrono::milliseconds wait);  // Membership::kAlone.

  // Batches (consumer.cc).
  void drop_batch();
  bool leave();  // Whether the group was left in time.
  std::size_t fetch(std::size_t max, std::chrono::milliseconds wait);
  void take_in(rd_kafka_message_t* message);
  void count_gap(std::size_t topic_index, std::int32_t partition, std::int64_t first,
                 std::int64_t count);
  [[nodiscard]] std::size_t index_of(
      const char* topic) const;  // options.topics.size() if not one of them.
  Slot* slot_of(const TopicPartition& where);
};

}  // namespace kafka
