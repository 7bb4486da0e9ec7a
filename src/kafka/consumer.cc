// SPDX-License-Identifier: Apache-2.0
#include "kafka/consumer.h"

#include <librdkafka/rdkafka.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <thread>

#include "kafka/detail/client_settings.h"
#include "kafka/detail/configuration.h"
#include "kafka/detail/consumer_options.h"
#include "kafka/detail/consumer_state.h"
#include "kafka/detail/log.h"
#include "kafka/detail/metadata.h"
#include "kafka/detail/partition_lists.h"

namespace kafka {
namespace {

constexpr std::size_t kLargestBatch = 100'000;
constexpr std::chrono::milliseconds kAdministration{10'000};
constexpr std::chrono::milliseconds kPatienceForLeaving{5'000};
constexpr std::chrono::milliseconds kBetweenTries{20};

// Waiting does not help against these.
bool heals(rd_kafka_resp_err_t error) {
  switch (error) {
    case RD_KAFKA_RESP_ERR__FATAL:
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM:
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
    case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
    case RD_KAFKA_RESP_ERR_INVALID_GROUP_ID:
    case RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL:
      return false;
    default:
      return true;
  }
}

// The partitions have gone, or are about to go, to another member.
bool is_refusal(rd_kafka_resp_err_t error) {
  return error == RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION ||
         error == RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID ||
         error == RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS;
}

}  // namespace

void Consumer::State::note_error(rd_kafka_resp_err_t error, const std::string& reason) {
  ++counters.errors_total;
  if (heals(error)) {
    detail::warn_now_and_then(options.name + std::to_string(error),
                              "kafka: " + options.name + ": " + reason);
    return;
  }
  if (!failure) failure = base::system_error("cannot read from Kafka: " + reason);
}

void Consumer::State::on_error(rd_kafka_t* client, int error, const char* reason, void* opaque) {
  auto& state = *static_cast<State*>(opaque);
  auto code = static_cast<rd_kafka_resp_err_t>(error);
  char detail[512];
  if (code == RD_KAFKA_RESP_ERR__FATAL) {
    rd_kafka_fatal_error(client, detail, sizeof detail);
    reason = detail;
  }
  state.note_error(code, reason);
}

void Consumer::State::on_commit(rd_kafka_t*, rd_kafka_resp_err_t error,
                                rd_kafka_topic_partition_list_t* offsets, void* opaque) {
  auto& state = *static_cast<State*>(opaque);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR && offsets != nullptr)
    error = detail::first_error(*offsets);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR || error == RD_KAFKA_RESP_ERR__NO_OFFSET) return;
  if (is_refusal(error)) {
    ++state.counters.commits_refused_total;
    return;
  }
  state.note_error(error, "cannot commit: " + std::string(rd_kafka_err2str(error)));
}

std::size_t Consumer::State::index_of(const char* topic) const {
  const auto found = std::find(options.topics.begin(), options.topics.end(), topic);
  return static_cast<std::size_t>(found - options.topics.begin());
}

Consumer::State::Slot* Consumer::State::slot_of(const TopicPartition& where) {
  const std::size_t topic = index_of(where.topic.c_str());
  const auto number = static_cast<std::size_t>(where.partition);
  if (topic >= slots.size() || where.partition < 0 || number >= slots[topic].size() ||
      !slots[topic][number].ours) {
    return nullptr;
  }
  return &slots[topic][number];
}

void Consumer::State::drop_batch() {
  for (std::size_t i = 0; i < message_count; ++i) rd_kafka_message_destroy(messages[i]);
  message_count = 0;
  records.clear();
}

// The library's batch call waits until the batch is full or the time is over. Asking for what is
// there, and waiting for a single record only when there is none, gives whole batches under load
// and no delay without.
std::size_t Consumer::State::fetch(std::size_t max, std::chrono::milliseconds wait) {
  if (messages.size() < max) messages.resize(max);
  auto count =
      std::max<ssize_t>(0, rd_kafka_consume_batch_queue(queue.get(), 0, messages.data(), max));
  if (count > 0 || wait.count() <= 0 || revocation_pending) return static_cast<std::size_t>(count);
  messages[0] = rd_kafka_consume_queue(queue.get(), detail::timeout_ms(wait));
  if (messages[0] == nullptr) return 0;
  if (max == 1) return 1;
  count = std::max<ssize_t>(
      0, rd_kafka_consume_batch_queue(queue.get(), 0, messages.data() + 1, max - 1));
  return 1 + static_cast<std::size_t>(count);
}

void Consumer::State::count_gap(std::size_t topic_index, std::int32_t partition, std::int64_t first,
                                std::int64_t count) {
  const Gap gap{{options.topics[topic_index], partition}, first, count};
  counters.missing_total += count;
  const auto [entry, is_new] = gaps.try_emplace(gap.where, gap);
  if (!is_new) entry->second.count += count;
  detail::warn_now_and_then(options.name + gap.where.topic + std::to_string(partition),
                            "kafka: " + options.name + ": " + std::to_string(count) +
                                " records of " + gap.where.topic + "/" + std::to_string(partition) +
                                " are missing, from offset " + std::to_string(first) +
                                ": the broker removed them before they were read");
  if (options.gap) options.gap(gap);
}

void Consumer::State::take_in(rd_kafka_message_t* message) {
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    note_error(message->err, rd_kafka_message_errstr(message));
    rd_kafka_message_destroy(message);
    return;
  }
  if (message->rkt != last_topic) {
    last_index = index_of(rd_kafka_topic_name(message->rkt));
    last_topic = message->rkt;
  }
  const auto number = static_cast<std::size_t>(message->partition);
  if (last_index >= slots.size() || number >= slots[last_index].size() ||
      !slots[last_index][number].ours) {
    rd_kafka_message_destroy(message);  // Left in the queue by an assignment that has ended.
    return;
  }
  const std::int64_t expected = slots[last_index][number].trail.next();
  const auto step = slots[last_index][number].trail.follow(message->offset);
  if (step.repeated) ++counters.repeated_total;
  if (step.missing > 0 && !options.offsets_may_skip) {
    count_gap(last_index, message->partition, expected, step.missing);
  }

  rd_kafka_timestamp_type_t kind;
  const std::int64_t millis = rd_kafka_message_timestamp(message, &kind);
  records.push_back({.topic = options.topics[last_index],
                     .topic_index = last_index,
                     .partition = message->partition,
                     .offset = message->offset,
                     .timestamp = base::Timestamp(millis < 0 ? 0 : millis * 1000),
                     .key = {static_cast<const char*>(message->key), message->key_len},
                     .value = {static_cast<const char*>(message->payload), message->len}});
  counters.bytes_total += static_cast<std::int64_t>(message->key_len + message->len);
  messages[message_count++] = message;
}

Consumer::Consumer(std::unique_ptr<State> state) : state_(std::move(state)) { state_->self = this; }

base::Result<std::unique_ptr<Consumer>> Consumer::open(const detail::ClientSettings& settings,
                                                       ConsumerOptions options) {
  TRY(detail::validate(options));
  auto state = std::make_unique<State>();
  detail::Configuration configuration;
  detail::configure(configuration, settings, options);
  rd_kafka_conf_set_error_cb(configuration.get(), State::on_error);
  rd_kafka_conf_set_rebalance_cb(configuration.get(), State::on_rebalance);
  rd_kafka_conf_set_offset_commit_cb(configuration.get(), State::on_commit);
  state->slots.resize(options.topics.size());
  state->options = std::move(options);
  state->begins_at_zero = settings.begins_at_zero;
  TRY_ASSIGN(state->client, configuration.start(RD_KAFKA_CONSUMER, state.get()));
  rd_kafka_poll_set_consumer(state->client.get());
  state->queue.reset(rd_kafka_queue_get_consumer(state->client.get()));

  if (state->options.membership == Membership::kGroup) {
    const detail::PartitionList topics(
        rd_kafka_topic_partition_list_new(static_cast<int>(state->options.topics.size())));
    for (const std::string& topic : state->options.topics) {
      rd_kafka_topic_partition_list_add(topics.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
    }
    const auto error = rd_kafka_subscribe(state->client.get(), topics.get());
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return base::input_error("cannot subscribe: " + std::string(rd_kafka_err2str(error)));
    }
  }
  return std::unique_ptr<Consumer>(new Consumer(std::move(state)));
}

Consumer::~Consumer() { close(); }

base::Result<std::span<const Record>> Consumer::poll(std::size_t max,
                                                     std::chrono::milliseconds wait) {
  using std::chrono::steady_clock;
  State& state = *state_;
  if (state.closed) return base::system_error("this consumer is closed");
  state.drop_batch();
  max = std::clamp<std::size_t>(max, 1, kLargestBatch);
  const auto end = steady_clock::now() + wait;
  do {
    const auto left =
        std::max(std::chrono::milliseconds(0),
                 std::chrono::duration_cast<std::chrono::milliseconds>(end - steady_clock::now()));
    state.act_on_rebalance();
    if (state.options.membership == Membership::kAlone && !state.alone_assigned && !state.failure) {
      state.look_for_partitions(left);
    }
    if (state.failure) return *state.failure;
    // Where partitions are still to be had, it is asked for them again soon.
    const bool waits_for_partitions =
        state.assignment_pending.has_value() ||
        (state.options.membership == Membership::kAlone && !state.alone_assigned);
    const std::size_t fetched =
        state.fetch(max, waits_for_partitions ? std::min(left, kBetweenTries) : left);
    state.records.reserve(fetched);
    for (std::size_t i = 0; i < fetched; ++i) state.take_in(state.messages[i]);
  } while (state.records.empty() && !state.failure && steady_clock::now() < end);
  // What was read before the failure still counts; the next poll tells of it.
  if (state.failure && state.records.empty()) return *state.failure;
  state.counters.records_total += static_cast<std::int64_t>(state.records.size());
  return std::span<const Record>(state.records);
}

std::vector<Header> Consumer::headers(const Record& record) const {
  std::vector<Header> result;
  for (std::size_t i = 0; i < state_->records.size(); ++i) {
    if (state_->records[i].offset != record.offset ||
        state_->records[i].topic_index != record.topic_index ||
        state_->records[i].partition != record.partition) {
      continue;
    }
    rd_kafka_headers_t* headers = nullptr;
    if (rd_kafka_message_headers(state_->messages[i], &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
      break;
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    for (std::size_t h = 0;
         rd_kafka_header_get_all(headers, h, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
         ++h) {
      result.push_back({name, {static_cast<const char*>(value), size}});
    }
    break;
  }
  return result;
}

base::Result<void> Consumer::commit(std::span<const TopicOffset> offsets,
                                    std::chrono::milliseconds wait) {
  if (state_->closed) return base::system_error("this consumer is closed");
  if (offsets.empty()) return {};
  const auto list = detail::to_list(offsets);
  // The library's own synchronous commit waits for a broker without an end.
  const detail::Queue answer(rd_kafka_queue_new(state_->client.get()));
  auto error =
      rd_kafka_commit_queue(state_->client.get(), list.get(), answer.get(), nullptr, nullptr);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
    const detail::Event event(rd_kafka_queue_poll(answer.get(), detail::timeout_ms(wait)));
    error = event ? rd_kafka_event_error(event.get()) : RD_KAFKA_RESP_ERR__TIMED_OUT;
    if (event && error == RD_KAFKA_RESP_ERR_NO_ERROR)
      error = detail::first_error(*rd_kafka_event_topic_partition_list(event.get()));
  }
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  if (is_refusal(error)) {
    ++state_->counters.commits_refused_total;
    return {};
  }
  return base::system_error("cannot commit offsets of group '" + state_->options.group +
                            "': " + rd_kafka_err2str(error));
}

void Consumer::commit_async(std::span<const TopicOffset> offsets) {
  if (state_->closed || offsets.empty()) return;
  const auto list = detail::to_list(offsets);
  const auto error = rd_kafka_commit(state_->client.get(), list.get(), /*async=*/1);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) State::on_commit(nullptr, error, nullptr, state_.get());
}

base::Result<std::vector<TopicOffset>> Consumer::committed(
    std::span<const TopicPartition> partitions) {
  if (state_->closed) return base::system_error("this consumer is closed");
  const auto list = detail::to_list(partitions);
  auto error =
      rd_kafka_committed(state_->client.get(), list.get(), detail::timeout_ms(kAdministration));
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) error = detail::first_error(*list);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return base::system_error("cannot read the offsets of group '" + state_->options.group +
                              "': " + rd_kafka_err2str(error));
  }
  return detail::to_offsets(*list);
}

base::Result<void> Consumer::pause(std::span<const TopicPartition> partitions) {
  const auto list = detail::to_list(partitions);
  if (!state_->closed) rd_kafka_pause_partitions(state_->client.get(), list.get());
  const auto error = detail::first_error(*list);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  return base::input_error("cannot pause: " + std::string(rd_kafka_err2str(error)));
}

base::Result<void> Consumer::resume(std::span<const TopicPartition> partitions) {
  const auto list = detail::to_list(partitions);
  if (!state_->closed) rd_kafka_resume_partitions(state_->client.get(), list.get());
  const auto error = detail::first_error(*list);
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  return base::input_error("cannot resume: " + std::string(rd_kafka_err2str(error)));
}

base::Result<void> Consumer::seek(const TopicOffset& to) {
  State::Slot* const slot = state_->slot_of({to.topic, to.partition});
  if (slot == nullptr || to.offset < 0) {
    return base::input_error("cannot seek to offset " + std::to_string(to.offset) + " of " +
                             to.topic + "/" + std::to_string(to.partition) +
                             ": not a partition and offset of this consumer");
  }
  const auto list = detail::to_list(std::span(&to, 1));
  rd_kafka_error_t* const problem = rd_kafka_seek_partitions(state_->client.get(), list.get(),
                                                             detail::timeout_ms(kAdministration));
  if (problem != nullptr) {
    const std::string reason = rd_kafka_error_string(problem);
    rd_kafka_error_destroy(problem);
    return base::system_error("cannot seek: " + reason);
  }
  const auto error = detail::first_error(*list);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR)
    return base::system_error("cannot seek: " + std::string(rd_kafka_err2str(error)));
  slot->trail.begin_at(to.offset);
  return {};
}

std::span<const TopicPartition> Consumer::assignment() const { return state_->assigned; }

base::Result<std::vector<std::int32_t>> Consumer::partition_counts() {
  if (state_->closed) return base::system_error("this consumer is closed");
  TRY_ASSIGN(auto counts, detail::partition_counts(state_->client.get(), state_->options.topics,
                                                   kAdministration));
  const auto missing = std::find(counts.begin(), counts.end(), 0);
  if (missing == counts.end()) return counts;
  return base::system_error(
      "topic '" + state_->options.topics[static_cast<std::size_t>(missing - counts.begin())] +
      "' does not exist, or has no leader");
}

std::vector<Lag> Consumer::lag() const {
  std::vector<Lag> result;
  if (state_->closed) return result;
  for (const TopicPartition& where : state_->assigned) {
    Lag lag{where, state_->slot_of(where)->trail.next(), -1};
    std::int64_t low = 0;
    std::int64_t high = 0;
    if (rd_kafka_get_watermark_offsets(state_->client.get(), where.topic.c_str(), where.partition,
                                       &low, &high) == RD_KAFKA_RESP_ERR_NO_ERROR &&
        high >= 0) {
      lag.end = high;
      // Before the first record of a partition that begins wherever its records do.
      if (lag.position < 0) lag.position = state_->options.start == Start::kEarliest ? low : high;
    }
    result.push_back(std::move(lag));
  }
  return result;
}

bool Consumer::caught_up() const {
  const auto lags = lag();
  return !lags.empty() && std::all_of(lags.begin(), lags.end(), [](const Lag& l) {
    return l.end >= 0 && l.position >= l.end;
  });
}

const ConsumerCounters& Consumer::counters() const { return state_->counters; }

std::vector<Gap> Consumer::gaps() const {
  std::vector<Gap> result;
  for (const auto& [where, gap] : state_->gaps) result.push_back(gap);
  return result;
}

// Leaves the group, which asks for the broker: one that is away is not waited for without an end,
// as the library's own close would.
bool Consumer::State::leave() {
  using std::chrono::steady_clock;
  const detail::Queue events(rd_kafka_queue_new(client.get()));
  rd_kafka_error_t* const problem = rd_kafka_consumer_close_queue(client.get(), events.get());
  if (problem != nullptr) rd_kafka_error_destroy(problem);
  const auto end = steady_clock::now() + kPatienceForLeaving;
  while (rd_kafka_consumer_closed(client.get()) == 0 && steady_clock::now() < end) {
    const detail::Event event(rd_kafka_queue_poll(events.get(), detail::timeout_ms(kBetweenTries)));
    if (!event || rd_kafka_event_type(event.get()) != RD_KAFKA_EVENT_REBALANCE) continue;
    on_rebalance(client.get(), rd_kafka_event_error(event.get()),
                 rd_kafka_event_topic_partition_list(event.get()), this);
  }
  return rd_kafka_consumer_closed(client.get()) != 0;
}

void Consumer::close() {
  State& state = *state_;
  if (state.closed) return;
  state.drop_batch();
  state.give_up();
  state.closing = true;
  const bool left = state.leave();
  state.closed = true;
  state.queue.reset();
  if (left) return state.client.reset();
  rd_kafka_destroy_flags(state.client.release(), RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

}  // namespace kafka
