// SPDX-License-Identifier: Apache-2.0
// How a consumer comes by partitions and loses them.
#include <librdkafka/rdkafka.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "kafka/detail/consumer_state.h"
#include "kafka/detail/log.h"
#include "kafka/detail/metadata.h"
#include "kafka/detail/partition_lists.h"

namespace kafka {
namespace {

constexpr std::chrono::milliseconds kCommittedTimeout{1'000};
constexpr std::chrono::milliseconds kUsual{5'000};
constexpr std::chrono::milliseconds kBetweenLooks{100};
constexpr std::int32_t kMostPartitions =
    1'000'000;  // Of one topic; far beyond what any broker carries.

std::string described(std::span<const TopicOffset> partitions) {
  std::string text;
  for (const TopicOffset& p : partitions) {
    text += (text.empty() ? "" : ", ") + p.topic + "/" + std::to_string(p.partition);
    if (p.offset >= 0) text += "@" + std::to_string(p.offset);
  }
  return text.empty() ? "nothing" : text;
}

}  // namespace

void Consumer::State::on_rebalance(rd_kafka_t* client, rd_kafka_resp_err_t error,
                                   rd_kafka_topic_partition_list_t* partitions, void* opaque) {
  auto& state = *static_cast<State*>(opaque);
  if (state.closing) {
    rd_kafka_assign(client, nullptr);
    return;
  }
  if (error == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    state.assignment_pending = detail::to_offsets(*partitions);
    return;
  }
  state.revocation_pending = true;
  state.assignment_pending.reset();
}

void Consumer::State::act_on_rebalance() {
  if (revocation_pending) {
    revocation_pending = false;
    give_up();
    rd_kafka_assign(client.get(), nullptr);
  }
  if (assignment_pending) {
    auto partitions = *std::exchange(assignment_pending, std::nullopt);
    take(std::move(partitions));
  }
}

// Where each partition begins is settled here and not left to the library: only so is the first
// record's offset known to be the expected one or not.
void Consumer::State::take(std::vector<TopicOffset> partitions) {
  // What a broker or another member's assignor decides is checked: only partitions of what we asked
  // for.
  std::erase_if(partitions, [&](const TopicOffset& p) {
    return index_of(p.topic.c_str()) == options.topics.size() || p.partition < 0 ||
           p.partition >= kMostPartitions;
  });
  std::sort(partitions.begin(), partitions.end());
  const auto list = detail::to_list(partitions);
  auto error = rd_kafka_committed(client.get(), list.get(), detail::timeout_ms(kCommittedTimeout));
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) error = detail::first_error(*list);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR && !partitions.empty()) {
    // Usual for a moment where the broker has just started or never kept offsets before.
    const auto now = std::chrono::steady_clock::now();
    if (!offsets_asked_since) offsets_asked_since = now;
    if (now - *offsets_asked_since > kUsual) {
      note_error(error,
                 "cannot read the committed offsets yet: " + std::string(rd_kafka_err2str(error)));
    }
    assignment_pending =
        std::move(partitions);  // Nothing is read until they are known; the next poll asks again.
    return;
  }
  offsets_asked_since.reset();
  partitions = detail::to_offsets(*list);

  ++counters.rebalances_total;
  if (options.assigned) {
    auto accepted = options.assigned(*self, partitions);
    if (!accepted) {
      failure = accepted.error();
      partitions.clear();
    }
  }
  spdlog::info("kafka: {}: reads {}", options.name, described(partitions));

  const auto start = detail::to_list(partitions);
  slots.assign(options.topics.size(), {});
  assigned.clear();
  last_topic = nullptr;
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    const TopicOffset& from = partitions[i];
    const bool nothing_committed = from.offset == kCommittedOffset;
    const bool from_beginning = nothing_committed && options.start == Start::kEarliest;
    if (nothing_committed) {
      start->elems[i].offset = from_beginning ? RD_KAFKA_OFFSET_BEGINNING : RD_KAFKA_OFFSET_END;
    }
    assigned.push_back({from.topic, from.partition});
    auto& of_topic = slots[index_of(from.topic.c_str())];
    const auto number = static_cast<std::size_t>(from.partition);
    if (of_topic.size() <= number) of_topic.resize(number + 1);
    of_topic[number].ours = true;
    if (from.offset >= 0) of_topic[number].trail.begin_at(from.offset);
    if (from_beginning && begins_at_zero) of_topic[number].trail.begin_at(0);
  }
  const auto refused = rd_kafka_assign(client.get(), start.get());
  if (refused != RD_KAFKA_RESP_ERR_NO_ERROR) note_error(refused, "cannot take the assignment");
}

void Consumer::State::give_up() {
  const bool lost = rd_kafka_assignment_lost(client.get()) != 0;
  if (options.revoked && !assigned.empty()) options.revoked(*self, assigned, lost);
  if (!assigned.empty())
    spdlog::info("kafka: {}: gives up its {} partitions", options.name, assigned.size());
  assigned.clear();
  slots.assign(options.topics.size(), {});
}

void Consumer::State::look_for_partitions(std::chrono::milliseconds wait) {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_look_at_topics) return;
  next_look_at_topics = now + kBetweenLooks;
  // A look shorter than a round trip would never succeed, however often it is repeated.
  const auto counts =
      detail::partition_counts(client.get(), options.topics, std::max(wait, kBetweenLooks));
  if (!counts) {
    note_error(RD_KAFKA_RESP_ERR__TRANSPORT, counts.error().message);
    return;
  }
  std::vector<TopicOffset> partitions;
  for (std::size_t i = 0; i < options.topics.size(); ++i) {
    if ((*counts)[i] == 0) {
      note_error(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
                 "waits for topic '" + options.topics[i] + "' to exist");
      return;
    }
    for (std::int32_t p = 0; p < (*counts)[i]; ++p)
      partitions.push_back({options.topics[i], p, kCommittedOffset});
  }
  alone_assigned = true;
  take(std::move(partitions));
}

}  // namespace kafka
