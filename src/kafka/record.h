// SPDX-License-Identifier: Apache-2.0
// What travels: a record, and the words for where it lies. Offsets count the records of one
// partition from 0.
#pragma once
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace kafka {

struct TopicPartition {
  std::string topic = {};
  std::int32_t partition = 0;
  friend auto operator<=>(const TopicPartition&, const TopicPartition&) = default;
};

// Where to begin when no offset is to be stated: at what the group has committed, else where
// ConsumerOptions::start says.
inline constexpr std::int64_t kCommittedOffset = -1000;

// An offset of a partition. In a commit it is that of the next record to read: the last one done,
// plus 1.
struct TopicOffset {
  std::string topic = {};
  std::int32_t partition = 0;
  std::int64_t offset = kCommittedOffset;
  friend auto operator<=>(const TopicOffset&, const TopicOffset&) = default;
};

struct Header {
  std::string_view name = {};
  std::string_view value = {};
};

// A record as read. The views are borrowed: they live until the next poll, or the end, of the
// consumer that gave them.
struct Record {
  std::string_view topic = {};
  std::size_t topic_index =
      0;  // The topic's place in ConsumerOptions::topics, so that a loop need not compare names.
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  // What the producer stated, else its clock or the broker's (milliseconds); 0: none.
  base::Timestamp timestamp = {};
  std::string_view key = {};    // Empty also where the record has no key.
  std::string_view value = {};  // Empty also for a tombstone (a record without a value).
};

}  // namespace kafka
