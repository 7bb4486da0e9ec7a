// SPDX-License-Identifier: Apache-2.0
// Reads records in batches and never loses one silently: offsets are committed only when the caller
// says so, and offsets that are skipped (a broker dropped records before they were read) are
// counted and said aloud.
//
//   TRY_ASSIGN(auto consumer, transport.make_consumer({.topics = {"topic_session"}, .group =
//   "platform"})); while (!stop.stop_requested()) {
//     TRY_ASSIGN(const auto records, consumer->poll(1000, std::chrono::milliseconds(100)));
//     for (const kafka::Record& record : records) handle(record);
//     // … once their effects are stored: consumer->commit(offsets)
//   }
//
// Not thread-safe: one consumer, one thread (from make_consumer to its end; it may be handed to
// another thread whole). Callbacks run on that thread, inside poll and close only.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "kafka/properties.h"
#include "kafka/record.h"

namespace kafka {

class Consumer;
namespace detail {
struct ClientSettings;
}

// Who shares the partitions.
enum class Membership {
  kGroup,  // The members of the group share them (assignor "range", eager): the same partition
           // numbers of all topics go to the same member. Joining takes 3 s on the in-process
           // broker (a constant of it), some ms on Apache Kafka.
  kAlone,  // This consumer reads all partitions; the group only names where the offsets are kept.
           // Starts at once (1 s where the client library has to ask twice). Two such readers of
           // one group would each read everything; partitions added to a topic later are read after
           // a restart.
};

enum class Start { kEarliest, kLatest };

// Offsets first_missing … first_missing + count − 1 were never delivered.
struct Gap {
  TopicPartition where = {};
  std::int64_t first_missing = 0;
  std::int64_t count = 0;
};

struct ConsumerOptions {
  std::vector<std::string> topics = {};  // At least one, no name twice.
  std::string group = {};                // Never empty.
  Membership membership = Membership::kGroup;
  Start start = Start::kEarliest;  // Where the group has committed nothing, or the committed offset
                                   // no longer exists.
  std::string name = "provecho";   // In the log and, as client.id, in the broker's.

  // Compacted topics and those written in transactions skip offsets by design: then gaps are not
  // looked for.
  bool offsets_may_skip = false;

  // Records wait on the client up to this many bytes and records, all partitions together. Not less
  // than what arrives in 1 s: a full queue pauses fetching for 1,000 ms (a constant of librdkafka
  // before 2.2).
  std::int64_t queue_bytes = 256LL << 20;
  std::int64_t queue_records = 1'000'000;

  // How long the broker may hold back a fetch that finds nothing. Records that arrive meanwhile are
  // sent at once.
  std::chrono::milliseconds fetch_wait{100};

  // A member that does not poll for so long is taken out of its group.
  std::chrono::milliseconds max_poll_interval{300'000};
  // A member that dies without leaving is noticed after so long.
  std::chrono::milliseconds session_timeout{10'000};

  // All may be empty; what they capture must outlive the consumer, whose end calls `revoked`.
  // `assigned`: what this consumer is to read from now on, with the offset at which each partition
  // begins (kCommittedOffset where nothing is committed); it may set another offset. An error it
  // returns (partitions that do not match, say) is what poll returns, and nothing is read.
  // `revoked`: these are no longer ours after the call; it may commit, except when `lost` (then
  // another member has them already and a commit would be refused).
  std::function<base::Result<void>(Consumer&, std::span<TopicOffset>)> assigned = {};
  std::function<void(Consumer&, std::span<const TopicPartition>, bool lost)> revoked = {};
  // Each gap when it is met; also logged and counted.
  std::function<void(const Gap&)> gap = {};

  // For the client, after ours; those that the contract above rests on are refused.
  Properties properties = {};
};

struct ConsumerCounters {
  std::int64_t records_total = 0;
  std::int64_t bytes_total = 0;    // Keys and values.
  std::int64_t missing_total = 0;  // Records in gaps.
  std::int64_t repeated_total =
      0;  // Records whose offset lies before one already delivered, without a seek.
  std::int64_t errors_total = 0;  // Transient; each kind is logged at most once in ten seconds.
  std::int64_t commits_refused_total =
      0;  // The partitions had gone to another member; it repeats that work.
  std::int64_t rebalances_total = 0;  // Assignments received.
};

struct Lag {
  TopicPartition where = {};
  std::int64_t position = -1;  // The next offset to be delivered by poll; -1: nothing yet.
  std::int64_t end =
      -1;  // Offset after the partition's last record, as of the latest fetch; -1: not known yet.
  // 0 also where nothing is known yet; Consumer::caught_up tells these apart.
  [[nodiscard]] std::int64_t behind() const {
    return position < 0 || end < position ? 0 : end - position;
  }
};

class Consumer {
 public:
  // By Transport::make_consumer.
  static base::Result<std::unique_ptr<Consumer>> open(const detail::ClientSettings& settings,
                                                      ConsumerOptions options);
  ~Consumer();  // close()
  Consumer(const Consumer&) = delete;
  Consumer& operator=(const Consumer&) = delete;

  // Up to `max` (1 … 100,000) records; waits at most `wait` for the first (and up to 1 s longer
  // where partitions are being taken over), never for further ones, so a large `max` costs no
  // latency. An empty span is no error. In a partition offsets rise; partitions and topics come in
  // any order. Errors: only what does not heal by itself (not authorised, fenced, refused by
  // `assigned`, closed). A broker that is away is waited for: counted, logged, empty spans
  // meanwhile.
  base::Result<std::span<const Record>> poll(std::size_t max, std::chrono::milliseconds wait);

  // The headers of a record of the latest poll, borrowed as it is.
  [[nodiscard]] std::vector<Header> headers(const Record& record) const;

  // Waits until the broker has stored the offsets (one round trip), for one that is away as long as
  // `wait`, then an error. A commit refused because the partitions have gone to another member is
  // counted, not an error: the new owner repeats the work.
  base::Result<void> commit(std::span<const TopicOffset> offsets,
                            std::chrono::milliseconds wait = std::chrono::milliseconds::max());
  // Does not wait; a failure is logged and counted as an error, and repaired by the next commit.
  void commit_async(std::span<const TopicOffset> offsets);

  // Committed offsets of the given partitions; kCommittedOffset where there is none.
  base::Result<std::vector<TopicOffset>> committed(std::span<const TopicPartition> partitions);

  // From the next poll on, no records of these partitions until resume; the others go on, and so
  // does membership. What was paused and is revoked comes back resumed.
  base::Result<void> pause(std::span<const TopicPartition> partitions);
  base::Result<void> resume(std::span<const TopicPartition> partitions);

  // The next record of the partition (one that is assigned) is the one at `to.offset`.
  base::Result<void> seek(const TopicOffset& to);

  [[nodiscard]] std::span<const TopicPartition> assignment() const;
  // Partitions of each of the options' topics, in their order: where these differ, topics cannot be
  // joined by key. Asks the broker (ms). Error: no answer, or a topic that does not exist.
  base::Result<std::vector<std::int32_t>> partition_counts();
  // Of the assigned partitions; no network.
  [[nodiscard]] std::vector<Lag> lag() const;
  // Partitions are assigned, and of each all is delivered that was there at the latest fetch. False
  // as long as anything of this is not known.
  [[nodiscard]] bool caught_up() const;
  [[nodiscard]] const ConsumerCounters& counters() const;
  // Gaps of each partition since the start, summed (first_missing is that of its first gap).
  [[nodiscard]] std::vector<Gap> gaps() const;

  // `revoked` is called for what is still assigned, the group is left; a broker that is away is
  // waited for 5 s. Afterwards only counters and gaps answer.
  void close();

 private:
  struct State;
  explicit Consumer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace kafka
