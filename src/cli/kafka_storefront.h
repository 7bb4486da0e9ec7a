// SPDX-License-Identifier: Apache-2.0
// The simulated shop's side of the topics: announces sessions on topic_session, hears what to do on
// topic_decision, reports what was spent on topic_revenue.
#pragma once
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "event/read.h"
#include "event/topic.h"
#include "kafka/transport.h"
#include "shop/storefront.h"

namespace cli {

struct KafkaStorefrontOptions {
  std::string session_topic = event::topic::kSession;
  std::string decision_topic = event::topic::kDecision;
  std::string revenue_topic = event::topic::kRevenue;
  std::string name = "shop";    // The shop's name as a client of the brokers.
  std::int32_t partitions = 2;  // Of topics that do not exist yet.
};

// What an earlier shop left on the topics.
struct UnfinishedBusiness {
  std::int64_t first_session = 1;  // The first that was never announced.
  std::vector<std::int64_t>
      reopen;  // Announced, neither closed nor answered "unsampled"; ascending.
};

// One thread.
class KafkaStorefront final : public shop::Storefront {
 public:
  // Creates missing topics and begins to listen, from the first decision that the topic holds:
  // nothing said before is missed. The transport outlives the storefront.
  static base::Result<std::unique_ptr<KafkaStorefront>> connect(kafka::Transport& transport,
                                                                KafkaStorefrontOptions options);

  base::Result<void> open(const shop::Visit& visit) override;
  base::Result<void> receive(std::vector<shop::Executed>& decisions, base::Duration wait) override;
  base::Result<void> close(const shop::Visit& visit, base::Cents revenue, bool accepted) override;
  base::Result<void> flush(base::Duration wait) override;

  // Records of topic_decision that were no decision; passed over.
  [[nodiscard]] std::int64_t rejected() const { return rejected_; }

 private:
  KafkaStorefront(KafkaStorefrontOptions options, std::unique_ptr<kafka::Producer> producer,
                  std::unique_ptr<kafka::Consumer> consumer);
  base::Result<void> send(const std::string& topic, std::int64_t uuid);  // What text_ holds.

  KafkaStorefrontOptions options_;
  std::unique_ptr<kafka::Producer> producer_;
  std::unique_ptr<kafka::Consumer> consumer_;
  event::Reader reader_;
  std::string key_;
  std::string text_;
  std::int64_t rejected_ = 0;
};

// Reads all that the three topics hold, to resume where an earlier shop ended: session numbers must
// never be used twice. The in-process broker forgets its topics; there the platform's store knows.
base::Result<UnfinishedBusiness> read_unfinished_business(kafka::Transport& transport,
                                                          const KafkaStorefrontOptions& options,
                                                          std::stop_token stop);

}  // namespace cli
