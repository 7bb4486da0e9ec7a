// SPDX-License-Identifier: Apache-2.0
#include "kafka/transport.h"

#include <gtest/gtest.h>

#include <string>

#include "kafka/external_brokers.h"
#include "kafka/in_process_broker.h"

namespace kafka {
namespace {

using namespace std::chrono_literals;

TEST(InProcessBroker, says_what_it_is_and_what_it_holds) {
  auto broker = InProcessBroker::start().value();
  EXPECT_EQ(broker->describe(), "in-process broker: for trying out");
  EXPECT_EQ(broker->limits().records_per_partition, 50'000);
  EXPECT_EQ(broker->limits().bytes_per_partition, 5 * 1024 * 1024 / 2);
  EXPECT_TRUE(broker->health());
}

TEST(InProcessBroker, ensuring_topics_twice_changes_nothing) {
  auto broker = InProcessBroker::start().value();
  const TopicSpec topics[] = {{.name = "x", .partitions = 3}};
  ASSERT_TRUE(broker->ensure_topics(topics));
  const TopicSpec other[] = {{.name = "x", .partitions = 5}, {.name = "y"}};
  ASSERT_TRUE(broker->ensure_topics(other));
  auto reader = broker->make_consumer({.topics = {"x", "y"}, .group = "g"}).value();
  EXPECT_EQ(reader->partition_counts().value(), (std::vector<std::int32_t>{3, 2}));
}

TEST(InProcessBroker, several_stand_side_by_side) {
  auto first = InProcessBroker::start().value();
  auto second = InProcessBroker::start().value();
  EXPECT_NE(first->bootstrap(), second->bootstrap());
}

TEST(InProcessBroker, carries_many_clients) {
  auto broker = InProcessBroker::start().value();
  const TopicSpec topics[] = {{.name = "x", .partitions = 2}};
  ASSERT_TRUE(broker->ensure_topics(topics));
  std::vector<std::unique_ptr<Consumer>> readers;
  std::vector<std::unique_ptr<Producer>> writers;
  for (int i = 0; i < 12; ++i) {
    readers.push_back(broker
                          ->make_consumer({.topics = {"x"},
                                           .group = "g" + std::to_string(i),
                                           .membership = Membership::kAlone})
                          .value());
    writers.push_back(broker->make_producer({}).value());
    ASSERT_TRUE(writers.back()->send("x", std::to_string(i), "v"));
    ASSERT_TRUE(writers.back()->flush(10s));
  }
  for (auto& reader : readers) {
    std::size_t count = 0;
    for (int i = 0; i < 100 && count < 12; ++i) count += reader->poll(100, 100ms)->size();
    EXPECT_EQ(count, 12u);
  }
}

TEST(Topics, names_and_numbers_that_no_broker_takes_are_refused) {
  auto broker = InProcessBroker::start().value();
  const auto refusal = [&](TopicSpec spec) {
    const auto made = broker->ensure_topics(std::span(&spec, 1));
    return made ? std::string() : made.error().message;
  };
  EXPECT_NE(refusal({.name = ""}).find("cannot be a topic"), std::string::npos);
  EXPECT_NE(refusal({.name = "a b"}).find("'a b' cannot be a topic"), std::string::npos);
  EXPECT_NE(refusal({.name = ".."}).find("cannot be a topic"), std::string::npos);
  EXPECT_NE(refusal({.name = std::string(250, 'x')}).find("cannot be a topic"), std::string::npos);
  EXPECT_NE(refusal({.name = "x", .partitions = 0}).find("0 partitions"), std::string::npos);
  EXPECT_NE(refusal({.name = "x", .replicas = 0}).find("0 replicas"), std::string::npos);
}

TEST(ExternalBrokers, uses_brokers_that_run_already) {
  auto broker = InProcessBroker::start().value();
  const TopicSpec topics[] = {{.name = "x"}};
  ASSERT_TRUE(broker->ensure_topics(topics));
  auto outside = ExternalBrokers::connect({.brokers = broker->bootstrap()});
  ASSERT_TRUE(outside) << outside.error().message;
  EXPECT_EQ((*outside)->describe(), "brokers " + broker->bootstrap());
  EXPECT_FALSE((*outside)->limits().records_per_partition.has_value());
  ASSERT_TRUE((*outside)->ensure_topics(topics));
  auto writer = (*outside)->make_producer({}).value();
  ASSERT_TRUE(writer->send("x", "k", "v"));
  EXPECT_TRUE(writer->flush(10s));
}

TEST(ExternalBrokers, nobody_there_is_an_error_that_says_where_and_why) {
  const auto outside = ExternalBrokers::connect({.brokers = "127.0.0.1:1", .timeout = 1s});
  ASSERT_FALSE(outside);
  EXPECT_EQ(outside.error().kind, base::ErrorKind::kSystem);
  EXPECT_NE(outside.error().message.find("127.0.0.1:1 within 1000 ms"), std::string::npos)
      << outside.error().message;
  EXPECT_NE(outside.error().message.find("refused"), std::string::npos) << outside.error().message;
}

TEST(ExternalBrokers, refuses_an_empty_list_and_unknown_properties) {
  EXPECT_FALSE(ExternalBrokers::connect({.brokers = " , "}));
  const auto unknown =
      ExternalBrokers::connect({.brokers = "127.0.0.1:1", .properties = {{"sasl.user", "me"}}});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().kind, base::ErrorKind::kInput);
  EXPECT_NE(unknown.error().message.find("sasl.user"), std::string::npos);
}

TEST(Properties, are_read_as_they_are_written) {
  const auto property = parse_property("sasl.jaas = a=b; c ");
  ASSERT_TRUE(property);
  EXPECT_EQ(property->name, "sasl.jaas");
  EXPECT_EQ(property->value, "a=b; c");
  const auto properties =
      parse_properties("# TLS\n\nsecurity.protocol=ssl\r\nssl.ca.location=/etc/ca.pem");
  ASSERT_TRUE(properties);
  ASSERT_EQ(properties->size(), 2u);
  EXPECT_EQ((*properties)[0].value, "ssl");
  EXPECT_EQ((*properties)[1].value, "/etc/ca.pem");
}

TEST(Properties, what_is_none_is_refused_without_showing_it) {
  EXPECT_FALSE(parse_property("hunter2"));
  EXPECT_FALSE(parse_property("=hunter2"));
  const auto lines = parse_properties("a=1\nhunter2\n");
  ASSERT_FALSE(lines);
  EXPECT_NE(lines.error().message.find("line 2"), std::string::npos);
  EXPECT_EQ(lines.error().message.find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace kafka
