// SPDX-License-Identifier: Apache-2.0
#include "kafka/producer.h"

#include <librdkafka/rdkafka.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>

#include "kafka/detail/client_settings.h"
#include "kafka/detail/configuration.h"
#include "kafka/detail/handles.h"
#include "kafka/detail/log.h"

namespace kafka {
namespace {

constexpr std::size_t kMostTopics =
    64;  // Whose handles are kept; further ones cost a look-up per record.
constexpr std::int64_t kSendsPerPoll = 64;             // Delivery reports are taken in that often.
constexpr std::chrono::milliseconds kPatience{5'000};  // Of the destructor.

base::Result<void> validate(const ProducerOptions& options) {
  if (options.queue_records < 1 || options.queue_records > 10'000'000) {
    return base::input_error("a producer's queue holds 1 to 10,000,000 records, not " +
                             std::to_string(options.queue_records));
  }
  if (options.queue_bytes < (1 << 20) || options.queue_bytes > (1LL << 40)) {
    return base::input_error("a producer's queue holds 1 MiB to 1 TiB, not " +
                             std::to_string(options.queue_bytes) + " bytes");
  }
  if (options.delivery_timeout.count() < 1 || options.delivery_timeout.count() > 2'147'483'647) {
    return base::input_error("a producer's delivery timeout lies between 1 ms and 24 days, not " +
                             std::to_string(options.delivery_timeout.count()) + " ms");
  }
  return {};
}

struct TopicHandle {
  std::string name;
  detail::Topic topic;
};

}  // namespace

struct Producer::State {
  ProducerOptions options;

  std::atomic<std::int64_t> sent{0};
  std::atomic<std::int64_t> delivered{0};
  std::atomic<std::int64_t> failed{0};
  std::atomic<std::int64_t> errors{0};

  std::mutex failures_mutex;
  std::int64_t failures = 0;  // Since the last flush.
  std::string first_failure;

  detail::Client client;    // Ends after the topics below, before what its callbacks touch above.
  std::mutex topics_mutex;  // For adding; readers need none.
  std::array<std::atomic<const TopicHandle*>, kMostTopics> topics{};

  ~State() {
    for (const auto& handle : topics) delete handle.load();
  }

  static void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
    auto& state = *static_cast<State*>(opaque);
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      state.delivered.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    // Not rd_kafka_message_errstr: of a record that was to be written it shows the value.
    const std::string why = "to '" + std::string(rd_kafka_topic_name(message->rkt)) +
                            "': " + rd_kafka_err2str(message->err);
    {
      const std::lock_guard lock(state.failures_mutex);
      if (state.failures++ == 0) state.first_failure = why;
    }
    state.failed.fetch_add(1, std::memory_order_relaxed);
    detail::warn_now_and_then(
        "lost" + state.options.name,
        "kafka: " + state.options.name + ": a record could not be delivered " + why);
  }

  static void on_error(rd_kafka_t*, int error, const char* reason, void* opaque) {
    auto& state = *static_cast<State*>(opaque);
    state.errors.fetch_add(1, std::memory_order_relaxed);
    detail::warn_now_and_then(state.options.name + std::to_string(error),
                              "kafka: " + state.options.name + ": " + reason);
  }

  // A handle that lives as long as the producer; none when there are too many topics.
  rd_kafka_topic_t* handle_of(std::string_view name) {
    for (const auto& slot : topics) {
      const TopicHandle* const handle = slot.load(std::memory_order_acquire);
      if (handle == nullptr) return add_handle(name);
      if (handle->name == name) return handle->topic.get();
    }
    return nullptr;
  }

  rd_kafka_topic_t* add_handle(std::string_view name) {
    const std::lock_guard lock(topics_mutex);
    for (auto& slot : topics) {
      const TopicHandle* const present = slot.load(std::memory_order_relaxed);
      if (present != nullptr) {
        if (present->name == name) return present->topic.get();
        continue;
      }
      auto handle = std::make_unique<TopicHandle>();
      handle->name = name;
      handle->topic.reset(rd_kafka_topic_new(client.get(), handle->name.c_str(), nullptr));
      if (handle->topic == nullptr) return nullptr;
      rd_kafka_topic_t* const topic = handle->topic.get();
      slot.store(handle.release(), std::memory_order_release);
      return topic;
    }
    return nullptr;
  }

  rd_kafka_resp_err_t enqueue(rd_kafka_topic_t* topic, std::string_view key, std::string_view value,
                              std::span<const Header> headers,
                              std::optional<base::Timestamp> timestamp) {
    const void* const key_data = key.empty() ? nullptr : key.data();
    auto* const payload =
        const_cast<char*>(value.data() == nullptr ? "" : value.data());  // Copied, not written.
    if (headers.empty() && !timestamp) {
      const int refused = rd_kafka_produce(topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY,
                                           payload, value.size(), key_data, key.size(), nullptr);
      return refused == 0 ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_last_error();
    }
    detail::Headers copies(rd_kafka_headers_new(headers.size()));
    for (const Header& header : headers) {
      rd_kafka_header_add(copies.get(), header.name.data(),
                          static_cast<ssize_t>(header.name.size()),
                          header.value.data() == nullptr ? "" : header.value.data(),
                          static_cast<ssize_t>(header.value.size()));
    }
    const std::int64_t millis = timestamp ? timestamp->millis() : 0;  // 0: now.
    const auto error = rd_kafka_producev(
        client.get(), RD_KAFKA_V_RKT(topic), RD_KAFKA_V_PARTITION(RD_KAFKA_PARTITION_UA),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_VALUE(payload, value.size()),
        RD_KAFKA_V_KEY(key_data, key.size()), RD_KAFKA_V_TIMESTAMP(millis),
        RD_KAFKA_V_HEADERS(copies.get()), RD_KAFKA_V_END);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR)
      static_cast<void>(copies.release());  // The record owns them now.
    return error;
  }

  base::Error refusal(rd_kafka_resp_err_t error, std::string_view topic, std::size_t bytes) {
    const std::string where = "cannot write to topic '" + std::string(topic.substr(0, 249)) + "': ";
    if (error == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE) {
      return base::input_error(where + "a record of " + std::to_string(bytes) +
                               " bytes is larger than the limit");
    }
    if (error == RD_KAFKA_RESP_ERR__FATAL) {
      char reason[512];
      rd_kafka_fatal_error(client.get(), reason, sizeof reason);
      return base::system_error(where + reason);
    }
    return base::system_error(where + rd_kafka_err2str(error));
  }
};

Producer::Producer(std::unique_ptr<State> state) : state_(std::move(state)) {}

base::Result<std::unique_ptr<Producer>> Producer::open(const detail::ClientSettings& settings,
                                                       ProducerOptions options) {
  TRY(validate(options));
  const bool in_bulk = options.favor == Favor::kThroughput;
  auto state = std::make_unique<State>();
  detail::Configuration configuration;
  configuration.set("bootstrap.servers", settings.bootstrap)
      .set("client.id", options.name)
      .set("enable.idempotence", options.idempotent ? "true" : "false")
      .set("partitioner", "murmur2_random")
      .set("linger.ms", in_bulk ? 5 : 0)
      .set("batch.num.messages", 10'000)
      .set("compression.codec", in_bulk ? "lz4" : "none")
      .set("queue.buffering.max.messages", options.queue_records)
      .set("queue.buffering.max.kbytes", options.queue_bytes / 1024)
      .set("message.timeout.ms", options.delivery_timeout)
      .set("retry.backoff.ms", 50)
      .set(settings.properties)
      .set(options.properties);
  rd_kafka_conf_set_dr_msg_cb(configuration.get(), State::on_delivery);
  rd_kafka_conf_set_error_cb(configuration.get(), State::on_error);
  state->options = std::move(options);
  TRY_ASSIGN(state->client, configuration.start(RD_KAFKA_PRODUCER, state.get()));
  return std::unique_ptr<Producer>(new Producer(std::move(state)));
}

Producer::~Producer() {
  rd_kafka_flush(state_->client.get(), detail::timeout_ms(kPatience));
  const std::int64_t lost = outstanding();
  if (lost > 0)
    spdlog::error("kafka: {}: {} records were not delivered before the end", state_->options.name,
                  lost);
  rd_kafka_purge(state_->client.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
}

base::Result<void> Producer::send(std::string_view topic, std::string_view key,
                                  std::string_view value, std::span<const Header> headers,
                                  std::optional<base::Timestamp> timestamp, std::stop_token stop) {
  State& state = *state_;
  rd_kafka_topic_t* handle = state.handle_of(topic);
  detail::Topic passing;  // Where there are too many topics to keep.
  if (handle == nullptr) {
    passing.reset(rd_kafka_topic_new(state.client.get(), std::string(topic).c_str(), nullptr));
    handle = passing.get();
    if (handle == nullptr) return state.refusal(rd_kafka_last_error(), topic, value.size());
  }
  for (;;) {
    // Counted before, so that outstanding never misses a record that is reported at once.
    const std::int64_t nth = state.sent.fetch_add(1, std::memory_order_relaxed);
    const auto error = state.enqueue(handle, key, value, headers, timestamp);
    if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
      if (nth % kSendsPerPoll == 0) rd_kafka_poll(state.client.get(), 0);
      return {};
    }
    state.sent.fetch_sub(1, std::memory_order_relaxed);
    if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL)
      return state.refusal(error, topic, key.size() + value.size());
    if (stop.stop_requested()) {
      return base::system_error("stopped while waiting to write to topic '" + std::string(topic) +
                                "': the producer's queue is full");
    }
    rd_kafka_poll(state.client.get(), 10);
  }
}

base::Result<void> Producer::flush(std::chrono::milliseconds timeout) {
  State& state = *state_;
  const auto result = rd_kafka_flush(state.client.get(), detail::timeout_ms(timeout));

  std::int64_t failures = 0;
  std::string first;
  {
    const std::lock_guard lock(state.failures_mutex);
    std::swap(failures, state.failures);
    std::swap(first, state.first_failure);
  }
  if (failures > 0) {
    return base::system_error(std::to_string(failures) +
                              " records could not be delivered, the first " + first);
  }
  if (result == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  if (result == RD_KAFKA_RESP_ERR__TIMED_OUT) {
    return base::system_error(std::to_string(outstanding()) + " records not delivered within " +
                              std::to_string(timeout.count()) + " ms");
  }
  return base::system_error("cannot flush: " + std::string(rd_kafka_err2str(result)));
}

std::int64_t Producer::outstanding() const {
  // Read in this order, a record that is reported meanwhile may count as outstanding, never as
  // gone.
  const std::int64_t done = state_->delivered.load() + state_->failed.load();
  return std::max<std::int64_t>(0, state_->sent.load() - done);
}

ProducerCounters Producer::counters() const {
  return {.sent_total = state_->sent.load(),
          .delivered_total = state_->delivered.load(),
          .failed_total = state_->failed.load(),
          .errors_total = state_->errors.load()};
}

}  // namespace kafka
