// SPDX-License-Identifier: Apache-2.0
// The broker is away for a while, in the middle of an experiment: the in-process one refuses its
// clients; an Apache Kafka is halted, and killed and started again over what it left. Shop, systems
// and platform live on, and the experiment comes to its planned customers with exact totals.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "base/number.h"
#include "kafka/apache_kafka.h"
#include "kafka/external_brokers.h"
#include "kafka/in_process_broker.h"
#include "platform/platform.h"
#include "platform/scripted_shop_test.h"
#include "trial/forwarding_store_test.h"
#include "trial/sqlite_store.h"

namespace platform {
namespace {

using std::chrono::milliseconds;

// Calls once what a test wants done right after a commit.
class HookedStore final : public trial::ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  base::Result<void> write(std::span<const trial::ExperimentBatch> batches) override {
    base::Result<void> written = ForwardingStore::write(batches);
    const std::function<void()> then = std::exchange(after_write, {});
    if (then) then();
    return written;
  }
  std::function<void()> after_write;  // Set by the loop's thread.
};

class BrokerOutage : public ::testing::Test, protected ScriptedPlatform {
 protected:
  static constexpr int kTurns = 10;  // Of the platform's loop, at least, in an outage.

  void TearDown() override { platform_.reset(); }

  void begin(kafka::Transport& transport) {
    auto store = trial::open_sqlite({});
    ASSERT_TRUE(store) << store.error().message;
    auto hooked = std::make_unique<HookedStore>(*std::move(store));
    hooked_ = hooked.get();
    store_ = std::move(hooked);
    start_platform(transport);
    if (HasFatalFailure()) return;
    start_experiment();
    if (HasFatalFailure()) return;
    shop_.open_shop(transport);
  }
  // It has offsets to commit when it stops, and does not wait long for a broker that is away.
  void start_platform(kafka::Transport& transport) {
    run(transport, {.offsets_every = std::chrono::hours(1), .flush_timeout = milliseconds(300)});
  }

  // Ten sessions have their decisions, ten wait for them.
  void open_twenty() {
    shop_.welcome(10);
    ASSERT_TRUE(shop_.serve_until([&] { return shop_.decisions.size() == 10; }));
    shop_.systems_answer = false;
    shop_.welcome(10);
    ASSERT_TRUE(shop_.serve_until([&] { return shop_.sampled.size() == 20; }));
  }
  // Those ten time out, one session comes by the desk, and the shop goes on: all of that is durable
  // and nothing of it can be said.
  void live_on_in_the_outage() {
    clock_.advance(std::chrono::minutes(6));
    std::atomic<bool> answered = false;
    desk().open_session({event::CustomerId(1001), event::SessionId(1001)},
                        [&](const base::Result<trial::Opening>& opening) {
                          EXPECT_TRUE(opening && opening->outcome == trial::OpenOutcome::kSampled);
                          answered = true;
                        });
    shop_.welcome(5);
    ASSERT_TRUE(comes_true([&] {  // Each of these questions is a turn that fails to say its words.
      const auto progress = desk().progress(id_);
      return progress && (*progress)->systems[0].timeouts + (*progress)->systems[1].timeouts == 10;
    }));
    ASSERT_TRUE(comes_true([&] { return answered.load(); }));
    for (int turn = 0; turn < kTurns; ++turn) EXPECT_TRUE(desk().progress(id_));
    EXPECT_EQ(platform_->counters().decisions_total, 10);
    EXPECT_TRUE(platform_->health());
  }
  void expect_all_comes_to_its_end() {
    shop_.systems_answer = true;
    if (shop_.sampled.contains(1001)) shop_.decide(1001);
    ASSERT_TRUE(shop_.serve_until([&] { return shop_.decisions.size() == 26; }));
    for (std::int64_t session = 11; session <= 20; ++session)
      EXPECT_EQ(shop_.decisions[session].reason, event::DecisionReason::kTimeout);
    ASSERT_TRUE(shop_.serve_until([&] {  // Until everybody further is left out.
      if (shop_.decisions.size() == static_cast<std::size_t>(shop_.opened) + 1) shop_.welcome(5);
      return desk().latest(id_)->frozen;
    }));
    ASSERT_TRUE(shop_.serve_until(
        [&] { return shop_.decisions.size() == static_cast<std::size_t>(shop_.opened) + 1; }));
    const auto progress = *desk().progress(id_);
    EXPECT_EQ(progress->experiment.state, trial::State::kComplete);
    std::int64_t closed = 0;
    base::Cents total;
    for (const trial::ArmProgress& arm : progress->arms) {
      EXPECT_GE(arm.enrolled, 30);
      EXPECT_EQ(arm.closed, arm.enrolled);
      closed += arm.closed;
      total += arm.total;
    }
    EXPECT_EQ(closed, static_cast<std::int64_t>(shop_.sampled.size()));
    EXPECT_EQ(progress->sessions, closed);
    EXPECT_EQ(total, shop_.spent());
    EXPECT_EQ(shop_.contradictions, 0);
    EXPECT_EQ(shop_.rejected_in_earnest(), 0);
    const auto stopped = platform_->stop();
    EXPECT_TRUE(stopped) << stopped.error().message;
    EXPECT_EQ(platform_->counters().missing_total, 0);
  }
  void live_through(const std::function<void()>& leave, const std::function<void()>& come_back) {
    open_twenty();
    if (HasFatalFailure()) return;
    leave();
    live_on_in_the_outage();
    come_back();
    if (HasFatalFailure()) return;
    expect_all_comes_to_its_end();
    // Queued in the outage once, and said again afterwards; not at every turn.
    EXPECT_LT(shop_.sampled[1001], kTurns / 2);
  }

  HookedStore* hooked_ = nullptr;
};

class InProcessOutage : public BrokerOutage {
 protected:
  void SetUp() override {
    auto broker = kafka::InProcessBroker::start();
    ASSERT_TRUE(broker) << broker.error().message;
    broker_ = *std::move(broker);
    begin(*broker_);
  }
  void TearDown() override {
    BrokerOutage::TearDown();
    shop_ = {};
  }
  std::unique_ptr<kafka::InProcessBroker> broker_;
};

TEST_F(InProcessOutage, is_lived_through) {
  live_through([&] { broker_->set_down(true); }, [&] { broker_->set_down(false); });
}

TEST_F(InProcessOutage, may_last_longer_than_the_platform_runs) {
  open_twenty();
  if (HasFatalFailure()) return;
  broker_->set_down(true);
  live_on_in_the_outage();
  const auto stopped = platform_->stop();
  EXPECT_TRUE(stopped) << stopped.error().message;  // All is in the store.
  platform_.reset();
  broker_->set_down(false);
  start_platform(*broker_);
  if (HasFatalFailure()) return;
  expect_all_comes_to_its_end();
}

// Not even where the broker has to be told how far all was said.
TEST_F(InProcessOutage, does_not_keep_a_platform_from_stopping_that_has_said_all) {
  ASSERT_TRUE(platform_->stop());
  platform_.reset();
  run(*broker_, {.offsets_every = std::chrono::hours(1)});
  open_twenty();
  if (HasFatalFailure()) return;
  ASSERT_TRUE(comes_true([&] {
    const auto progress = desk().latest(id_);
    return progress->arms[0].closed + progress->arms[1].closed == 10;
  }));
  broker_->set_down(true);
  const auto stopped = platform_->stop();
  EXPECT_TRUE(stopped) << stopped.error().message;
  platform_.reset();
  broker_->set_down(false);
  start_platform(*broker_);
  if (HasFatalFailure()) return;
  for (std::int64_t session = 11; session <= 20; ++session) shop_.decide(session);
  shop_.welcome(5);
  shop_.systems_answer = true;
  ASSERT_TRUE(shop_.serve_until([&] { return shop_.decisions.size() == 25; }));
  ASSERT_TRUE(comes_true([&] {
    const auto progress = desk().latest(id_);
    return progress->arms[0].closed + progress->arms[1].closed == 25;
  }));
  const auto progress = *desk().progress(id_);
  EXPECT_EQ(progress->sessions, 25);
  EXPECT_EQ(progress->arms[0].total + progress->arms[1].total, shop_.spent());
  EXPECT_EQ(shop_.contradictions, 0);
}

// The first turn of an outage neither.
TEST_F(InProcessOutage, keeps_nobody_waiting_at_the_desk) {
  ASSERT_TRUE(platform_->stop());
  platform_.reset();
  run(*broker_, {.flush_timeout = std::chrono::hours(1)});
  open_twenty();
  if (HasFatalFailure()) return;
  broker_->set_down(true);
  live_on_in_the_outage();
  broker_->set_down(false);
  expect_all_comes_to_its_end();
}

// As a kill leaves it right after a commit: what was read is counted, and nobody has heard of it.
TEST_F(InProcessOutage, leaves_nobody_without_an_answer_whose_session_was_counted_already) {
  open_twenty();
  if (HasFatalFailure()) return;
  ASSERT_TRUE(platform_->stop());
  platform_.reset();
  start_platform(*broker_);
  if (HasFatalFailure()) return;
  std::atomic<bool> down = false;
  ASSERT_TRUE(desk().ask([&](trial::Registry& registry, base::Timestamp now) {
    auto paused = registry.pause(id_, {"test", now});
    hooked_->after_write = [&] {
      broker_->set_down(true);
      down = true;
    };
    return paused;
  }));
  shop_.welcome(1);
  ASSERT_TRUE(comes_true([&] { return down.load(); }));
  ASSERT_TRUE(platform_->stop());
  platform_.reset();
  EXPECT_FALSE(shop_.decisions.contains(21));
  broker_->set_down(false);
  start_platform(*broker_);
  if (HasFatalFailure()) return;
  ASSERT_TRUE(shop_.serve_until([&] { return shop_.decisions.contains(21); }));
  EXPECT_EQ(shop_.decisions[21].reason, event::DecisionReason::kUnsampled);
  EXPECT_FALSE(shop_.sampled.contains(21));
  const auto progress = desk().progress(id_);
  ASSERT_TRUE(progress);
  std::int64_t records = 0;
  for (const trial::CounterRow& row : (*progress)->counters)
    records += row.topic == "session" ? row.count : 0;
  EXPECT_EQ(records, 21) << "read twice, counted once";
  EXPECT_EQ((*progress)->sessions, 20);
  EXPECT_EQ(shop_.contradictions, 0);
}

class ApacheKafkaOutage : public BrokerOutage {
 protected:
  void SetUp() override {
    const char* const named = std::getenv("PROVECHO_KAFKA_JARS");
    jars_ = named != nullptr ? named : PROVECHO_SOURCE_DIR "/.provecho/kafka";
    if (std::system("java -version > /dev/null 2>&1") != 0) GTEST_SKIP() << "Java is not installed";
    if (!std::filesystem::exists(jars_ + "/.complete"))
      GTEST_SKIP() << "no Apache Kafka in " << jars_ << ": run tools/kafka/install " << jars_;
    std::string pattern = (std::filesystem::temp_directory_path() / "outage-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    start_node(0, 0);
    if (HasFatalFailure()) return;
    const std::string addresses = node_->bootstrap();  // "127.0.0.1:port,127.0.0.1:port"
    const std::size_t comma = addresses.find(',');
    ports_[0] = port_of(addresses.substr(0, comma));
    ports_[1] = port_of(addresses.substr(comma + 1));
    auto brokers = kafka::ExternalBrokers::connect({.brokers = addresses});
    ASSERT_TRUE(brokers) << brokers.error().message;
    brokers_ = *std::move(brokers);
    begin(*brokers_);
  }
  void TearDown() override {
    BrokerOutage::TearDown();
    shop_ = {};
    brokers_.reset();
    node_.reset();
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }
  void start_node(std::uint16_t port, std::uint16_t second_port) {
    node_.reset();
    auto node = kafka::ApacheKafka::start({.jars = jars_,
                                           .data = folder_,
                                           .port = port,
                                           .second_port = second_port,
                                           .controller_port = 0});
    ASSERT_TRUE(node) << node.error().message;
    node_ = *std::move(node);
  }
  void send_signal(int signal) const {
    pid_t node = 0;
    ASSERT_TRUE(std::ifstream(folder_ + "/kafka.pid") >> node);
    ASSERT_EQ(::kill(node, signal), 0);
  }
  static std::uint16_t port_of(const std::string& address) {
    return static_cast<std::uint16_t>(
        base::parse_int(address.substr(address.find(':') + 1)).value());
  }

  std::string jars_;
  std::string folder_;
  std::unique_ptr<kafka::ApacheKafka> node_;
  std::uint16_t ports_[2]{};
  std::unique_ptr<kafka::ExternalBrokers> brokers_;
};

TEST_F(ApacheKafkaOutage, by_a_halt_is_lived_through) {
  live_through([&] { send_signal(SIGSTOP); }, [&] { send_signal(SIGCONT); });
}

TEST_F(ApacheKafkaOutage, by_a_kill_and_a_start_over_the_same_folder_is_lived_through) {
  live_through(
      [&] {
        send_signal(SIGKILL);
        ASSERT_TRUE(comes_true([&] { return !node_->health(); }));
      },
      [&] { start_node(ports_[0], ports_[1]); });
}

}  // namespace
}  // namespace platform
