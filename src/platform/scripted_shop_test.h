// SPDX-License-Identifier: Apache-2.0
// A shop and two systems at the other end of the topics, as at-least-once as they come: what they
// hear twice they answer twice. The base system hides, the candidate shows, and every session ends
// with an amount of its own, so that a session that is lost or counted twice is seen in the total.
#pragma once
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "event/read.h"
#include "event/topic.h"
#include "event/write.h"
#include "kafka/transport.h"
#include "platform/platform.h"
#include "trial/plan.h"
#include "trial/registry.h"

namespace platform {

inline constexpr std::chrono::seconds kGenerous{60};  // For what takes a moment.

// Asks again and again; false: not in a generous time.
template <class Condition>
bool comes_true(Condition condition) {
  const auto end = std::chrono::steady_clock::now() + kGenerous;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

// 30 customers an arm; a system may take longer to decide than a test waits.
inline trial::Plan scripted_plan() {
  trial::Plan plan;
  plan.name = "scripted";
  plan.base = {.id = "age-sex", .model_digest = ""};
  plan.candidate = {.id = "history", .model_digest = ""};
  plan.design.design.effect_per_customer = 1;
  plan.design.design.deviation = 1;
  plan.design.customers = 30;
  plan.decision_deadline_ms = 300'000;
  plan.salt = "scripted";
  return plan;
}

class ScriptedShop {
 public:
  // The transport outlives it.
  void open_shop(kafka::Transport& transport) {
    auto producer = transport.make_producer({.name = "shop", .properties = {}});
    ASSERT_TRUE(producer) << producer.error().message;
    producer_ = *std::move(producer);
    kafka::ConsumerOptions options;
    options.topics = {event::topic::kSampled, event::topic::kDecision, event::topic::kRejected};
    options.group = "shop";
    options.membership = kafka::Membership::kAlone;
    options.name = "shop";
    auto consumer = transport.make_consumer(std::move(options));
    ASSERT_TRUE(consumer) << consumer.error().message;
    consumer_ = *std::move(consumer);
  }

  static base::Cents spends(std::int64_t session) { return base::Cents(1000 + session * 7); }

  // One session for each of so many new customers, of the same number.
  void welcome(int customers) {
    for (int i = 0; i < customers; ++i) {
      ++opened;
      send(event::topic::kSession,
           event::Session{event::CustomerId(opened), event::SessionId(opened)});
    }
  }

  // Both systems' words on one sampled session.
  void decide(std::int64_t session) {
    const event::CustomerId customer(session);
    send(event::topic::kBasePrediction, event::Prediction{customer, false, tokens.base});
    send(event::topic::kStudentPrediction, event::Prediction{customer, true, tokens.candidate});
  }

  // Hears and answers until the condition holds; false: not in a generous time.
  template <class Condition>
  bool serve_until(Condition condition) {
    return comes_true([&] {
      serve(std::chrono::milliseconds(20));
      return condition();
    });
  }
  void serve(std::chrono::milliseconds wait) {
    const auto records = consumer_->poll(1000, wait);
    ASSERT_TRUE(records) << records.error().message;
    for (const kafka::Record& record : *records) hear(record);
  }

  [[nodiscard]] base::Cents spent() const {
    base::Cents all;
    for (const auto& [session, times] : sampled) all += spends(session);
    return all;
  }

  // But for the words on a session that had its end already: answers to what was said twice, and
  // late ones.
  [[nodiscard]] int rejected_in_earnest() const {
    int all = 0;
    for (const auto& [reason, times] : rejected) all += reason == "no_open_session" ? 0 : times;
    return all;
  }

  trial::StartedTokens tokens;
  bool systems_answer = true;
  std::int64_t opened = 0;
  std::map<std::int64_t, int> sampled;  // How often it was heard, by session.
  std::map<std::int64_t, event::Decision> decisions;
  int contradictions = 0;  // Decisions that differ from an earlier one on the same session.
  std::map<std::string, int> rejected;  // By reason.

 private:
  template <class Message>
  void send(std::string_view topic, const Message& message) {
    text_.clear();
    event::write(message, text_);
    const auto sent = producer_->send(topic, std::to_string(message.customer.value()), text_);
    ASSERT_TRUE(sent) << sent.error().message;
  }

  void hear(const kafka::Record& record) {
    event::Session session;
    event::Decision decision;
    if (record.topic_index == 0) {
      ASSERT_EQ(reader_.session(record.value, session), event::Outcome::kOk);
      ++sampled[session.session.value()];
      if (systems_answer) decide(session.session.value());
    } else if (record.topic_index == 1) {
      ASSERT_EQ(reader_.decision(record.value, decision), event::Outcome::kOk);
      const std::int64_t number = decision.session.value();
      const auto [first, is_new] = decisions.try_emplace(number, decision);
      if (first->second.show != decision.show || first->second.reason != decision.reason)
        ++contradictions;
      if (decision.reason == event::DecisionReason::kUnsampled) return;
      send(event::topic::kRevenue,
           event::Revenue{decision.customer, decision.session, spends(number), decision.show});
    } else {
      for (const kafka::Header& header : consumer_->headers(record)) {
        if (header.name == "reason") ++rejected[std::string(header.value)];
      }
    }
  }

  std::unique_ptr<kafka::Producer> producer_;
  std::unique_ptr<kafka::Consumer> consumer_;
  event::Reader reader_;
  std::string text_;
};

// A platform over a store, with one scripted experiment and its shop; for fixtures.
class ScriptedPlatform {
 protected:
  // Over the store that is there, and the broker, which outlives it.
  void run(kafka::Transport& transport, Options options) {
    auto platform = Platform::start(transport, *store_, clock_, std::move(options));
    ASSERT_TRUE(platform) << platform.error().message;
    platform_ = *std::move(platform);
  }
  void start_experiment() {
    const auto id = desk().create(scripted_plan(), "test");
    ASSERT_TRUE(id) << id.error().message;
    auto tokens = desk().start(*id, "test");
    ASSERT_TRUE(tokens) << tokens.error().message;
    shop_.tokens = *std::move(tokens);
    id_ = *id;
  }
  trial::Desk& desk() { return platform_->desk(); }

  base::ManualClock clock_{base::Timestamp(1'700'000'000'000'000)};
  std::unique_ptr<trial::Store> store_;
  std::unique_ptr<Platform> platform_;
  ScriptedShop shop_;
  trial::ExperimentId id_;
};

}  // namespace platform
