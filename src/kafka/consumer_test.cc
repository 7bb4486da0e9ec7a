// SPDX-License-Identifier: Apache-2.0
#include "kafka/consumer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <thread>

#include "kafka/in_process_broker.h"

namespace kafka {
namespace {

using namespace std::chrono_literals;

class ConsumerTest : public testing::Test {
 protected:
  void SetUp() override {
    auto started = InProcessBroker::start();
    ASSERT_TRUE(started) << started.error().message;
    broker_ = std::move(started).value();
    const TopicSpec specs[] = {{.name = "a", .partitions = 4},
                               {.name = "b", .partitions = 4},
                               {.name = "one", .partitions = 1}};
    const auto made = broker_->ensure_topics(specs);
    ASSERT_TRUE(made) << made.error().message;
  }

  std::unique_ptr<Consumer> consumer(ConsumerOptions options) {
    if (options.group.empty()) options.group = "g";
    auto made = broker_->make_consumer(std::move(options));
    EXPECT_TRUE(made) << made.error().message;
    return std::move(made).value();
  }
  std::unique_ptr<Consumer> alone(std::vector<std::string> topics) {
    return consumer({.topics = std::move(topics), .membership = Membership::kAlone});
  }

  void write(const std::string& topic, int from, int to, std::size_t padding = 0) {
    if (producer_ == nullptr) producer_ = broker_->make_producer({}).value();
    for (int i = from; i < to; ++i) {
      ASSERT_TRUE(
          producer_->send(topic, std::to_string(i), std::to_string(i) + std::string(padding, ' ')));
    }
    const auto flushed = producer_->flush(30s);
    ASSERT_TRUE(flushed) << flushed.error().message;
  }

  // Polls until `count` values have come, at most 100 s.
  static std::vector<int> read(Consumer& consumer, std::size_t count, std::size_t batch = 1000) {
    std::vector<int> values;
    const auto end = std::chrono::steady_clock::now() + 100s;
    while (values.size() < count && std::chrono::steady_clock::now() < end) {
      const auto records = consumer.poll(batch, 100ms);
      EXPECT_TRUE(records) << records.error().message;
      if (!records) break;
      for (const Record& record : *records) values.push_back(std::stoi(std::string(record.value)));
    }
    return values;
  }

  static std::vector<int> sequence(int from, int to) {
    std::vector<int> values;
    for (int i = from; i < to; ++i) values.push_back(i);
    return values;
  }

  std::unique_ptr<InProcessBroker> broker_;
  std::unique_ptr<Producer> producer_;
};

TEST_F(ConsumerTest, gives_what_was_written) {
  auto producer = broker_->make_producer({}).value();
  const Header headers[] = {{"reason", "bad json"}, {"empty", ""}};
  ASSERT_TRUE(producer->send("b", "404180", "{\"uuid\": 404180}", headers,
                             base::Timestamp(1'700'000'000'123'000)));
  ASSERT_TRUE(producer->flush(10s));

  auto reader = alone({"a", "b"});
  const auto records = reader->poll(10, 10s);
  ASSERT_TRUE(records) << records.error().message;
  ASSERT_EQ(records->size(), 1u);
  const Record& record = records->front();
  EXPECT_EQ(record.topic, "b");
  EXPECT_EQ(record.topic_index, 1u);
  EXPECT_EQ(record.offset, 0);
  EXPECT_EQ(record.key, "404180");
  EXPECT_EQ(record.value, "{\"uuid\": 404180}");
  EXPECT_EQ(record.timestamp.micros(), 1'700'000'000'123'000);
  const auto read_headers = reader->headers(record);
  ASSERT_EQ(read_headers.size(), 2u);
  EXPECT_EQ(read_headers[0].name, "reason");
  EXPECT_EQ(read_headers[0].value, "bad json");
  EXPECT_EQ(read_headers[1].value, "");
  EXPECT_EQ(reader->counters().records_total, 1);
}

TEST_F(ConsumerTest, gives_each_record_once_and_in_order_whatever_the_batch) {
  write("one", 0, 5000);
  for (const std::size_t batch : {1u, 7u, 5000u}) {
    auto reader = consumer({.topics = {"one"},
                            .group = "g" + std::to_string(batch),
                            .membership = Membership::kAlone});
    EXPECT_EQ(read(*reader, 5000, batch), sequence(0, 5000));
    EXPECT_EQ(reader->counters().missing_total, 0);
    EXPECT_EQ(reader->counters().repeated_total, 0);
  }
}

TEST_F(ConsumerTest, a_large_batch_does_not_wait_to_fill) {
  auto reader = alone({"one"});
  ASSERT_TRUE(reader->poll(1, 200ms));
  write("one", 0, 1);
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(read(*reader, 1, 100'000).size(), 1u);
  const auto records = reader->poll(100'000, 5ms);
  ASSERT_TRUE(records);
  EXPECT_TRUE(records->empty());
  EXPECT_LT(std::chrono::steady_clock::now() - before, 5s);
}

TEST_F(ConsumerTest, resumes_after_what_was_committed) {
  write("one", 0, 100);
  {
    auto reader = alone({"one"});
    EXPECT_EQ(read(*reader, 100).size(), 100u);
    const TopicOffset done[] = {{"one", 0, 60}};
    ASSERT_TRUE(reader->commit(done));
    const TopicPartition where[] = {
        {"one", 0},
    };
    EXPECT_EQ(reader->committed(where).value().at(0).offset, 60);
  }
  auto reader = alone({"one"});
  EXPECT_EQ(read(*reader, 40), sequence(60, 100));
}

TEST_F(ConsumerTest, resumes_after_what_was_committed_without_waiting) {
  write("one", 0, 100);
  {
    auto reader = alone({"one"});
    EXPECT_EQ(read(*reader, 100).size(), 100u);
    const TopicOffset done[] = {{"one", 0, 99}};
    reader->commit_async(done);
    ASSERT_TRUE(reader->poll(1, 200ms));
  }
  auto reader = alone({"one"});
  EXPECT_EQ(read(*reader, 1), sequence(99, 100));
}

TEST_F(ConsumerTest, begins_at_the_end_when_asked_and_nothing_is_committed) {
  write("one", 0, 10);
  bool assigned = false;
  auto reader = consumer({.topics = {"one"},
                          .membership = Membership::kAlone,
                          .start = Start::kLatest,
                          .assigned = [&](Consumer&, std::span<TopicOffset>) {
                            assigned = true;
                            return base::Result<void>();
                          }});
  while (!assigned) ASSERT_TRUE(reader->poll(10, 100ms));
  ASSERT_TRUE(reader->poll(10, 500ms)->empty());
  write("one", 10, 12);
  EXPECT_EQ(read(*reader, 2), sequence(10, 12));
}

TEST_F(ConsumerTest, begins_where_the_assignment_callback_says) {
  write("one", 0, 50);
  auto reader = consumer({.topics = {"one"},
                          .membership = Membership::kAlone,
                          .assigned = [](Consumer&, std::span<TopicOffset> partitions) {
                            EXPECT_EQ(partitions.size(), 1u);
                            EXPECT_EQ(partitions[0].offset, kCommittedOffset);
                            partitions[0].offset = 45;
                            return base::Result<void>();
                          }});
  EXPECT_EQ(read(*reader, 5), sequence(45, 50));
  EXPECT_EQ(reader->counters().missing_total, 0);
}

TEST_F(ConsumerTest, reads_nothing_when_the_assignment_is_refused) {
  write("one", 0, 5);
  auto reader =
      consumer({.topics = {"one"},
                .membership = Membership::kAlone,
                .assigned = [](Consumer&, std::span<TopicOffset>) {
                  return base::Result<void>(base::input_error("topics have 2 and 3 partitions"));
                }});
  base::Result<std::span<const Record>> result = reader->poll(10, 100ms);
  for (int i = 0; i < 50 && result; ++i) result = reader->poll(10, 100ms);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "topics have 2 and 3 partitions");
  EXPECT_EQ(reader->counters().records_total, 0);
}

TEST_F(ConsumerTest, pauses_one_topic_and_loses_nothing_of_it) {
  auto reader = alone({"a", "one"});
  write("one", 0, 20'000);
  EXPECT_EQ(read(*reader, 100, 100).size(), 100u);
  const TopicPartition one[] = {{"one", 0}};
  ASSERT_TRUE(reader->pause(one));
  write("a", 0, 100);
  const auto others = read(*reader, 100);
  EXPECT_EQ(others.size(), 100u);
  ASSERT_TRUE(reader->poll(1000, 300ms)->empty());
  ASSERT_TRUE(reader->resume(one));
  EXPECT_EQ(read(*reader, 19'900), sequence(100, 20'000));
  EXPECT_EQ(reader->counters().missing_total, 0);
  EXPECT_EQ(reader->counters().repeated_total, 0);
}

TEST_F(ConsumerTest, goes_back_and_forward_by_seek) {
  write("one", 0, 100);
  auto reader = alone({"one"});
  EXPECT_EQ(read(*reader, 100).size(), 100u);
  ASSERT_TRUE(reader->seek({"one", 0, 10}));
  EXPECT_EQ(read(*reader, 90), sequence(10, 100));
  ASSERT_TRUE(reader->seek({"one", 0, 98}));
  EXPECT_EQ(read(*reader, 2), sequence(98, 100));
  EXPECT_EQ(reader->counters().missing_total, 0);
  EXPECT_EQ(reader->counters().repeated_total, 0);
  EXPECT_FALSE(reader->seek({"one", 7, 0}));
  EXPECT_FALSE(reader->seek({"nowhere", 0, 0}));
  EXPECT_FALSE(reader->seek({"one", 0, -5}));
}

TEST_F(ConsumerTest, counts_records_that_the_broker_dropped_before_they_were_read) {
  std::vector<Gap> told;
  auto reader =
      consumer({.topics = {"one"}, .membership = Membership::kAlone, .gap = [&](const Gap& gap) {
                  told.push_back(gap);
                }});
  write("one", 0, 10, 1000);
  EXPECT_EQ(read(*reader, 10, 5), sequence(0, 10));
  const TopicPartition one[] = {{"one", 0}};
  ASSERT_TRUE(reader->pause(one));
  write("one", 10, 20'000, 1000);  // 20 MB into a partition of 5 MiB.
  ASSERT_TRUE(reader->resume(one));
  std::int64_t received = 10;
  int last = 0;
  const auto end = std::chrono::steady_clock::now() + 100s;
  while (last != 19'999 && std::chrono::steady_clock::now() < end) {
    const auto records = reader->poll(1000, 100ms);
    ASSERT_TRUE(records);
    received += static_cast<std::int64_t>(records->size());
    if (!records->empty()) last = std::stoi(std::string(records->back().value));
  }
  EXPECT_EQ(last, 19'999);
  EXPECT_GT(reader->counters().missing_total, 10'000);
  EXPECT_EQ(received + reader->counters().missing_total, 20'000);
  ASSERT_FALSE(told.empty());
  std::int64_t told_count = 0;
  for (const Gap& gap : told) told_count += gap.count;
  EXPECT_EQ(told_count, reader->counters().missing_total);
  EXPECT_EQ(reader->gaps().at(0).count, told_count);
  EXPECT_EQ(reader->gaps().at(0).where, (TopicPartition{"one", 0}));
}

TEST_F(ConsumerTest, counts_what_was_dropped_before_the_first_record) {
  write("one", 0, 20'000, 1000);
  auto reader = alone({"one"});
  const auto records = reader->poll(1, 10s);
  ASSERT_TRUE(records);
  ASSERT_EQ(records->size(), 1u);
  EXPECT_GT((*records)[0].offset, 10'000);
  EXPECT_EQ(reader->counters().missing_total, (*records)[0].offset);
}

TEST_F(ConsumerTest, does_not_look_for_gaps_where_offsets_may_skip) {
  write("one", 0, 20'000, 1000);
  auto reader =
      consumer({.topics = {"one"}, .membership = Membership::kAlone, .offsets_may_skip = true});
  EXPECT_EQ(reader->poll(1, 10s)->size(), 1u);
  EXPECT_EQ(reader->counters().missing_total, 0);
}

TEST_F(ConsumerTest, tells_how_far_it_is_behind) {
  write("one", 0, 100);
  auto reader = alone({"one"});
  EXPECT_EQ(read(*reader, 10, 1).size(), 10u);  // A poll may bring fewer than asked for.
  const auto lag = reader->lag();
  ASSERT_EQ(lag.size(), 1u);
  EXPECT_EQ(lag[0].position, 10);
  EXPECT_EQ(lag[0].end, 100);
  EXPECT_EQ(lag[0].behind(), 90);
  EXPECT_FALSE(reader->caught_up());
  EXPECT_EQ(read(*reader, 90).size(), 90u);
  EXPECT_TRUE(reader->caught_up());
}

TEST_F(ConsumerTest, has_caught_up_with_empty_topics_only_once_it_knows_that_they_are) {
  auto reader = alone({"a", "one"});
  EXPECT_FALSE(reader->caught_up());
  for (int i = 0; i < 100 && !reader->caught_up(); ++i)
    ASSERT_TRUE(reader->poll(10, 100ms)->empty());
  EXPECT_TRUE(reader->caught_up());
}

TEST_F(ConsumerTest, tells_the_partitions_of_its_topics) {
  auto reader = alone({"one", "a"});
  EXPECT_EQ(reader->partition_counts().value(), (std::vector<std::int32_t>{1, 4}));
  auto other = alone({"one", "nowhere"});
  const auto counts = other->partition_counts();
  ASSERT_FALSE(counts);
  EXPECT_NE(counts.error().message.find("'nowhere' does not exist"), std::string::npos);
}

TEST_F(ConsumerTest, waits_for_a_topic_that_does_not_exist_yet) {
  auto reader = alone({"later"});
  ASSERT_TRUE(reader->poll(10, 300ms)->empty());
  EXPECT_GT(reader->counters().errors_total, 0);
  const TopicSpec later[] = {{.name = "later", .partitions = 3}};
  ASSERT_TRUE(broker_->ensure_topics(later));
  write("later", 0, 10);
  EXPECT_EQ(read(*reader, 10).size(), 10u);
  EXPECT_EQ(reader->assignment().size(), 3u);
}

TEST_F(ConsumerTest, reads_on_after_the_broker_was_away) {
  auto reader = alone({"one"});
  write("one", 0, 10);
  EXPECT_EQ(read(*reader, 10).size(), 10u);
  broker_->set_down(true);
  ASSERT_TRUE(reader->poll(10, 500ms)->empty());
  broker_->set_down(false);
  write("one", 10, 20);
  EXPECT_EQ(read(*reader, 10), sequence(10, 20));
}

// Members of a group, each driven by the test in turn. What each holds is told by its callbacks.
struct Member {
  std::set<TopicPartition> held;
  int revocations = 0;
  std::unique_ptr<Consumer> consumer;  // Last: its end calls `revoked`, which needs the others.
};

TEST_F(ConsumerTest, members_share_topics_by_equal_partition_numbers_through_joins_and_leaves) {
  const auto join = [&](Member& member) {
    member.consumer =
        consumer({.topics = {"a", "b"},
                  .session_timeout = 6s,
                  .assigned =
                      [&](Consumer&, std::span<TopicOffset> partitions) {
                        for (const auto& p : partitions) member.held.insert({p.topic, p.partition});
                        return base::Result<void>();
                      },
                  .revoked =
                      [&](Consumer&, std::span<const TopicPartition> partitions, bool) {
                        ++member.revocations;
                        for (const auto& p : partitions) member.held.erase(p);
                      }});
  };
  const auto is_copartitioned = [](const Member& member) {
    return std::all_of(member.held.begin(), member.held.end(), [&](const TopicPartition& p) {
      return member.held.contains({p.topic == "a" ? "b" : "a", p.partition});
    });
  };
  const auto settle = [&](std::vector<Member*> members, std::size_t each) {
    const auto end = std::chrono::steady_clock::now() + 100s;
    for (;;) {
      for (Member* m : members) ASSERT_TRUE(m->consumer->poll(100, 20ms));
      if (std::all_of(members.begin(), members.end(),
                      [&](Member* m) { return m->held.size() == each; }))
        break;
      ASSERT_LT(std::chrono::steady_clock::now(), end) << "the group did not settle";
    }
  };

  Member first;
  Member second;
  join(first);
  settle({&first}, 8);
  join(second);
  settle({&first, &second}, 4);
  EXPECT_TRUE(is_copartitioned(first));
  EXPECT_TRUE(is_copartitioned(second));
  EXPECT_GE(first.revocations, 1);
  first.consumer->close();
  EXPECT_TRUE(first.held.empty());
  settle({&second}, 8);
  EXPECT_TRUE(is_copartitioned(second));
}

TEST_F(ConsumerTest, a_group_that_hands_over_loses_nothing) {
  write("a", 0, 2000);
  std::set<int> seen;
  const auto make = [&](std::map<std::int32_t, std::int64_t>& done) {
    return consumer({.topics = {"a"},
                     .session_timeout = 6s,
                     .revoked = [&](Consumer& self, std::span<const TopicPartition>, bool lost) {
                       std::vector<TopicOffset> offsets;
                       for (const auto& [partition, next] : done)
                         offsets.push_back({"a", partition, next});
                       if (!lost) {
                         EXPECT_TRUE(self.commit(offsets));
                       }
                       done.clear();
                     }});
  };
  std::map<std::int32_t, std::int64_t> done_by_first;
  std::map<std::int32_t, std::int64_t> done_by_second;
  const auto step = [&](Consumer& reader, std::map<std::int32_t, std::int64_t>& done) {
    const auto records = reader.poll(10, 10ms);
    ASSERT_TRUE(records);
    for (const Record& r : *records) {
      seen.insert(std::stoi(std::string(r.value)));
      done[r.partition] = r.offset + 1;
    }
  };
  auto first = make(done_by_first);
  while (seen.size() < 200) step(*first, done_by_first);
  auto second = make(done_by_second);
  const auto end = std::chrono::steady_clock::now() + 100s;
  while (seen.size() < 2000 && std::chrono::steady_clock::now() < end) {
    step(*first, done_by_first);
    step(*second, done_by_second);
  }
  EXPECT_EQ(seen.size(), 2000u);
  EXPECT_EQ(first->counters().missing_total + second->counters().missing_total, 0);
  EXPECT_EQ(first->counters().repeated_total + second->counters().repeated_total, 0);
}

TEST_F(ConsumerTest, a_closed_consumer_says_so) {
  auto reader = alone({"one"});
  reader->close();
  reader->close();
  EXPECT_FALSE(reader->poll(1, 1ms));
  const TopicOffset done[] = {{"one", 0, 1}};
  EXPECT_FALSE(reader->commit(done));
  EXPECT_TRUE(reader->lag().empty());
}

TEST_F(ConsumerTest, refuses_options_that_cannot_work) {
  const auto refusal = [&](ConsumerOptions options) {
    const auto made = broker_->make_consumer(std::move(options));
    return made ? std::string() : made.error().message;
  };
  EXPECT_NE(refusal({.group = "g"}).find("at least one topic"), std::string::npos);
  EXPECT_NE(refusal({.topics = {"a"}}).find("group"), std::string::npos);
  EXPECT_NE(refusal({.topics = {"a", "a"}, .group = "g"}).find("twice"), std::string::npos);
  EXPECT_NE(refusal({.topics = {"^a.*"}, .group = "g"}).find("patterns"), std::string::npos);
  EXPECT_NE(refusal({.topics = {""}, .group = "g"}).find("empty"), std::string::npos);
  EXPECT_NE(refusal({.topics = {"a"}, .group = "g", .queue_bytes = -1}).find("queue in bytes"),
            std::string::npos);
  EXPECT_NE(refusal({.topics = {"a"}, .group = "g", .queue_records = 0}).find("queue in records"),
            std::string::npos);
  EXPECT_NE(refusal({.topics = {"a"}, .group = "g", .fetch_wait = 0ms}).find("fetch wait"),
            std::string::npos);
  EXPECT_NE(
      refusal({.topics = {"a"}, .group = "g", .session_timeout = -1s}).find("session timeout"),
      std::string::npos);
  EXPECT_NE(refusal({.topics = {"a"}, .group = "g", .properties = {{"enable.auto.commit", "true"}}})
                .find("enable.auto.commit"),
            std::string::npos);
  EXPECT_NE(refusal({.topics = {"a"}, .group = "g", .properties = {{"no.such.thing", "1"}}})
                .find("no.such.thing"),
            std::string::npos);
}

}  // namespace
}  // namespace kafka
