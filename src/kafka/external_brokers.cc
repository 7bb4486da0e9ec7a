// SPDX-License-Identifier: Apache-2.0
#include "kafka/external_brokers.h"

#include "kafka/detail/admin.h"
#include "kafka/detail/client_settings.h"

namespace kafka {

struct ExternalBrokers::State {
  ExternalBrokersOptions options;
  detail::ClientSettings settings;
  std::unique_ptr<detail::Admin> admin;
};

ExternalBrokers::ExternalBrokers(std::unique_ptr<State> state) : state_(std::move(state)) {}
ExternalBrokers::~ExternalBrokers() = default;

base::Result<std::unique_ptr<ExternalBrokers>> ExternalBrokers::connect(
    ExternalBrokersOptions options) {
  if (options.brokers.find_first_not_of(" ,") == std::string::npos) {
    return base::input_error(
        "no Kafka brokers are named: expected host:port, or several with commas between");
  }
  auto state = std::make_unique<State>();
  state->settings = {options.brokers, options.properties};
  state->options = std::move(options);
  TRY_ASSIGN(state->admin, detail::Admin::open(state->settings));
  auto answer = state->admin->ping(state->options.timeout);
  if (!answer) {
    return base::system_error("no answer from " + state->options.brokers + " within " +
                              std::to_string(state->options.timeout.count()) +
                              " ms: " + answer.error().message);
  }
  return std::unique_ptr<ExternalBrokers>(new ExternalBrokers(std::move(state)));
}

base::Result<std::unique_ptr<Consumer>> ExternalBrokers::make_consumer(ConsumerOptions options) {
  return Consumer::open(state_->settings, std::move(options));
}

base::Result<std::unique_ptr<Producer>> ExternalBrokers::make_producer(ProducerOptions options) {
  return Producer::open(state_->settings, std::move(options));
}

base::Result<void> ExternalBrokers::ensure_topics(std::span<const TopicSpec> topics) {
  return state_->admin->create(topics, state_->options.timeout);
}

std::string ExternalBrokers::describe() const { return "brokers " + state_->options.brokers; }

std::string ExternalBrokers::bootstrap() const { return state_->options.brokers; }

Limits ExternalBrokers::limits() const { return {}; }

base::Result<void> ExternalBrokers::health() const { return {}; }

}  // namespace kafka
