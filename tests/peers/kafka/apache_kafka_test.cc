// SPDX-License-Identifier: Apache-2.0
// The child process through its life, and foreign clients beside ours.
#include "kafka/apache_kafka.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cstdio>
#include <fstream>
#include <set>
#include <thread>

#include "kafka/external_brokers.h"
#include "node.h"

namespace kafka_peer {
namespace {

using namespace std::chrono_literals;
using kafka::Membership;
using kafka::TopicSpec;

class ApacheKafkaTest : public NodeTest {};

// "127.0.0.1:1,127.0.0.1:2" → one of the two.
std::string first_of(const std::string& bootstrap) {
  return bootstrap.substr(0, bootstrap.find(','));
}
std::string second_of(const std::string& bootstrap) {
  return bootstrap.substr(bootstrap.find(',') + 1);
}

std::unique_ptr<kafka::ExternalBrokers> by(const std::string& address) {
  auto brokers = kafka::ExternalBrokers::connect({.brokers = address});
  EXPECT_TRUE(brokers) << brokers.error().message;
  return std::move(brokers).value();
}

void write(kafka::Transport& transport, const std::string& topic, int from, int to) {
  auto producer = transport.make_producer({}).value();
  for (int i = from; i < to; ++i)
    ASSERT_TRUE(producer->send(topic, std::to_string(i), "value " + std::to_string(i)));
  const auto flushed = producer->flush(20s);
  ASSERT_TRUE(flushed) << flushed.error().message;
}

std::set<std::string> read(kafka::Transport& transport, const std::string& topic, std::size_t count,
                           Membership membership = Membership::kAlone) {
  auto consumer =
      transport.make_consumer({.topics = {topic}, .group = "test", .membership = membership})
          .value();
  std::set<std::string> values;
  const auto end = std::chrono::steady_clock::now() + 100s;
  while (values.size() < count && std::chrono::steady_clock::now() < end) {
    const auto records = consumer->poll(1000, 100ms);
    EXPECT_TRUE(records) << records.error().message;
    if (!records) break;
    for (const auto& record : *records) values.emplace(record.value);
  }
  EXPECT_EQ(consumer->counters().missing_total, 0);
  return values;
}

std::string output_of(const std::string& command) {
  std::string output;
  FILE* const pipe = popen(command.c_str(), "r");
  char buffer[4096];
  for (std::size_t n = 0; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;)
    output.append(buffer, n);
  pclose(pipe);
  return output;
}

bool is_alive(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(stat, line);
  const auto name_end = line.rfind(')');
  return name_end != std::string::npos && line[name_end + 2] != 'Z';
}

pid_t noted_node(const std::string& data) {
  std::ifstream note(data + "/kafka.pid");
  pid_t pid = 0;
  note >> pid;
  return pid;
}

bool ends_within(pid_t pid, std::chrono::seconds most) {
  const auto end = std::chrono::steady_clock::now() + most;
  while (is_alive(pid) && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(20ms);
  return !is_alive(pid);
}

TEST_F(ApacheKafkaTest, what_is_written_by_one_listener_is_read_by_the_other) {
  const auto node = start();
  ASSERT_NE(node, nullptr);
  EXPECT_NE(node->describe().find("Apache Kafka 4."), std::string::npos);
  EXPECT_TRUE(node->health());
  const TopicSpec topics[] = {{.name = "t", .partitions = 3}};
  ASSERT_TRUE(node->ensure_topics(topics));
  write(*by(second_of(node->bootstrap())), "t", 0, 1000);
  EXPECT_EQ(read(*by(first_of(node->bootstrap())), "t", 1000).size(), 1000u);
  EXPECT_EQ(read(*by(first_of(node->bootstrap())), "t", 1000, Membership::kGroup).size(), 1000u);
}

TEST_F(ApacheKafkaTest, ensuring_topics_twice_changes_nothing) {
  const auto node = start();
  ASSERT_NE(node, nullptr);
  const TopicSpec topics[] = {
      {.name = "t", .partitions = 3, .properties = {{"retention.ms", "60000"}}}, {.name = "u"}};
  ASSERT_TRUE(node->ensure_topics(topics));
  write(*node, "t", 0, 10);
  const TopicSpec other[] = {{.name = "t", .partitions = 5}, {.name = "v", .partitions = 1}};
  const auto again = node->ensure_topics(other);
  ASSERT_TRUE(again) << again.error().message;
  auto consumer = node->make_consumer({.topics = {"t", "u", "v"}, .group = "g"}).value();
  EXPECT_EQ(consumer->partition_counts().value(), (std::vector<std::int32_t>{3, 2, 1}));
  EXPECT_EQ(read(*node, "t", 10).size(), 10u);
  const TopicSpec wrong[] = {{.name = "w", .properties = {{"no.such.setting", "1"}}}};
  const auto refused = node->ensure_topics(wrong);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("'w'"), std::string::npos);
}

TEST_F(ApacheKafkaTest, keeps_records_and_offsets_from_run_to_run) {
  const TopicSpec topics[] = {{.name = "t", .partitions = 1}};
  const kafka::TopicPartition where[] = {{"t", 0}};
  {
    const auto node = start();
    ASSERT_NE(node, nullptr);
    ASSERT_TRUE(node->ensure_topics(topics));
    write(*node, "t", 0, 100);
    auto consumer =
        node->make_consumer({.topics = {"t"}, .group = "keeper", .membership = Membership::kAlone})
            .value();
    const kafka::TopicOffset done[] = {{"t", 0, 40}};
    ASSERT_TRUE(consumer->commit(done));
    consumer.reset();
    const auto stopped = node->stop();
    EXPECT_TRUE(stopped) << stopped.error().message;
    EXPECT_FALSE(node->health());
  }
  const auto node = start();
  ASSERT_NE(node, nullptr);
  EXPECT_EQ(read(*node, "t", 100).size(), 100u);
  auto consumer =
      node->make_consumer({.topics = {"t"}, .group = "keeper", .membership = Membership::kAlone})
          .value();
  EXPECT_EQ(consumer->committed(where).value().at(0).offset, 40);
}

TEST_F(ApacheKafkaTest, a_kill_of_the_parent_leaves_no_orphan_and_the_next_run_goes_on) {
  // The parent is a process of its own, so that it can be killed.
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t parent = fork();
  if (parent == 0) {
    const auto node = kafka::ApacheKafka::start(options());
    const char ok = node ? 'y' : 'n';
    if (::write(ready[1], &ok, 1) != 1) _exit(1);
    for (;;) pause();
  }
  char ok = 0;
  ASSERT_EQ(::read(ready[0], &ok, 1), 1);
  const pid_t node = noted_node(folder_ + "/data");
  EXPECT_EQ(ok, 'y');
  EXPECT_TRUE(is_alive(node));
  kill(parent, SIGKILL);
  waitpid(parent, nullptr, 0);
  // At once, while the old node may still be ending.
  const auto next = start();
  ASSERT_NE(next, nullptr);
  EXPECT_FALSE(is_alive(node));
}

TEST_F(ApacheKafkaTest, a_kill_of_the_parent_ends_the_child_without_anybody_coming_after) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t parent = fork();
  if (parent == 0) {
    const auto node = kafka::ApacheKafka::start(options());
    const char ok = node ? 'y' : 'n';
    if (::write(ready[1], &ok, 1) != 1) _exit(1);
    for (;;) pause();
  }
  char ok = 0;
  ASSERT_EQ(::read(ready[0], &ok, 1), 1);
  const pid_t node = noted_node(folder_ + "/data");
  kill(parent, SIGKILL);
  waitpid(parent, nullptr, 0);
  EXPECT_TRUE(ends_within(node, 100s));
}

TEST_F(ApacheKafkaTest, says_when_the_node_has_died_and_starts_again_over_what_it_left) {
  auto node = start();
  ASSERT_NE(node, nullptr);
  const TopicSpec topics[] = {{.name = "t"}};
  ASSERT_TRUE(node->ensure_topics(topics));
  write(*node, "t", 0, 100);
  const pid_t pid = noted_node(folder_ + "/data");
  kill(pid, SIGKILL);
  ASSERT_TRUE(ends_within(pid, 100s));
  for (int i = 0; i < 5000 && node->health(); ++i) std::this_thread::sleep_for(20ms);
  const auto health = node->health();
  ASSERT_FALSE(health);
  EXPECT_NE(health.error().message.find("signal 9"), std::string::npos) << health.error().message;
  EXPECT_FALSE(node->ensure_topics(topics));
  node.reset();
  const auto again = start();
  ASSERT_NE(again, nullptr);
  EXPECT_EQ(read(*again, "t", 100).size(), 100u);
}

TEST_F(ApacheKafkaTest, a_second_run_over_the_same_folder_is_refused) {
  const auto node = start();
  ASSERT_NE(node, nullptr);
  const auto second = kafka::ApacheKafka::start(options());
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find("in use by another run"), std::string::npos)
      << second.error().message;
}

TEST_F(ApacheKafkaTest, a_port_in_use_is_named) {
  const int holder = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(holder, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(holder, 1), 0);
  ASSERT_EQ(getsockname(holder, reinterpret_cast<sockaddr*>(&address), &size), 0);
  auto wanted = options();
  wanted.second_port = ntohs(address.sin_port);
  const auto node = kafka::ApacheKafka::start(wanted);
  close(holder);
  ASSERT_FALSE(node);
  EXPECT_NE(node.error().message.find("port " + std::to_string(wanted.second_port)),
            std::string::npos)
      << node.error().message;
  wanted.controller_port = wanted.second_port;
  EXPECT_NE(kafka::ApacheKafka::start(wanted).error().message.find("three ports must differ"),
            std::string::npos);
}

TEST_F(ApacheKafkaTest, a_start_that_fails_shows_the_end_of_the_nodes_log) {
  auto wanted = options();
  wanted.server_properties = {{"num.network.threads", "none"}};
  const auto node = kafka::ApacheKafka::start(wanted);
  ASSERT_FALSE(node);
  EXPECT_NE(node.error().message.find("num.network.threads"), std::string::npos)
      << node.error().message;
}

TEST_F(ApacheKafkaTest, folders_that_cannot_serve_are_refused_with_what_to_do) {
  auto no_jars = options();
  no_jars.jars = folder_;
  const auto without = kafka::ApacheKafka::start(no_jars);
  ASSERT_FALSE(without);
  EXPECT_NE(without.error().message.find("tools/kafka/install"), std::string::npos);
  auto no_folder = options();
  no_folder.data = "/proc/nothing/here";
  EXPECT_FALSE(kafka::ApacheKafka::start(no_folder));
}

TEST_F(ApacheKafkaTest, kcat_and_our_clients_read_what_the_other_wrote) {
  if (std::system("kcat -V > /dev/null 2>&1") != 0) GTEST_SKIP() << "kcat is not installed";
  const auto node = start();
  ASSERT_NE(node, nullptr);
  const TopicSpec topics[] = {{.name = "t", .partitions = 2}};
  ASSERT_TRUE(node->ensure_topics(topics));
  auto producer = node->make_producer({.favor = kafka::Favor::kThroughput}).value();
  const kafka::Header headers[] = {{"reason", "no json"}};
  ASSERT_TRUE(producer->send("t", "404180", "ours", headers));
  ASSERT_TRUE(producer->flush(10s));
  const std::string second = second_of(node->bootstrap());
  EXPECT_EQ(output_of("timeout 30 kcat -q -b " + second + " -t t -C -e -f '%k|%s|%h\\n'"),
            "404180|ours|reason=no json\n");
  ASSERT_EQ(std::system(
                ("printf '17:theirs\\n' | timeout 30 kcat -b " + second + " -t t -P -K:").c_str()),
            0);
  EXPECT_EQ(read(*node, "t", 2), (std::set<std::string>{"ours", "theirs"}));
}

TEST_F(ApacheKafkaTest, javas_console_clients_and_ours_read_what_the_other_wrote) {
  const auto node = start();
  ASSERT_NE(node, nullptr);
  const TopicSpec topics[] = {{.name = "t", .partitions = 2}};
  ASSERT_TRUE(node->ensure_topics(topics));
  write(*node, "t", 7, 8);
  const std::string java = "java -Xmx64m -XX:TieredStopAtLevel=1 -cp '" + jars() + "/*' ";
  const std::string second = second_of(node->bootstrap());
  EXPECT_EQ(output_of(java + "org.apache.kafka.tools.consumer.ConsoleConsumer --bootstrap-server " +
                      second +
                      " --topic t --from-beginning --max-messages 1 --timeout-ms 30000"
                      " --property print.key=true 2>/dev/null"),
            "7\tvalue 7\n");
  ASSERT_EQ(std::system(("printf '8\\ttheirs\\n' | " + java +
                         "org.apache.kafka.tools.ConsoleProducer --bootstrap-server " + second +
                         " --topic t --property parse.key=true 2>/dev/null")
                            .c_str()),
            0);
  EXPECT_EQ(read(*node, "t", 2), (std::set<std::string>{"value 7", "theirs"}));
}

}  // namespace
}  // namespace kafka_peer
