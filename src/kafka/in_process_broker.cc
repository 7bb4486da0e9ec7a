// SPDX-License-Identifier: Apache-2.0
#include "kafka/in_process_broker.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <vector>

#include "kafka/detail/admin.h"
#include "kafka/detail/client_settings.h"
#include "kafka/detail/configuration.h"
#include "kafka/detail/handles.h"

namespace kafka {
namespace {

constexpr int kBroker = 1;  // The only one; the library counts them from 1.
constexpr std::int64_t kBytesPerPartition = 5LL << 20;
constexpr std::int64_t kRecordsPerPartition = 100'000;
constexpr std::chrono::milliseconds kTopicTimeout{10'000};
constexpr std::chrono::milliseconds kFetchWait{2};

using Cluster =
    std::unique_ptr<rd_kafka_mock_cluster_t, detail::Destroy<rd_kafka_mock_cluster_destroy>>;

}  // namespace

struct InProcessBroker::State {
  detail::Client host;  // The cluster lives in a client's threads.
  Cluster cluster;
  detail::ClientSettings settings;
  std::unique_ptr<detail::Admin> admin;
};

InProcessBroker::InProcessBroker(std::unique_ptr<State> state) : state_(std::move(state)) {}
InProcessBroker::~InProcessBroker() = default;

base::Result<std::unique_ptr<InProcessBroker>> InProcessBroker::start() {
  auto state = std::make_unique<State>();
  detail::Configuration configuration;
  configuration.set("client.id", "provecho-broker");
  TRY_ASSIGN(state->host, configuration.start(RD_KAFKA_PRODUCER, nullptr));
  state->cluster.reset(rd_kafka_mock_cluster_new(state->host.get(), 1));
  if (state->cluster == nullptr) return base::system_error("cannot start the in-process broker");
  state->settings.bootstrap = rd_kafka_mock_cluster_bootstraps(state->cluster.get());
  state->settings.begins_at_zero = true;
  state->settings.longest_fetch_wait = kFetchWait;
  TRY_ASSIGN(state->admin, detail::Admin::open(state->settings));
  return std::unique_ptr<InProcessBroker>(new InProcessBroker(std::move(state)));
}

base::Result<std::unique_ptr<Consumer>> InProcessBroker::make_consumer(ConsumerOptions options) {
  return Consumer::open(state_->settings, std::move(options));
}

base::Result<std::unique_ptr<Producer>> InProcessBroker::make_producer(ProducerOptions options) {
  return Producer::open(state_->settings, std::move(options));
}

base::Result<void> InProcessBroker::ensure_topics(std::span<const TopicSpec> topics) {
  TRY(detail::validate(topics));
  for (const TopicSpec& topic : topics) {
    const auto error =
        rd_kafka_mock_topic_create(state_->cluster.get(), topic.name.c_str(), topic.partitions, 1);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR && error != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
      return base::system_error("cannot create topic '" + topic.name +
                                "': " + rd_kafka_err2str(error));
    }
  }
  return state_->admin->wait_for(topics, kTopicTimeout);
}

std::string InProcessBroker::describe() const { return "in-process broker: for trying out"; }

std::string InProcessBroker::bootstrap() const { return state_->settings.bootstrap; }

Limits InProcessBroker::limits() const {
  return {kBytesPerPartition / 2, kRecordsPerPartition / 2};
}

base::Result<void> InProcessBroker::health() const { return {}; }

void InProcessBroker::set_down(bool down) {
  if (down) {
    rd_kafka_mock_broker_set_down(state_->cluster.get(), kBroker);
  } else {
    rd_kafka_mock_broker_set_up(state_->cluster.get(), kBroker);
  }
}

void InProcessBroker::set_round_trip(std::chrono::milliseconds rtt) {
  rd_kafka_mock_broker_set_rtt(state_->cluster.get(), kBroker, detail::timeout_ms(rtt));
}

void InProcessBroker::fail_next_produce(int protocol_error, int times) {
  constexpr int kProduceRequest = 0;
  const std::vector<rd_kafka_resp_err_t> errors(static_cast<std::size_t>(times),
                                                static_cast<rd_kafka_resp_err_t>(protocol_error));
  rd_kafka_mock_push_request_errors_array(state_->cluster.get(), kProduceRequest, errors.size(),
                                          errors.data());
}

}  // namespace kafka
