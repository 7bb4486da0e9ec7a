// SPDX-License-Identifier: Apache-2.0
// Several experiments that live at the same time.
#include "trial/trials.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "trial/fixture_test.h"

namespace trial {
namespace {

using event::CustomerId;
using event::SessionId;
using event::System;

Plan part_of_the_customers(double share, const std::string& salt) {
  Plan plan = small_plan();
  plan.sampling_share = share;
  plan.salt = salt;
  return plan;
}

class Several : public ::testing::Test, protected Fixture {
 protected:
  // Two experiments, each with half of the customers.
  void SetUp() override {
    begin(part_of_the_customers(0.5, "one"));
    remember_tokens();
    begin_another(part_of_the_customers(0.5, "two"));
    remember_tokens();
  }
  void remember_tokens() {
    tokens_.push_back({std::string(token(System::kBase)), std::string(token(System::kCandidate))});
  }

  Trials& trials() { return registry().live(); }
  Trial& number(std::int64_t id) { return *trials().find(ExperimentId(id)); }
  OpenOutcome open(std::int64_t customer, std::int64_t session) {
    return trials().open_session({CustomerId(customer), SessionId(session)}, now).outcome;
  }
  DecisionOutcome decide(std::size_t experiment, System system, std::int64_t customer) {
    const StartedTokens& own = tokens_[experiment - 1];
    return trials().record_decision(system,
                                    {CustomerId(customer), system == System::kCandidate,
                                     system == System::kBase ? own.base : own.candidate},
                                    now);
  }
  // As the systems do, which hear of every sampled customer.
  void all_decide(std::int64_t customer) {
    for (std::size_t experiment = 1; experiment <= tokens_.size(); ++experiment) {
      decide(experiment, System::kBase, customer);
      decide(experiment, System::kCandidate, customer);
    }
  }
  RevenueOutcome pay(std::int64_t customer, std::int64_t session, std::int64_t cents) {
    return trials().record_revenue(
        {CustomerId(customer), SessionId(session), base::Cents(cents), false}, now);
  }
  // The first customer from `from` on whom this experiment owns; 0 where there is none.
  std::int64_t customer_of(std::int64_t id, std::int64_t from = 1) {
    for (const std::int64_t end = from + 100; from < end; ++from) {
      if (open(from, 1'000'000 + from) == OpenOutcome::kSampled &&
          number(id).enrolled(CustomerId(from)))
        return from;
    }
    ADD_FAILURE() << "experiment " << id << " owns nobody";
    return 0;
  }
  std::int64_t counted(std::int64_t id, const std::string& topic, const std::string& outcome) {
    for (const CounterRow& row : number(id).progress(now).counters) {
      if (row.topic == topic && row.outcome == outcome) return row.count;
    }
    return 0;
  }

 private:
  std::vector<StartedTokens> tokens_;
};

TEST_F(Several, share_the_customers_and_each_comes_to_its_own_verdict) {
  std::map<std::int64_t, int> sampled;
  for (std::int64_t n = 1; n <= 400; ++n) {
    if (open(n, n) != OpenOutcome::kSampled) continue;
    const bool first = number(1).enrolled(CustomerId(n));
    EXPECT_NE(first, number(2).enrolled(CustomerId(n)));
    ++sampled[first ? 1 : 2];
    all_decide(n);
    const SessionRow row = **(first ? number(1) : number(2)).session(SessionId(n));
    EXPECT_EQ(row.reason, event::DecisionReason::kDecision);
    EXPECT_NE(row.of(System::kBase).word, Word::kNone);
    EXPECT_EQ(pay(n, n, row.arm == System::kBase ? 1000 + n % 7 : 1500 + n % 7),
              RevenueOutcome::kRecorded);
  }
  ASSERT_TRUE(trials().commit());
  for (const std::int64_t id : {1, 2}) {
    EXPECT_EQ(number(id).state(), State::kComplete);
    EXPECT_GE(sampled[static_cast<int>(id)], 40);
    EXPECT_TRUE(number(id).verify());
    EXPECT_EQ(store().verdict(ExperimentId(id))->value().word, "BETTER BY THE DESIRED EFFECT");
  }
}

TEST_F(Several, passes_over_what_a_system_says_of_anothers_customer) {
  const std::int64_t customer = customer_of(1);
  EXPECT_EQ(decide(2, System::kBase, customer), DecisionOutcome::kOtherExperiment);
  EXPECT_FALSE(rejected(DecisionOutcome::kOtherExperiment));
  EXPECT_EQ(counted(2, "base_prediction", "other_experiment"), 1);
  EXPECT_EQ(decide(2, System::kBase, 999'999'999), DecisionOutcome::kUnknownCustomer);
  EXPECT_EQ(decide(1, System::kBase, customer), DecisionOutcome::kRecorded);
  // By a system of the same experiment, but the wrong topic.
  EXPECT_EQ(trials().record_decision(System::kBase,
                                     {CustomerId(customer), true, token(System::kCandidate)}, now),
            DecisionOutcome::kWrongSystem);
}

TEST_F(Several, takes_a_session_id_once_among_all) {
  const std::int64_t first = customer_of(1);
  const std::int64_t second = customer_of(2);
  EXPECT_EQ(open(second, 1'000'000 + first), OpenOutcome::kInvalid);
  EXPECT_EQ(open(first, 1'000'000 + first), OpenOutcome::kDuplicate);
  EXPECT_EQ(pay(second, 1'000'000 + first, 5), RevenueOutcome::kUnknownSession);
}

TEST_F(Several, starts_a_third_only_with_customers_that_are_free) {
  const ExperimentId third = *registry().create(part_of_the_customers(0.4, "three"), {"test", now});
  const auto refused = registry().start(third, {"test", now});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("0.0 % are free: experiment 1 holds 50.0 %, experiment 2 "
                                         "holds 50.0 %"),
            std::string::npos)
      << refused.error().message;
  const std::int64_t stays = customer_of(2);
  ASSERT_TRUE(registry().abort(ExperimentId(1), "making room", {"test", now}));
  ASSERT_TRUE(registry().start(third, {"test", now}));
  EXPECT_EQ(trials().find(ExperimentId(1)), nullptr);  // It has ended and leaves.
  EXPECT_TRUE(number(2).enrolled(CustomerId(stays)));
  customer_of(3);
  customer_of(2, stays + 1);
}

TEST_F(Several, raises_a_share_only_as_far_as_customers_are_free) {
  EXPECT_FALSE(registry().ramp(ExperimentId(1), 0.6, {"test", now}));
  ASSERT_TRUE(registry().abort(ExperimentId(2), "making room", {"test", now}));
  ASSERT_TRUE(registry().ramp(ExperimentId(1), 0.9, {"test", now}));
  EXPECT_NEAR(number(1).slots().share(), 0.9, 1e-12);
  reopen();
  EXPECT_NEAR(number(1).slots().share(), 0.9, 1e-12);
}

TEST_F(Several, is_taken_up_again_whole) {
  const std::int64_t first = customer_of(1);
  const std::int64_t second = customer_of(2);
  trials().set_position("topic/0", 17);
  ASSERT_TRUE(trials().commit());
  trials().set_position("topic/0", 18);
  EXPECT_EQ(decide(1, System::kBase, first), DecisionOutcome::kRecorded);
  ASSERT_TRUE(trials().commit());  // Only the first has changed.
  reopen();
  EXPECT_EQ(trials().all().size(), 2U);
  EXPECT_EQ(trials().position("topic/0"), 18);
  EXPECT_TRUE(number(1).enrolled(CustomerId(first)));
  EXPECT_TRUE(number(2).enrolled(CustomerId(second)));
  trials().republish();
  std::set<std::int64_t> again;
  for (const auto& trial : trials().all()) {
    for (const event::Session& session : trial->outbox().sampled)
      again.insert(session.customer.value());
  }
  EXPECT_TRUE(again.contains(first));
  EXPECT_TRUE(again.contains(second));
}

TEST_F(Several, leaves_to_an_experiment_of_an_earlier_version_its_share) {
  ASSERT_TRUE(registry().abort(ExperimentId(2), "it ran alone", {"test", now}));
  ExperimentRow row = **store().experiment(ExperimentId(1));
  row.slots = {};
  ASSERT_TRUE(store().write(row.id, {.experiment = &row}));
  reopen();
  EXPECT_NEAR(number(1).slots().share(), 0.5, 1e-12);
}

TEST_F(Several, answers_outsiders_as_the_first_would) {
  ASSERT_TRUE(registry().abort(ExperimentId(2), "half of the customers are free", {"test", now}));
  int outside = 0;
  for (std::int64_t n = 1; n <= 30; ++n) outside += open(n, n) == OpenOutcome::kNotSampled ? 1 : 0;
  EXPECT_GT(outside, 0);
  EXPECT_EQ(counted(1, "session", "not_sampled"), outside);
}

}  // namespace
}  // namespace trial
