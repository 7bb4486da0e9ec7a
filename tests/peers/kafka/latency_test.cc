// SPDX-License-Identifier: Apache-2.0
// One hop: from send to the reader's hands, at 1,000 records a second, by both brokers. Figures are
// printed and kept in the test's properties; what is held is only a bound that a busy machine keeps
// too.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <thread>
#include <vector>

#include "base/number.h"
#include "kafka/in_process_broker.h"
#include "node.h"

namespace kafka_peer {
namespace {

using namespace std::chrono_literals;
using Micros = std::chrono::microseconds;

std::int64_t now() {
  return std::chrono::duration_cast<Micros>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// Latencies in microseconds, sorted, of `count` records after a second of warm-up.
std::vector<std::int64_t> hop(kafka::Transport& transport, int count) {
  constexpr int kWarmUp = 1000;
  const kafka::TopicSpec topics[] = {{.name = "hop", .partitions = 2}};
  EXPECT_TRUE(transport.ensure_topics(topics));
  auto consumer =
      transport
          .make_consumer({.topics = {"hop"}, .group = "g", .membership = kafka::Membership::kAlone})
          .value();
  while (!consumer->caught_up()) EXPECT_TRUE(consumer->poll(100, 100ms));

  std::jthread writer([&] {
    auto producer = transport.make_producer({}).value();
    auto next = std::chrono::steady_clock::now();
    for (int i = 0; i < kWarmUp + count; ++i) {
      EXPECT_TRUE(producer->send("hop", std::to_string(i), std::to_string(now())));
      std::this_thread::sleep_until(next += 1ms);
    }
    EXPECT_TRUE(producer->flush(20s));
  });
  std::vector<std::int64_t> latencies;
  int received = 0;
  const auto end = std::chrono::steady_clock::now() + 60s;
  while (received < kWarmUp + count && std::chrono::steady_clock::now() < end) {
    const auto records = consumer->poll(10'000, 100ms);
    EXPECT_TRUE(records);
    if (!records) break;
    const std::int64_t arrival = now();
    for (const auto& record : *records) {
      if (++received > kWarmUp)
        latencies.push_back(arrival - base::parse_int(record.value).value());
    }
  }
  EXPECT_EQ(received, kWarmUp + count);
  std::sort(latencies.begin(), latencies.end());
  return latencies;
}

void judge(const char* broker, const std::vector<std::int64_t>& sorted, std::int64_t most_p50) {
  ASSERT_FALSE(sorted.empty());
  const auto at = [&](std::size_t percent) { return sorted[sorted.size() * percent / 100]; };
  std::printf("one hop, %s: p50 %lld us, p99 %lld us, most %lld us\n", broker,
              static_cast<long long>(at(50)), static_cast<long long>(at(99)),
              static_cast<long long>(sorted.back()));
  EXPECT_LT(at(50), most_p50);
}

TEST(Latency, a_hop_through_the_in_process_broker_takes_milliseconds) {
  auto broker = kafka::InProcessBroker::start();
  ASSERT_TRUE(broker);
  judge("in-process broker", hop(**broker, 5000), 20'000);
}

class ApacheLatency : public NodeTest {};

TEST_F(ApacheLatency, a_hop_through_apache_kafka_takes_milliseconds) {
  const auto node = start();
  ASSERT_NE(node, nullptr);
  judge("Apache Kafka", hop(*node, 5000), 100'000);
}

}  // namespace
}  // namespace kafka_peer
