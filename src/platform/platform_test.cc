// SPDX-License-Identifier: Apache-2.0
// A whole small experiment over the in-process broker: a scripted shop and scripted systems on the
// other side of the topics.
#include "platform/platform.h"

#include <gtest/gtest.h>

#include <future>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "event/read.h"
#include "event/write.h"
#include "kafka/in_process_broker.h"
#include "platform/scripted_shop_test.h"
#include "trial/sqlite_store.h"

namespace platform {
namespace {

using event::System;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// What the platform said, and how often.
struct Heard {
  std::map<std::int64_t, int> sampled;  // By session.
  std::map<std::int64_t, std::vector<event::Decision>> decisions;
  std::map<std::string, int> rejected;  // By reason.
  std::map<std::string, std::string> rejected_values;
};

class OverTheBroker : public ::testing::Test {
 protected:
  void SetUp() override {
    auto broker = kafka::InProcessBroker::start();
    ASSERT_TRUE(broker) << broker.error().message;
    broker_ = *std::move(broker);
    auto store = trial::open_sqlite({});
    ASSERT_TRUE(store);
    store_ = *std::move(store);
    start_platform();
    auto producer = broker_->make_producer({.name = "shop", .properties = {}});
    ASSERT_TRUE(producer);
    producer_ = *std::move(producer);
    kafka::ConsumerOptions options;
    options.topics = {event::topic::kSampled, event::topic::kDecision, event::topic::kRejected};
    options.group = "listener";
    options.membership = kafka::Membership::kAlone;
    auto consumer = broker_->make_consumer(std::move(options));
    ASSERT_TRUE(consumer);
    consumer_ = *std::move(consumer);
  }
  void TearDown() override {
    platform_.reset();
    consumer_.reset();
    producer_.reset();
  }

  void start_platform() {
    auto platform = Platform::start(*broker_, *store_, clock_, {});
    ASSERT_TRUE(platform) << platform.error().message;
    platform_ = *std::move(platform);
  }
  void start_experiment(const trial::Plan& plan) {
    const auto id = desk().create(plan, "test");
    ASSERT_TRUE(id) << id.error().message;
    auto tokens = desk().start(*id, "test");
    ASSERT_TRUE(tokens) << tokens.error().message;
    tokens_ = *std::move(tokens);
    id_ = *id;
  }
  trial::Desk& desk() { return platform_->desk(); }

  // One key for all: within a topic, what is sent first is read first.
  void send(const char* topic, const std::string& value) {
    ASSERT_TRUE(producer_->send(topic, "1", value));
  }
  void open(std::int64_t customer, std::int64_t session) {
    std::string text;
    event::write(event::Session{event::CustomerId(customer), event::SessionId(session)}, text);
    send(event::topic::kSession, text);
  }
  void decide(System system, std::int64_t customer, bool show, std::string token = {}) {
    if (token.empty()) token = system == System::kBase ? tokens_.base : tokens_.candidate;
    std::string text;
    event::write(event::Prediction{event::CustomerId(customer), show, token}, text);
    send(system == System::kBase ? event::topic::kBasePrediction : event::topic::kStudentPrediction,
         text);
  }
  void pay(std::int64_t customer, std::int64_t session, std::int64_t cents) {
    std::string text;
    event::write(event::Revenue{event::CustomerId(customer), event::SessionId(session),
                                base::Cents(cents), false},
                 text);
    send(event::topic::kRevenue, text);
  }

  // Listens until what was heard satisfies the condition; false after 100 s.
  template <class Condition>
  bool listen(Condition condition) {
    const auto end = steady_clock::now() + std::chrono::seconds(100);
    while (!condition(heard)) {
      if (steady_clock::now() > end) return false;
      const auto records = consumer_->poll(1000, milliseconds(20));
      if (!records) return false;
      for (const kafka::Record& record : *records) hear(record);
    }
    return true;
  }
  void hear(const kafka::Record& record) {
    event::Session session;
    event::Decision decision;
    if (record.topic_index == 0) {
      ASSERT_EQ(reader_.session(record.value, session), event::Outcome::kOk);
      ++heard.sampled[session.session.value()];
    } else if (record.topic_index == 1) {
      ASSERT_EQ(reader_.decision(record.value, decision), event::Outcome::kOk);
      heard.decisions[decision.session.value()].push_back(decision);
    } else {
      for (const kafka::Header& header : consumer_->headers(record)) {
        if (header.name != "reason") continue;
        ++heard.rejected[std::string(header.value)];
        heard.rejected_values[std::string(header.value)] = std::string(record.value);
      }
    }
  }
  // Waits for what the desk says of the experiment.
  template <class Condition>
  bool wait_for(Condition condition) {
    const auto end = steady_clock::now() + std::chrono::seconds(100);
    while (steady_clock::now() < end) {
      const auto progress = desk().progress(id_);
      if (progress && condition(**progress)) return true;
      std::this_thread::sleep_for(milliseconds(5));
    }
    return false;
  }

  base::SystemClock clock_;
  std::unique_ptr<kafka::InProcessBroker> broker_;
  std::unique_ptr<trial::Store> store_;
  std::unique_ptr<Platform> platform_;
  std::unique_ptr<kafka::Producer> producer_;
  std::unique_ptr<kafka::Consumer> consumer_;
  event::Reader reader_;
  trial::StartedTokens tokens_;
  trial::ExperimentId id_;
  Heard heard;
};

TEST_F(OverTheBroker, walks_from_the_first_session_to_the_verdict) {
  start_experiment(scripted_plan());
  // The shop opens sessions until the enrolment is full; the systems decide for whom they are told
  // of.
  std::int64_t customers = 0;
  bool full = false;
  while (!full) {
    for (int i = 0; i < 20; ++i) {
      ++customers;
      open(customers, customers);
    }
    ASSERT_TRUE(listen([&](const Heard& h) {
      return h.sampled.size() + h.decisions.size() >= static_cast<std::size_t>(customers);
    }));
    full = !heard.decisions.empty();
  }
  const std::size_t enrolled = heard.sampled.size();
  for (const auto& [session, times] : heard.sampled) {
    decide(System::kBase, session, false);
    decide(System::kCandidate, session, true);
  }
  ASSERT_TRUE(listen(
      [&](const Heard& h) { return h.decisions.size() == static_cast<std::size_t>(customers); }));
  for (const auto& [session, decisions] : heard.decisions) {
    ASSERT_EQ(decisions.size(), 1U);
    const event::Decision& decision = decisions[0];
    if (heard.sampled.contains(session)) {
      EXPECT_EQ(decision.reason, event::DecisionReason::kDecision);
      EXPECT_EQ(decision.show, decision.system == System::kCandidate);
      pay(session, session, decision.show ? 1500 + session % 5 : 1000 + session % 5);
    } else {
      EXPECT_EQ(decision.reason, event::DecisionReason::kUnsampled);
    }
  }
  ASSERT_TRUE(wait_for([](const trial::Progress& p) { return p.frozen; }));
  const auto progress = *desk().progress(id_);
  EXPECT_EQ(progress->leading().word, experiment::VerdictWord::kBetterByEffect)
      << progress->sentence;
  EXPECT_EQ(progress->arms[0].closed + progress->arms[1].closed,
            static_cast<std::int64_t>(enrolled));
  EXPECT_EQ(progress->agreement[0].add, static_cast<std::int64_t>(enrolled));
  EXPECT_EQ(progress->experiment.state, trial::State::kComplete);
  EXPECT_TRUE(heard.rejected.empty());
  EXPECT_TRUE(platform_->stop());
}

TEST_F(OverTheBroker, sets_bad_records_aside_with_their_reason_and_goes_on) {
  start_experiment(scripted_plan());
  open(1, 1);
  ASSERT_TRUE(listen([](const Heard& h) { return h.sampled.contains(1); }));
  send(event::topic::kSession, "{\"uuid\": 1");
  send(event::topic::kSession, "{\"session\": 5}");
  decide(System::kBase, 1, true, "23u84023u4h0");
  decide(System::kBase, 1, true, tokens_.candidate);
  decide(System::kCandidate, 1, true, trial::issue_token("live")->text);
  send(event::topic::kStudentPrediction, "{\"uuid\": 1, \"value\": 2, \"token\": \"x\"}");
  decide(System::kBase, 404, true);
  pay(1, 1, 100);
  pay(2, 99, 100);
  send(event::topic::kRevenue,
       "{\"uuid\": 1, \"session\": 1, \"revenue\": -3.50, \"accepted\": 0}");
  ASSERT_TRUE(listen([](const Heard& h) {
    int all = 0;
    for (const auto& [reason, times] : h.rejected) all += times;
    return all == 10;
  }));
  const std::map<std::string, int> expected{
      {"not_json", 1},         {"missing_field", 1}, {"malformed_token", 1},
      {"wrong_system", 1},     {"unknown_token", 1}, {"out_of_range", 2},
      {"unknown_customer", 1}, {"not_executed", 1},  {"unknown_session", 1}};
  EXPECT_EQ(heard.rejected, expected);
  EXPECT_EQ(heard.rejected_values["not_json"], "{\"uuid\": 1");

  // The customer's own story is untouched by all that.
  decide(System::kBase, 1, false);
  decide(System::kCandidate, 1, false);
  decide(System::kBase, 1, true);
  decide(System::kCandidate, 1, true);
  ASSERT_TRUE(listen([](const Heard& h) { return h.decisions.contains(1); }));
  EXPECT_FALSE(heard.decisions[1][0].show);
  pay(1, 1, 2345);
  pay(1, 1, 9999);
  ASSERT_TRUE(
      wait_for([](const trial::Progress& p) { return p.arms[0].closed + p.arms[1].closed == 1; }));
  EXPECT_EQ((*desk().session(event::SessionId(1)))->revenue, base::Cents(2345));
}

TEST_F(OverTheBroker, executes_the_fallback_when_the_assigned_system_is_silent) {
  trial::Plan plan = scripted_plan();
  plan.decision_deadline_ms = 50;
  plan.fallback_show = true;
  start_experiment(plan);
  open(7, 70);
  ASSERT_TRUE(listen([](const Heard& h) { return h.decisions.contains(70); }));
  EXPECT_EQ(heard.decisions[70][0].reason, event::DecisionReason::kTimeout);
  EXPECT_TRUE(heard.decisions[70][0].show);
  ASSERT_TRUE(wait_for(
      [](const trial::Progress& p) { return p.systems[0].timeouts + p.systems[1].timeouts == 1; }));
}

TEST_F(OverTheBroker, goes_on_after_a_restart_in_the_middle) {
  start_experiment(scripted_plan());
  for (std::int64_t customer = 1; customer <= 20; ++customer) open(customer, customer);
  ASSERT_TRUE(listen([](const Heard& h) { return h.sampled.size() == 20; }));
  for (std::int64_t customer = 1; customer <= 10; ++customer) {
    decide(System::kBase, customer, true);
    decide(System::kCandidate, customer, true);
  }
  ASSERT_TRUE(listen([](const Heard& h) { return h.decisions.size() == 10; }));
  EXPECT_TRUE(platform_->stop());
  EXPECT_FALSE(desk().experiments());  // Refused, not left hanging.

  for (std::int64_t customer = 11; customer <= 20; ++customer) {
    decide(System::kBase, customer, true);
    decide(System::kCandidate, customer, true);
  }
  for (std::int64_t customer = 1; customer <= 20; ++customer)
    open(customer, customer);  // A shop that repeats itself.
  start_platform();
  ASSERT_TRUE(listen([](const Heard& h) { return h.decisions.size() == 20; }));
  for (std::int64_t customer = 1; customer <= 20; ++customer) pay(customer, customer, 1000);
  ASSERT_TRUE(
      wait_for([](const trial::Progress& p) { return p.arms[0].closed + p.arms[1].closed == 20; }));
  const auto progress = *desk().progress(id_);
  EXPECT_EQ(progress->arms[0].enrolled + progress->arms[1].enrolled, 20);
  EXPECT_EQ(progress->sessions, 20);
  EXPECT_EQ(progress->arms[0].total + progress->arms[1].total, base::Cents(20'000));
}

TEST_F(OverTheBroker, takes_sessions_and_revenue_from_the_desk) {
  std::promise<trial::OpenOutcome> before;
  desk().open_session({event::CustomerId(5), event::SessionId(50)},
                      [&](auto opening) { before.set_value(opening->outcome); });
  EXPECT_EQ(before.get_future().get(), trial::OpenOutcome::kNotRunning);
  ASSERT_TRUE(
      listen([](const Heard& h) { return h.decisions.contains(50); }));  // Told to show nothing.
  EXPECT_EQ(heard.decisions[50][0].reason, event::DecisionReason::kUnsampled);

  start_experiment(scripted_plan());
  std::promise<trial::OpenOutcome> opened;
  desk().open_session({event::CustomerId(5), event::SessionId(51)},
                      [&](auto opening) { opened.set_value(opening->outcome); });
  EXPECT_EQ(opened.get_future().get(), trial::OpenOutcome::kSampled);
  EXPECT_TRUE(
      (*store_->session(id_, event::SessionId(51))).has_value());  // Durable when it was answered.
  ASSERT_TRUE(listen([](const Heard& h) { return h.sampled.contains(51); }));
  decide(System::kBase, 5, true);
  decide(System::kCandidate, 5, true);
  ASSERT_TRUE(listen([](const Heard& h) { return h.decisions.contains(51); }));
  std::promise<trial::RevenueOutcome> paid;
  desk().record_revenue({event::CustomerId(5), event::SessionId(51), base::Cents(777), true},
                        [&](auto outcome) { paid.set_value(*outcome); });
  EXPECT_EQ(paid.get_future().get(), trial::RevenueOutcome::kRecorded);
}

TEST_F(OverTheBroker, runs_two_experiments_on_the_same_topics) {
  trial::Plan half = scripted_plan();
  half.sampling_share = 0.5;
  start_experiment(half);
  const trial::StartedTokens first_tokens = tokens_;
  const trial::ExperimentId first = id_;
  half.salt = "platform-test-2";
  start_experiment(half);
  const trial::StartedTokens second_tokens = tokens_;
  for (std::int64_t customer = 1; customer <= 40; ++customer) open(customer, customer);
  ASSERT_TRUE(listen([](const Heard& h) { return h.sampled.size() == 40; }));
  // All four systems hear of everybody.
  for (std::int64_t customer = 1; customer <= 40; ++customer) {
    for (const trial::StartedTokens& tokens : {first_tokens, second_tokens}) {
      decide(System::kBase, customer, false, tokens.base);
      decide(System::kCandidate, customer, true, tokens.candidate);
    }
  }
  ASSERT_TRUE(listen([](const Heard& h) { return h.decisions.size() == 40; }));
  for (std::int64_t customer = 1; customer <= 40; ++customer) pay(customer, customer, 1000);
  ASSERT_TRUE(
      wait_for([](const trial::Progress& p) { return p.arms[0].closed + p.arms[1].closed > 0; }));
  const auto closed = [&](trial::ExperimentId id) {
    const auto progress = *desk().progress(id);
    EXPECT_EQ(progress->agreement[0].add, progress->arms[0].closed + progress->arms[1].closed);
    return progress->arms[0].closed + progress->arms[1].closed;
  };
  const auto end = steady_clock::now() + std::chrono::seconds(100);
  while (closed(first) + closed(id_) < 40 && steady_clock::now() < end)
    std::this_thread::sleep_for(milliseconds(5));
  EXPECT_EQ(closed(first) + closed(id_), 40);
  EXPECT_GT(closed(first), 5);
  EXPECT_GT(closed(id_), 5);
  EXPECT_TRUE(heard.rejected.empty());
}

TEST_F(OverTheBroker, leaves_nobody_waiting_when_an_experiment_is_aborted) {
  start_experiment(scripted_plan());
  open(1, 1);
  ASSERT_TRUE(listen([](const Heard& h) { return h.sampled.contains(1); }));
  ASSERT_TRUE(desk().abort(id_, "the candidate misbehaves", "test"));
  ASSERT_TRUE(listen([](const Heard& h) { return h.decisions.contains(1); }));
  EXPECT_FALSE(heard.decisions[1][0].show);
  start_experiment(scripted_plan());
  EXPECT_EQ(desk().experiments()->size(), 2U);
}

}  // namespace
}  // namespace platform
