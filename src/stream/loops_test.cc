// SPDX-License-Identifier: Apache-2.0
// The loops over a broker in this process: every sampled customer gets a decision, whatever joins,
// leaves or dies.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <thread>

#include "data/csv.h"
#include "event/read.h"
#include "event/write.h"
#include "kafka/in_process_broker.h"
#include "pmml/read/read.h"
#include "stream/decide.h"
#include "stream/enrich.h"
#include "stream/table_directory.h"

namespace stream {
namespace {

using namespace std::chrono_literals;

constexpr const char* kModel =
    R"(<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/><DataDictionary>)"
    R"(<DataField name="age" optype="continuous" dataType="double"/><DataField name="cat1" optype="continuous" dataType="double"/>)"
    R"(<DataField name="y" optype="continuous" dataType="double"/></DataDictionary><RegressionModel functionName="regression">)"
    R"(<MiningSchema><MiningField name="y" usageType="target"/><MiningField name="age"/><MiningField name="cat1"/></MiningSchema>)"
    R"(<RegressionTable intercept="-40"><NumericPredictor name="age" coefficient="1"/><NumericPredictor name="cat1" coefficient="20"/>)"
    R"(</RegressionTable></RegressionModel></PMML>)";

// A loop on its own thread.
class Running {
 public:
  explicit Running(std::function<base::Result<void>(std::stop_token)> loop)
      : thread_([this, loop = std::move(loop)](std::stop_token stop) {
          base::Result<void> result = loop(stop);
          if (!result) error_ = result.error().message;
        }) {}
  std::string stop() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
    return error_;
  }

 private:
  std::string error_;
  std::jthread thread_;
};

class Loops : public testing::Test {
 protected:
  void SetUp() override {
    broker_ = kafka::InProcessBroker::start().value();
    std::vector<kafka::TopicSpec> specs;
    for (const char* const topic :
         {event::topic::kSampled, event::topic::kDemographic, event::topic::kHistoric,
          event::topic::kStudentPrediction, event::topic::kRejected}) {
      specs.push_back({.name = topic, .partitions = 4});
    }
    specs.push_back({.name = "three", .partitions = 3});
    ASSERT_TRUE(broker_->ensure_topics(specs));
    producer_ = broker_->make_producer({.name = "test"}).value();
    options_.tokens = {"t0k"};
    options_.commit_interval = 100ms;
  }

  void put(const char* topic, std::int64_t id, const std::string& value) {
    ASSERT_TRUE(producer_->send(topic, std::to_string(id), value));
  }
  void put_demographic(std::int64_t id) {
    message_.clear();
    event::write(event::Demographics{event::CustomerId(id), static_cast<int>(id % 80), true, false},
                 message_);
    put(event::topic::kDemographic, id, message_);
  }
  void put_historic(std::int64_t id) {
    put(event::topic::kHistoric, id,
        R"({"uuid": )" + std::to_string(id) + R"(, "products": {"cat1": )" +
            (id % 3 == 0 ? "1" : "0") + "}}");
  }
  static bool expected(std::int64_t id) { return id % 80 + (id % 3 == 0 ? 20 : 0) > 40; }
  void flush() { ASSERT_TRUE(producer_->flush(10s)); }

  std::unique_ptr<Running> decide(Meter& meter) {
    return std::make_unique<Running>([this, &meter, options = options_](std::stop_token stop) {
      return run_decide(*broker_, *model_, options, clock_, meter, stop);
    });
  }

  // Reads decisions until every id of [0, customers) has one, at most `patience`; counts them by
  // id.
  std::map<std::int64_t, int> decisions(std::int64_t customers,
                                        std::chrono::seconds patience = 60s) {
    if (reader_ == nullptr) {
      reader_ = broker_
                    ->make_consumer({.topics = {event::topic::kStudentPrediction},
                                     .group = "test",
                                     .membership = kafka::Membership::kAlone})
                    .value();
    }
    const auto end = std::chrono::steady_clock::now() + patience;
    event::Reader reader;
    while (static_cast<std::int64_t>(seen_.size()) < customers &&
           std::chrono::steady_clock::now() < end) {
      const auto records = reader_->poll(1'000, 50ms);
      EXPECT_TRUE(records);
      for (const kafka::Record& record : *records) {
        event::Prediction prediction;
        EXPECT_EQ(reader.prediction(record.value, prediction), event::Outcome::kOk);
        const std::int64_t id = prediction.customer.value();
        EXPECT_EQ(prediction.token, "t0k");
        EXPECT_EQ(prediction.show, expected(id)) << id;
        EXPECT_EQ(record.key, std::to_string(id));
        ++seen_[id];
      }
    }
    return seen_;
  }

  static bool wait_for(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + 100s;
    while (!condition() && std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(5ms);
    return condition();
  }

  std::unique_ptr<kafka::InProcessBroker> broker_;
  std::unique_ptr<kafka::Producer> producer_;
  std::unique_ptr<kafka::Consumer> reader_;
  std::map<std::int64_t, int> seen_;
  static pmml::Scorer scorer(const std::string& xml) {
    return pmml::Scorer::compile(pmml::read(xml).value()).value();
  }
  std::unique_ptr<LiveOffer> model_ =
      LiveOffer::start(scorer(kModel), {.threshold = 0.0, .products = {}}).value();
  base::SystemClock clock_;
  DecideOptions options_;
  std::string message_;
};

TEST_F(Loops, decides_every_customer_once_and_sets_poison_aside) {
  options_.membership = kafka::Membership::kAlone;
  Meter meter;
  const auto loop = decide(meter);
  for (std::int64_t id = 0; id < 500; ++id) {
    if (id == 250) {
      put(event::topic::kDemographic, id, "not json");
      put(event::topic::kHistoric, id, R"({"uuid": 250, "products": {"cat1": 7}})");
      put(event::topic::kHistoric, id, "");
    }
    if (id % 2 == 0) put_demographic(id);
    put_historic(id);
    if (id % 2 == 1) put_demographic(id);
  }
  flush();
  const auto seen = decisions(500);
  ASSERT_EQ(seen.size(), 500U);
  EXPECT_EQ(loop->stop(), "");
  for (const auto& [id, times] : seen) EXPECT_EQ(times, 1) << id;
  const Counters counters = meter.sum();
  EXPECT_EQ(counters.joined_total, 500);
  EXPECT_EQ(counters.sent_total, 500);
  EXPECT_EQ(counters.rejected_total, 3);
  EXPECT_EQ(counters.outcomes_total[static_cast<std::size_t>(event::Outcome::kNotJson)], 2);
  EXPECT_EQ(counters.outcomes_total[static_cast<std::size_t>(event::Outcome::kOutOfRange)], 1);

  auto rejected = broker_
                      ->make_consumer({.topics = {event::topic::kRejected},
                                       .group = "people",
                                       .membership = kafka::Membership::kAlone})
                      .value();
  std::multiset<std::string> found;
  const auto end = std::chrono::steady_clock::now() + 100s;
  while (found.size() < 3 && std::chrono::steady_clock::now() < end) {
    const auto records = rejected->poll(10, 50ms).value();
    for (const kafka::Record& record : records) {
      std::map<std::string, std::string> headers;
      for (const kafka::Header& header : rejected->headers(record))
        headers[std::string(header.name)] = header.value;
      found.insert(headers["topic"] + " " + headers["reason"] + " " + std::string(record.value));
      EXPECT_FALSE(headers["partition"].empty() || headers["offset"].empty());
    }
  }
  EXPECT_EQ(found, (std::multiset<std::string>{
                       "topic_demographic not_json not json", "topic_historic not_json ",
                       R"(topic_historic out_of_range {"uuid": 250, "products": {"cat1": 7}})"}));
}

TEST_F(Loops, goes_on_where_it_stopped_and_still_knows_who_waits) {
  options_.membership = kafka::Membership::kAlone;
  {
    Meter meter;
    const auto loop = decide(meter);
    for (std::int64_t id = 0; id < 300; ++id) put_demographic(id);
    for (std::int64_t id = 0; id < 200; ++id) put_historic(id);
    flush();
    ASSERT_EQ(decisions(200).size(), 200U);
    ASSERT_TRUE(wait_for([&] { return meter.sum().received_total == 500; }));
    EXPECT_EQ(loop->stop(), "");
  }
  Meter meter;
  const auto loop = decide(meter);
  for (std::int64_t id = 200; id < 300; ++id) put_historic(id);
  flush();
  EXPECT_EQ(decisions(300).size(), 300U);  // The halves that waited were read again.
  EXPECT_EQ(loop->stop(), "");
}

TEST_F(Loops, loses_nothing_when_it_dies_without_a_word) {
  options_.membership = kafka::Membership::kAlone;
  options_.commit_interval = 1h;  // It has committed nothing when it dies.
  options_.delivery_wait = 100ms;
  {
    Meter meter;
    const auto loop = decide(meter);
    for (std::int64_t id = 0; id < 200; ++id) put_demographic(id);
    for (std::int64_t id = 0; id < 100; ++id) put_historic(id);
    flush();
    ASSERT_EQ(decisions(100).size(), 100U);
    broker_->set_down(true);
    for (int i = 0; i < 20; ++i) std::this_thread::sleep_for(10ms);
    loop->stop();
    broker_->set_down(false);
  }
  options_.delivery_wait = 30s;
  Meter meter;
  const auto loop = decide(meter);
  for (std::int64_t id = 100; id < 200; ++id) put_historic(id);
  flush();
  EXPECT_EQ(decisions(200).size(), 200U);
  EXPECT_EQ(loop->stop(), "");
}

TEST_F(Loops, loses_nobody_while_members_come_and_go) {
  constexpr std::int64_t kCustomers = 6'000;
  Meter meters[2];
  auto first = decide(meters[0]);
  std::unique_ptr<Running> second;
  std::jthread writing([&] {
    // Histories trail by 500 customers, so that halves wait at every moment.
    for (std::int64_t id = 0; id < kCustomers + 500; ++id) {
      if (id < kCustomers) put_demographic(id);
      if (id >= 500) put_historic(id - 500);
      if (id % 10 == 0) std::this_thread::sleep_for(20ms);
    }
    flush();
  });
  ASSERT_TRUE(wait_for([&] { return meters[0].sum().joined_total > 0; }));
  second = decide(meters[1]);
  ASSERT_TRUE(wait_for([&] { return meters[1].sum().joined_total > 100; }));  // Both are at work.
  EXPECT_EQ(first->stop(), "");
  writing.join();
  EXPECT_EQ(decisions(kCustomers).size(), static_cast<std::size_t>(kCustomers));
  EXPECT_EQ(second->stop(), "");
  EXPECT_GE(meters[0].sum().rebalances_total, 2);
}

// Exchanged for an equal model over and over while customers come: each still gets one decision.
TEST_F(Loops, exchanges_the_model_under_load) {
  options_.membership = kafka::Membership::kAlone;
  Meter meter;
  const auto loop = decide(meter);
  constexpr std::int64_t kCustomers = 20'000;
  std::jthread writing([&] {
    for (std::int64_t id = 0; id < kCustomers; ++id) {
      put_demographic(id);
      put_historic(id);
    }
    flush();
  });
  ASSERT_TRUE(wait_for([&] { return meter.sum().joined_total > 0; }));  // It is at work.
  // The successor names its inputs in another order: slots of the histories are those of the first.
  std::string successor = kModel;
  const std::string age = R"(<MiningField name="age"/>)", cat = R"(<MiningField name="cat1"/>)";
  successor.replace(successor.find(age + cat), age.size() + cat.size(), cat + age);
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(model_->replace(scorer(i % 2 == 0 ? successor : kModel)));
    ASSERT_TRUE(wait_for([&] { return meter.sum().model_exchanges_total > i; }));
  }
  std::string another = kModel;
  for (std::size_t at; (at = another.find("cat1")) != std::string::npos;) another[at + 3] = '2';
  const auto refused = model_->replace(scorer(another));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("needs product 'cat2'"), std::string::npos);
  writing.join();
  const auto seen = decisions(kCustomers);
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(kCustomers));
  EXPECT_EQ(loop->stop(), "");
  for (const auto& [id, count] : seen) EXPECT_EQ(count, 1) << id;
}

TEST_F(Loops, refuses_topics_that_are_cut_differently) {
  options_.membership = kafka::Membership::kAlone;
  options_.historic_topic = "three";
  Meter meter;
  const auto result = run_decide(*broker_, *model_, options_, clock_, meter, {});
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message.find("has 4 partitions and topic 'three' has 3"),
            std::string::npos)
      << result.error().message;
}

TEST_F(Loops, holds_back_a_topic_that_runs_ahead) {
  options_.membership = kafka::Membership::kAlone;
  options_.max_pending = 1'000;
  Meter meter;
  for (std::int64_t id = 0; id < 40'000; ++id) put_demographic(id);
  flush();
  const auto loop = decide(meter);
  ASSERT_TRUE(wait_for([&] { return meter.sum().pauses_total >= 4; }));
  for (std::int64_t id = 0; id < 40'000; ++id) put_historic(id);
  flush();
  EXPECT_EQ(decisions(40'000).size(), 40'000U);
  EXPECT_EQ(loop->stop(), "");
  EXPECT_EQ(meter.sum().overflow_total, 0);
}

TEST_F(Loops, enriches_in_two_pipelines_what_decide_joins) {
  std::string csv = "uuid,age,man,woman,cat1\n";
  for (std::int64_t id = 0; id < 400; ++id) {
    csv += std::to_string(id) + "," + std::to_string(id % 80) + ",1,0," +
           (id % 3 == 0 ? "1" : "0") + "\n";
  }
  const auto directory = make_table_directory(data::parse_csv(csv, "customers").value()).value();
  options_.membership = kafka::Membership::kAlone;
  EnrichOptions demographic;
  demographic.membership = kafka::Membership::kAlone;
  EnrichOptions historic = demographic;
  historic.pipeline = Pipeline::kHistoric;
  Meter meters[3];
  const auto loop = decide(meters[0]);
  Running left([&](std::stop_token stop) {
    return run_enrich(*broker_, *directory, demographic, meters[1], stop);
  });
  Running right([&](std::stop_token stop) {
    return run_enrich(*broker_, *directory, historic, meters[2], stop);
  });
  for (std::int64_t id = 0; id < 401; ++id) {  // Nobody knows customer 400.
    put(event::topic::kSampled, id,
        R"({"uuid": )" + std::to_string(id) + R"(, "session": )" + std::to_string(id) + "}");
  }
  flush();
  EXPECT_EQ(decisions(400).size(), 400U);
  EXPECT_EQ(left.stop(), "");
  EXPECT_EQ(right.stop(), "");
  EXPECT_EQ(loop->stop(), "");
  EXPECT_EQ(meters[1].sum().unknown_customer_total, 1);
  EXPECT_EQ(meters[2].sum().sent_total, 400);
}

TEST(DecideOptions, are_checked_before_anything_is_read) {
  const auto refused = [](auto change) {
    DecideOptions options;
    options.tokens = {"x"};
    EXPECT_TRUE(validate(options));
    change(options);
    return !validate(options);
  };
  EXPECT_TRUE(refused([](DecideOptions& o) { o.tokens = {}; }));
  EXPECT_TRUE(refused([](DecideOptions& o) { o.tokens.emplace_back(); }));
  EXPECT_TRUE(refused([](DecideOptions& o) { o.historic_topic = o.demographic_topic; }));
  EXPECT_TRUE(refused([](DecideOptions& o) { o.output_topic = o.historic_topic; }));
  EXPECT_TRUE(refused([](DecideOptions& o) { o.threads = 0; }));
  EXPECT_TRUE(refused([](DecideOptions& o) { o.max_pending = 1; }));
  EXPECT_TRUE(refused([](DecideOptions& o) { o.window = {}; }));
  EXPECT_TRUE(refused([](DecideOptions& o) {
    o.threads = 2;
    o.membership = kafka::Membership::kAlone;
  }));
}

}  // namespace
}  // namespace stream
