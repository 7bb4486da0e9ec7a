// SPDX-License-Identifier: Apache-2.0
#include "cli/kafka_storefront.h"

#include <algorithm>
#include <chrono>
#include <unordered_set>
#include <utility>

#include "event/write.h"

namespace cli {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kBatch = 1000;
constexpr milliseconds kWait{100};
constexpr int kPatience = 300;  // Waits without a record until brokers that have not told where
                                // their topics end are given up.

milliseconds in_milliseconds(base::Duration d) { return std::chrono::ceil<milliseconds>(d); }

base::Result<void> ensure_topics(kafka::Transport& transport,
                                 const KafkaStorefrontOptions& options) {
  std::vector<kafka::TopicSpec> topics;
  for (const std::string& name :
       {options.session_topic, options.decision_topic, options.revenue_topic}) {
    topics.push_back({.name = name, .partitions = options.partitions, .properties = {}});
  }
  return transport.ensure_topics(topics);
}

// A reader of everything, from the beginning, who keeps no offsets.
base::Result<std::unique_ptr<kafka::Consumer>> read_all(kafka::Transport& transport,
                                                        std::vector<std::string> topics,
                                                        const std::string& name) {
  kafka::ConsumerOptions options;
  options.topics = std::move(topics);
  options.group = name + "-reader";
  options.membership = kafka::Membership::kAlone;
  options.start = kafka::Start::kEarliest;
  options.name = name;
  return transport.make_consumer(std::move(options));
}

// Which sessions were announced, and which of them have ended.
class Ledger {
 public:
  void announced(std::int64_t session) {
    last_ = std::max(last_, session);
    announced_.push_back(session);
  }
  void ended(std::int64_t session) { ended_.insert(session); }

  [[nodiscard]] UnfinishedBusiness unfinished() && {
    UnfinishedBusiness business{.first_session = last_ + 1, .reopen = std::move(announced_)};
    std::erase_if(business.reopen, [&](std::int64_t session) { return ended_.contains(session); });
    std::sort(business.reopen.begin(), business.reopen.end());
    business.reopen.erase(std::unique(business.reopen.begin(), business.reopen.end()),
                          business.reopen.end());
    return business;
  }

 private:
  std::int64_t last_ = 0;
  std::vector<std::int64_t> announced_;
  std::unordered_set<std::int64_t> ended_;
};

}  // namespace

KafkaStorefront::KafkaStorefront(KafkaStorefrontOptions options,
                                 std::unique_ptr<kafka::Producer> producer,
                                 std::unique_ptr<kafka::Consumer> consumer)
    : options_(std::move(options)),
      producer_(std::move(producer)),
      consumer_(std::move(consumer)) {}

base::Result<std::unique_ptr<KafkaStorefront>> KafkaStorefront::connect(
    kafka::Transport& transport, KafkaStorefrontOptions options) {
  TRY(ensure_topics(transport, options));
  TRY_ASSIGN(auto producer, transport.make_producer({.name = options.name, .properties = {}}));
  TRY_ASSIGN(auto consumer, read_all(transport, {options.decision_topic}, options.name));
  return std::unique_ptr<KafkaStorefront>(
      new KafkaStorefront(std::move(options), std::move(producer), std::move(consumer)));
}

base::Result<void> KafkaStorefront::send(const std::string& topic, std::int64_t uuid) {
  key_.clear();
  event::write_key(event::CustomerId(uuid), key_);
  return producer_->send(topic, key_, text_);
}

base::Result<void> KafkaStorefront::open(const shop::Visit& visit) {
  text_.clear();
  event::write(event::Session{.customer = event::CustomerId(visit.uuid),
                              .session = event::SessionId(visit.session)},
               text_);
  return send(options_.session_topic, visit.uuid);
}

base::Result<void> KafkaStorefront::receive(std::vector<shop::Executed>& decisions,
                                            base::Duration wait) {
  TRY_ASSIGN(const auto records, consumer_->poll(kBatch, in_milliseconds(wait)));
  event::Decision decision;
  for (const kafka::Record& record : records) {
    if (reader_.decision(record.value, decision) != event::Outcome::kOk) {
      ++rejected_;
      continue;
    }
    decisions.push_back(
        {.visit = {.session = decision.session.value(), .uuid = decision.customer.value()},
         .shown = decision.show,
         .sampled = decision.reason != event::DecisionReason::kUnsampled});
  }
  return {};
}

base::Result<void> KafkaStorefront::close(const shop::Visit& visit, base::Cents revenue,
                                          bool accepted) {
  text_.clear();
  event::write(event::Revenue{.customer = event::CustomerId(visit.uuid),
                              .session = event::SessionId(visit.session),
                              .revenue = revenue,
                              .accepted = accepted},
               text_);
  return send(options_.revenue_topic, visit.uuid);
}

base::Result<void> KafkaStorefront::flush(base::Duration wait) {
  return producer_->flush(in_milliseconds(wait));
}

base::Result<UnfinishedBusiness> read_unfinished_business(kafka::Transport& transport,
                                                          const KafkaStorefrontOptions& options,
                                                          std::stop_token stop) {
  TRY(ensure_topics(transport, options));
  TRY_ASSIGN(
      const auto consumer,
      read_all(transport, {options.session_topic, options.decision_topic, options.revenue_topic},
               options.name));
  event::Reader reader;
  event::Session session;
  event::Decision decision;
  event::Revenue revenue;
  Ledger ledger;
  int quiet = 0;
  while (!stop.stop_requested()) {
    TRY_ASSIGN(const auto records, consumer->poll(kBatch, kWait));
    if (records.empty() && consumer->caught_up()) break;
    quiet = records.empty() ? quiet + 1 : 0;
    if (quiet == kPatience) {
      return base::system_error("the brokers did not say within 30 s what '" +
                                options.session_topic + "', '" + options.decision_topic +
                                "' and '" + options.revenue_topic + "' hold");
    }
    for (const kafka::Record& record : records) {
      if (record.topic_index == 0) {
        if (reader.session(record.value, session) == event::Outcome::kOk)
          ledger.announced(session.session.value());
      } else if (record.topic_index == 1) {
        const bool read = reader.decision(record.value, decision) == event::Outcome::kOk;
        if (read && decision.reason == event::DecisionReason::kUnsampled)
          ledger.ended(decision.session.value());
      } else if (reader.revenue(record.value, revenue) == event::Outcome::kOk) {
        ledger.ended(revenue.session.value());
      }
    }
  }
  return std::move(ledger).unfinished();
}

}  // namespace cli
