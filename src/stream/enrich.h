// SPDX-License-Identifier: Apache-2.0
// The enrichment pipelines: each reads the sampled sessions and writes what is known of the
// customer, on its own topic, on its own. At least once: offsets are committed after the records
// that followed from them are delivered. A record keeps the timestamp of its session, by which the
// join recognises what was written twice.
#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>

#include "base/result.h"
#include "event/topic.h"
#include "kafka/transport.h"
#include "stream/directory.h"
#include "stream/meter.h"

namespace stream {

enum class Pipeline : std::uint8_t { kDemographic, kHistoric };

struct EnrichOptions {
  Pipeline pipeline = Pipeline::kDemographic;
  std::string sampled_topic = event::topic::kSampled;
  std::string output_topic;  // Empty: topic_demographic or topic_historic.
  std::string rejected_topic =
      event::topic::kRejected;  // Empty: what cannot be used is only counted.
  std::string group;            // Empty: "enrich-demographic" or "enrich-historic".
  int threads = 1;
  kafka::Membership membership = kafka::Membership::kGroup;  // kAlone needs one thread.
  kafka::Start start = kafka::Start::kEarliest;
  kafka::Favor favor = kafka::Favor::kLatency;
  std::chrono::milliseconds commit_interval{1'000};
  std::chrono::milliseconds delivery_wait{
      30'000};  // How long a commit waits for deliveries before it is an error.
  kafka::Properties properties;
};

base::Result<void> validate(const EnrichOptions& options);

// One pipeline's step: a sampled session → the text of the message of its output topic, appended to
// `out`; false where the directory does not know enough of the customer.
class EnrichStep {
 public:
  EnrichStep(const CustomerDirectory& directory, Pipeline pipeline);
  bool enrich(event::CustomerId customer, std::string& out);

 private:
  const CustomerDirectory& directory_;
  Pipeline pipeline_;
  event::Demographics demographics_;
  event::History history_;
};

// Runs until `stop` is requested (then drains, commits and returns) or something that does not heal
// by itself goes wrong. The topics exist (Transport::ensure_topics). `meter` may be read from any
// thread meanwhile.
base::Result<void> run_enrich(kafka::Transport& transport, const CustomerDirectory& directory,
                              const EnrichOptions& options, Meter& meter, std::stop_token stop);

}  // namespace stream
