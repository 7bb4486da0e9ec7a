// SPDX-License-Identifier: Apache-2.0
// Kafka brokers that somebody else runs.
#pragma once
#include <memory>
#include <string>

#include "kafka/transport.h"

namespace kafka {

struct ExternalBrokersOptions {
  std::string brokers = {};  // "host:port,host:port"
  // For every client: TLS, SASL and the like ("security.protocol", "sasl.mechanisms", …).
  Properties properties = {};
  std::chrono::milliseconds timeout{
      10'000};  // For the brokers' first answer, and for administration.
};

class ExternalBrokers final : public Transport {
 public:
  // Asks the brokers once, so that a wrong address or password is an Error here and not a silent
  // wait later.
  static base::Result<std::unique_ptr<ExternalBrokers>> connect(ExternalBrokersOptions options);
  ~ExternalBrokers() override;

  base::Result<std::unique_ptr<Consumer>> make_consumer(ConsumerOptions options) override;
  base::Result<std::unique_ptr<Producer>> make_producer(ProducerOptions options) override;
  base::Result<void> ensure_topics(std::span<const TopicSpec> topics) override;
  [[nodiscard]] std::string describe() const override;
  [[nodiscard]] std::string bootstrap() const override;
  [[nodiscard]] Limits limits() const override;
  [[nodiscard]] base::Result<void> health() const override;

 private:
  struct State;
  explicit ExternalBrokers(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace kafka
