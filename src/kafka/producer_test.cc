// SPDX-License-Identifier: Apache-2.0
#include "kafka/producer.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "kafka/in_process_broker.h"

namespace kafka {
namespace {

using namespace std::chrono_literals;

class ProducerTest : public testing::Test {
 protected:
  void SetUp() override {
    auto started = InProcessBroker::start();
    ASSERT_TRUE(started) << started.error().message;
    broker_ = std::move(started).value();
    const TopicSpec specs[] = {{.name = "t", .partitions = 2}, {.name = "wide", .partitions = 4}};
    const auto made = broker_->ensure_topics(specs);
    ASSERT_TRUE(made) << made.error().message;
  }

  std::unique_ptr<Producer> producer(ProducerOptions options = {}) {
    auto made = broker_->make_producer(std::move(options));
    EXPECT_TRUE(made) << made.error().message;
    return std::move(made).value();
  }

  // Partition by key of the first `count` records of a topic.
  std::map<std::string, std::int32_t> partitions_of(const std::string& topic, std::size_t count) {
    auto reader =
        broker_
            ->make_consumer({.topics = {topic}, .group = "look", .membership = Membership::kAlone})
            .value();
    std::map<std::string, std::int32_t> result;
    const auto end = std::chrono::steady_clock::now() + 100s;
    for (std::size_t n = 0; n < count && std::chrono::steady_clock::now() < end;) {
      const auto records = reader->poll(1000, 100ms);
      EXPECT_TRUE(records);
      if (!records) break;
      for (const Record& r : *records) {
        result[std::string(r.key)] = r.partition;
        ++n;
      }
    }
    return result;
  }

  std::unique_ptr<InProcessBroker> broker_;
};

TEST_F(ProducerTest, chooses_partitions_as_java_clients_do) {
  auto writer = producer();
  // Murmur2 of Kafka's own test vectors (org.apache.kafka.common.utils.UtilsTest): 21 → -973932308,
  // foobar → -790332482, a-little-bit-long-string → -985981536, abc → 479470107; partition = (hash
  // & 0x7fffffff) % 4.
  const std::map<std::string, std::int32_t> expected = {
      {"21", (-973932308 & 0x7fffffff) % 4},
      {"foobar", (-790332482 & 0x7fffffff) % 4},
      {"a-little-bit-long-string", (-985981536 & 0x7fffffff) % 4},
      {"abc", (479470107 & 0x7fffffff) % 4}};
  for (const auto& [key, partition] : expected) ASSERT_TRUE(writer->send("wide", key, "x"));
  ASSERT_TRUE(writer->flush(10s));
  EXPECT_EQ(partitions_of("wide", expected.size()), expected);
}

TEST_F(ProducerTest, counts_what_is_sent_and_delivered) {
  auto writer = producer();
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(writer->send("t", std::to_string(i), "x"));
  ASSERT_TRUE(writer->flush(10s));
  EXPECT_EQ(writer->outstanding(), 0);
  EXPECT_EQ(writer->counters().sent_total, 1000);
  EXPECT_EQ(writer->counters().delivered_total, 1000);
  EXPECT_EQ(writer->counters().failed_total, 0);
}

TEST_F(ProducerTest, a_record_that_failed_is_an_error_of_the_next_flush_and_only_of_that) {
  auto writer = producer({.idempotent = false});
  broker_->fail_next_produce(10 /* record too large */, 1);
  ASSERT_TRUE(writer->send("t", "k", "what a customer bought"));
  const auto flushed = writer->flush(10s);
  ASSERT_FALSE(flushed);
  EXPECT_EQ(flushed.error().message.find("customer"), std::string::npos) << flushed.error().message;
  EXPECT_NE(flushed.error().message.find("Message size too large"), std::string::npos)
      << flushed.error().message;
  EXPECT_EQ(flushed.error().kind, base::ErrorKind::kSystem);
  EXPECT_NE(flushed.error().message.find("1 records could not be delivered, the first to 't'"),
            std::string::npos)
      << flushed.error().message;
  EXPECT_EQ(writer->counters().failed_total, 1);
  EXPECT_EQ(writer->outstanding(), 0);
  ASSERT_TRUE(writer->send("t", "k", "v"));
  EXPECT_TRUE(writer->flush(10s));
}

TEST_F(ProducerTest, repeats_what_failed_for_a_moment) {
  auto writer = producer();
  broker_->fail_next_produce(6 /* not leader */, 3);
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(writer->send("t", std::to_string(i), "x"));
  const auto flushed = writer->flush(20s);
  ASSERT_TRUE(flushed) << flushed.error().message;
  EXPECT_EQ(writer->counters().delivered_total, 100);
}

TEST_F(ProducerTest, delivers_after_the_broker_was_away) {
  auto writer = producer();
  ASSERT_TRUE(writer->send("t", "k", "before"));
  ASSERT_TRUE(writer->flush(10s));
  broker_->set_down(true);
  ASSERT_TRUE(writer->send("t", "k", "while"));
  const auto early = writer->flush(200ms);
  ASSERT_FALSE(early);
  EXPECT_NE(early.error().message.find("1 records not delivered within 200 ms"), std::string::npos);
  broker_->set_down(false);
  const auto late = writer->flush(20s);
  ASSERT_TRUE(late) << late.error().message;
  EXPECT_EQ(writer->counters().delivered_total, 2);
}

TEST_F(ProducerTest, a_record_that_waits_too_long_has_failed) {
  auto writer = producer({.delivery_timeout = 300ms});
  broker_->set_down(true);
  ASSERT_TRUE(writer->send("t", "k", "v"));
  EXPECT_FALSE(writer->flush(10s));
  EXPECT_EQ(writer->counters().failed_total, 1);
}

TEST_F(ProducerTest, a_full_queue_blocks_until_there_is_room_again) {
  auto writer = producer({.queue_records = 100});
  broker_->set_round_trip(50ms);
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(writer->send("t", std::to_string(i), "x"));
    ASSERT_LE(writer->outstanding(), 100);
  }
  ASSERT_TRUE(writer->flush(20s));
  EXPECT_EQ(writer->counters().delivered_total, 1000);
}

TEST_F(ProducerTest, a_full_queue_gives_way_to_a_stop) {
  auto writer = producer({.queue_records = 10, .delivery_timeout = 60s});
  broker_->set_down(true);
  std::stop_source stop;
  std::jthread stopper([&] {
    std::this_thread::sleep_for(100ms);
    stop.request_stop();
  });
  base::Result<void> sent;
  int accepted = 0;
  while (sent && accepted < 1000) {
    sent = writer->send("t", "k", "v", {}, {}, stop.get_token());
    accepted += sent ? 1 : 0;
  }
  EXPECT_FALSE(sent);
  EXPECT_EQ(accepted, 10);
  EXPECT_EQ(writer->outstanding(), 10);
  broker_->set_down(false);
}

TEST_F(ProducerTest, many_threads_send_and_flush_at_once) {
  auto writer = producer({.favor = Favor::kThroughput});
  constexpr int kThreads = 4;
  constexpr int kEach = 2000;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kEach; ++i) {
          const std::string topic = i % 2 == 0 ? "t" : "wide";
          EXPECT_TRUE(writer->send(topic, std::to_string(t * kEach + i), "x"));
          if (i % 500 == 0) {
            EXPECT_TRUE(writer->flush(20s));
          }
        }
      });
    }
  }
  ASSERT_TRUE(writer->flush(20s));
  EXPECT_EQ(writer->counters().delivered_total, kThreads * kEach);
  EXPECT_EQ(partitions_of("t", kThreads * kEach / 2).size(), kThreads * kEach / 2u);
}

TEST_F(ProducerTest, refuses_a_record_larger_than_the_limit) {
  auto writer = producer();
  const auto sent = writer->send("t", "k", std::string(2 << 20, 'x'));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind, base::ErrorKind::kInput);
  EXPECT_EQ(writer->outstanding(), 0);
}

TEST_F(ProducerTest, refuses_options_that_cannot_work) {
  const auto refusal = [&](ProducerOptions options) {
    const auto made = broker_->make_producer(std::move(options));
    return made ? std::string() : made.error().message;
  };
  EXPECT_NE(refusal({.queue_records = 0}).find("records"), std::string::npos);
  EXPECT_NE(refusal({.queue_bytes = 5}).find("MiB"), std::string::npos);
  EXPECT_NE(refusal({.delivery_timeout = 0ms}).find("delivery timeout"), std::string::npos);
  EXPECT_NE(refusal({.properties = {{"partitioner", "random"}}}).find("partitioner"),
            std::string::npos);
  EXPECT_NE(refusal({.properties = {{"linger.ms", "soon"}}}).find("linger.ms"), std::string::npos);
}

TEST_F(ProducerTest, an_error_never_shows_a_secret) {
  const auto made = broker_->make_producer(
      {.properties = {{"security.protocol", "ssl"}, {"ssl.key.pem", "hunter2"}}});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().message.find("hunter2"), std::string::npos) << made.error().message;
}

}  // namespace
}  // namespace kafka
