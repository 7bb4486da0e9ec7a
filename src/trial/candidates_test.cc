// SPDX-License-Identifier: Apache-2.0
// Several candidates in one experiment, and what customers spent before.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <string>

#include "base/random.h"
#include "trial/fixture_test.h"
#include "trial/store_bed_test.h"
#include "trial/verdict_text.h"

namespace trial {
namespace {

using event::CustomerId;
using event::SessionId;
using event::System;

Plan three_candidates() {
  Plan plan = small_plan();
  plan.further_candidates = {{.id = "history-v4", .model_digest = ""},
                             {.id = "tree", .model_digest = "def"}};
  plan.design.candidates = 3;
  plan.design.customers = 60;
  return plan;
}

class Candidates : public ::testing::Test {
 protected:
  void start(const Plan& plan) {
    auto opened = open_store();
    ASSERT_TRUE(opened) << opened.error().message;
    mine_ = *std::move(opened);
    auto registry = Registry::open(*mine_, now);
    ASSERT_TRUE(registry);
    registry_ = *std::move(registry);
    const auto id = registry_->create(plan, {"test", now});
    ASSERT_TRUE(id) << id.error().message;
    auto tokens = registry_->start(*id, {"test", now});
    ASSERT_TRUE(tokens) << tokens.error().message;
    tokens_ = *std::move(tokens);
  }
  Trial& live() { return *registry_->live().all().back(); }
  const std::string& token_of(System system) {
    if (system == System::kBase) return tokens_.base;
    if (system == System::kCandidate) return tokens_.candidate;
    return tokens_.further_candidates[static_cast<std::size_t>(system) - 2];
  }
  DecisionOutcome decide(System system, std::int64_t customer, bool show) {
    const System topic = system == System::kBase ? System::kBase : System::kCandidate;
    return live().record_decision(topic, {CustomerId(customer), show, token_of(system)}, now);
  }
  // Customers come until the verdict. `offer(system, customer)`, `spend(row)` in cents,
  // `before(customer)`; every fifth customer's last system answers after the session's end.
  template <class Offer, class Spend, class Before>
  void live_on(Offer offer, Spend spend, Before before) {
    const std::size_t systems = systems_of(live().plan());
    for (std::int64_t n = 1; live().state() == State::kRunning && n < 20'000; ++n) {
      event::Session session{CustomerId(n), SessionId(n)};
      session.before = before(n);
      if (live().open_session(session, now) != OpenOutcome::kSampled) {
        ASSERT_TRUE(live().commit());
        continue;
      }
      const System arm = (*live().session(SessionId(n)))->arm;
      const std::size_t late =
          n % 5 == 0 && arm != static_cast<System>(systems - 1) ? systems - 1 : systems;
      for (std::size_t i = 0; i < systems; ++i) {
        if (i == late) continue;
        EXPECT_EQ(decide(static_cast<System>(i), n, offer(static_cast<System>(i), n)),
                  DecisionOutcome::kRecorded);
      }
      EXPECT_EQ(live().outbox().decisions.back().system, arm);
      const SessionRow row = **live().session(SessionId(n));
      EXPECT_EQ(
          live().record_revenue({CustomerId(n), SessionId(n), base::Cents(spend(row)), false}, now),
          RevenueOutcome::kRecorded);
      if (late < systems) {
        EXPECT_EQ(decide(static_cast<System>(late), n, offer(static_cast<System>(late), n)),
                  DecisionOutcome::kRecorded);
      }
      if (n % 50 == 0) {
        ASSERT_TRUE(live().commit());
      }
    }
    ASSERT_TRUE(live().commit());
    ASSERT_EQ(live().state(), State::kComplete);
  }
  void take_up_again() {
    registry_.reset();
    auto registry = Registry::open(*mine_, now);
    ASSERT_TRUE(registry) << registry.error().message;
    registry_ = *std::move(registry);
  }
  Store& mine() { return *mine_; }
  Registry& registry() { return *registry_; }

  base::Timestamp now{1'700'000'000'000'000};

  static std::optional<base::Cents> unknown(std::int64_t) { return std::nullopt; }

  virtual base::Result<std::unique_ptr<Store>> open_store() {
    return open_sqlite({.path = ":memory:"});
  }

 private:
  std::unique_ptr<Store> mine_;
  std::unique_ptr<Registry> registry_;
  StartedTokens tokens_;
};

// The same in every database.
class CandidatesStored : public Candidates, public ::testing::WithParamInterface<Database> {
 protected:
  void SetUp() override {
    if (!bed_.missing().empty()) GTEST_SKIP() << bed_.missing();
    ASSERT_TRUE(bed_.ready()) << "the PostgreSQL server does not start";
  }
  base::Result<std::unique_ptr<Store>> open_store() override { return bed_.open(); }

 private:
  StoreBed bed_{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(store, CandidatesStored,
                         ::testing::Values(Database::kSqlite, Database::kPostgres),
                         [](const auto& database) { return name_of(database.param); });

TEST_F(Candidates, are_judged_together_and_the_best_of_the_better_is_taken) {
  start(three_candidates());
  // Of each arm another mean: 10, 10, 13, 12 $.
  constexpr std::int64_t kMeans[] = {1000, 1000, 1300, 1200};
  live_on([](System system, std::int64_t) { return system != System::kBase; },
          [&](const SessionRow& row) {
            return kMeans[static_cast<std::size_t>(row.arm)] + row.customer.value() % 11 * 10;
          },
          unknown);
  const Progress progress = live().progress(now);
  ASSERT_EQ(progress.arms.size(), 4U);
  for (const ArmProgress& arm : progress.arms) EXPECT_GE(arm.closed, 60);
  ASSERT_TRUE(progress.verdict.winner);
  EXPECT_EQ(*progress.verdict.winner, 1U);
  EXPECT_TRUE(progress.sentence.starts_with("TAKE history-v4: BETTER")) << progress.sentence;
  EXPECT_EQ(progress.verdict.each[2].word, experiment::VerdictWord::kBetterByEffect);
  EXPECT_EQ(progress.verdict.each[0].word, experiment::VerdictWord::kNotBetterByEffect);
  EXPECT_EQ(progress.agreement[1].add, progress.arms[0].closed + progress.arms[1].closed +
                                           progress.arms[2].closed + progress.arms[3].closed);
  const auto stored = mine().verdict(live().id());
  EXPECT_EQ((*stored)->word, "BETTER BY THE DESIRED EFFECT");
  const auto again = parse_verdict((*stored)->figures);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(verdict_text(*again), verdict_text(progress.verdict));
  EXPECT_TRUE(live().verify());
  for (const std::size_t k : {0U, 1U, 2U}) {
    EXPECT_TRUE(std::any_of(progress.series.begin(), progress.series.end(),
                            [&](const SeriesPoint& point) { return point.candidate == k; }))
        << k;
  }
  take_up_again();
  EXPECT_EQ(live().latest()->sentence, progress.sentence);
  EXPECT_EQ(live().latest()->series, progress.series);
  const auto verified = live().verify();
  EXPECT_TRUE(verified) << verified.error().message;
}

// Of each arm another mean: 10, 10, 11.70, 10.50 $; deviation 3 $.
TEST_P(CandidatesStored, end_at_a_look_where_one_is_to_be_taken) {
  Plan plan = three_candidates();
  plan.design.design.deviation = 3;
  plan.design.looks = 4;
  plan.design.customers = *experiment::customers_needed(plan.design);
  start(plan);
  constexpr std::int64_t kMeans[] = {1000, 1000, 1170, 1050};
  const auto come = [&](std::int64_t n) {
    if (live().open_session({CustomerId(n), SessionId(n)}, now) != OpenOutcome::kSampled) return;
    for (std::size_t i = 0; i < 4; ++i) decide(static_cast<System>(i), n, true);
    const SessionRow row = **live().session(SessionId(n));
    const auto cents = kMeans[static_cast<std::size_t>(row.arm)] +
                       static_cast<std::int64_t>(base::mix64(static_cast<std::uint64_t>(n)) % 1000);
    live().record_revenue({CustomerId(n), SessionId(n), base::Cents(cents), false}, now);
  };
  std::int64_t n = 1;
  for (; live().progress(now).looks.empty() && n < 4000; ++n) come(n);
  ASSERT_TRUE(live().commit());
  const auto before = live().progress(now).looks;
  ASSERT_EQ(before.size(), 1U);
  EXPECT_EQ(before[0].information, 0.25);
  take_up_again();
  EXPECT_EQ(live().progress(now).looks, before);
  for (; live().state() == State::kRunning && n < 4000; ++n) {
    come(n);
    ASSERT_TRUE(live().commit());
  }
  ASSERT_EQ(live().state(), State::kComplete);
  const Progress progress = live().progress(now);
  EXPECT_EQ(progress.verdict.winner, 1U);
  ASSERT_TRUE(progress.leading().look);
  EXPECT_LT(progress.leading().look->number, 4);
  EXPECT_LT(progress.arms[0].closed, plan.design.customers);
  EXPECT_TRUE(progress.sentence.starts_with("TAKE history-v4: BETTER")) << progress.sentence;
  EXPECT_NE(progress.sentence.find(" (look "), std::string::npos);
  EXPECT_NE(progress.verdict.each[0].word, experiment::VerdictWord::kCollecting);
  take_up_again();
  EXPECT_EQ(live().latest()->sentence, progress.sentence);
  const auto verified = live().verify();
  EXPECT_TRUE(verified) << verified.error().message;
}

// The first turns base's word for every second customer, the second for every tenth, the third
// never; the second answers every twentieth time only after the deadline.
TEST_P(CandidatesStored, decide_in_shadow_in_a_dry_run) {
  Plan plan = three_candidates();
  plan.design.dry_run = true;
  plan.design.design.deviation = 0;
  plan.design.customers = 2000;
  start(plan);
  for (std::int64_t n = 1; live().state() == State::kRunning && n < 4000; ++n) {
    ASSERT_EQ(live().open_session({CustomerId(n), SessionId(n)}, now), OpenOutcome::kSampled);
    decide(System::kBase, n, false);
    EXPECT_EQ(live().outbox().decisions.back().system, System::kBase);
    live().clear_outbox();
    decide(event::candidate(0), n, n % 2 == 0);
    decide(event::candidate(2), n, false);
    if (n % 20 != 0) decide(event::candidate(1), n, n % 10 == 1);
    if (n % 20 == 0) now = now + base::Duration(150'000);
    if (n % 20 == 0) decide(event::candidate(1), n, true);
    const auto cents = static_cast<std::int64_t>(base::mix64(static_cast<std::uint64_t>(n)) % 3000);
    live().record_revenue({CustomerId(n), SessionId(n), base::Cents(cents), false}, now);
    ASSERT_TRUE(live().commit());
  }
  ASSERT_EQ(live().state(), State::kComplete);
  const Progress progress = live().progress(now);
  EXPECT_EQ(progress.leading().word, experiment::VerdictWord::kDryRunComplete);
  EXPECT_EQ(progress.arms[0].closed, 2000);
  EXPECT_EQ(progress.arms[2].enrolled, 0);
  EXPECT_EQ(progress.systems[2].late, 100);
  EXPECT_GT(progress.systems[2].latency_p99_ms, 100);
  EXPECT_EQ(progress.systems[3].late, 0);
  EXPECT_TRUE(std::ranges::any_of(progress.checks, [](const auto& check) {
    return check.code == "candidate_silent_2" && check.lamp == experiment::Lamp::kWatch;
  }));
  ASSERT_TRUE(progress.forecast);
  const experiment::Forecast& forecast = *progress.forecast;
  ASSERT_EQ(forecast.candidates.size(), 3U);
  EXPECT_EQ(forecast.candidates[0].share, 0.5);
  EXPECT_EQ(forecast.candidates[1].share, 0.1);
  EXPECT_EQ(forecast.candidates[2].share, 0);
  EXPECT_FALSE(forecast.candidates[2].effect_per_disagreeing);
  EXPECT_FALSE(forecast.suggested.disagreement) << "the third never differs";
  EXPECT_EQ(forecast.suggested.candidates, 3);
  EXPECT_TRUE(experiment::check(forecast.suggested).accepted());
  EXPECT_TRUE(forecast.sentence.starts_with(
      "history differs from base for 50.0 % of customers, history-v4 for 10.0 %, tree for 0.0 %"))
      << forecast.sentence;
  take_up_again();
  EXPECT_EQ(live().latest()->forecast->sentence, forecast.sentence);
  const auto verified = live().verify();
  EXPECT_TRUE(verified) << verified.error().message;
}

// The second candidate loses 5 $ of 10.
constexpr std::int64_t kHarmfulMeans[] = {1000, 1010, 500, 1020};

std::int64_t spend_under_harm(const SessionRow& row) {
  return kHarmfulMeans[static_cast<std::size_t>(row.arm)] + row.customer.value() % 11 * 80;
}

TEST_P(CandidatesStored, stop_for_the_harm_of_one) {
  Plan plan = three_candidates();
  plan.design.design.deviation = 3;
  plan.design.design.effect_per_customer = 0.5;
  plan.design.harm_alpha = 0.01;
  plan.design.customers = *experiment::customers_needed(plan.design);
  start(plan);
  live_on([](System, std::int64_t) { return true; }, spend_under_harm, unknown);
  const Progress progress = live().progress(now);
  EXPECT_LT(progress.arms[0].closed, plan.design.customers / 4);
  EXPECT_NE(progress.experiment.harmed_at, base::Timestamp(0));
  EXPECT_EQ(progress.experiment.harmed_candidate, 1U);
  EXPECT_FALSE(progress.verdict.winner);
  EXPECT_EQ(progress.verdict.each[1].word, experiment::VerdictWord::kWorse);
  EXPECT_EQ(progress.verdict.each[2].word, experiment::VerdictWord::kInconclusive);
  EXPECT_TRUE(progress.sentence.starts_with("TAKE NONE: history-v4: WORSE (stopped for harm): −"))
      << progress.sentence;
  EXPECT_NE(progress.sentence.find(". tree: INCONCLUSIVE (stopped for another's harm): "),
            std::string::npos)
      << progress.sentence;
  EXPECT_EQ((*mine().verdict(live().id()))->word, "WORSE");
  const auto log = registry().audit(live().id());
  const auto stopped = std::ranges::find(*log, "stopped_for_harm", &AuditRow::action);
  ASSERT_NE(stopped, log->end());
  EXPECT_TRUE(stopped->detail.starts_with("history-v4: −")) << stopped->detail;
  EXPECT_NE(stopped->detail.find(" $ per customer, at most −"), std::string::npos);
  EXPECT_NE(stopped->detail.find(" $ (99 %, 3 candidates), after "), std::string::npos)
      << stopped->detail;
  take_up_again();
  EXPECT_EQ(live().latest()->sentence, progress.sentence);
  EXPECT_EQ(live().latest()->experiment.harmed_candidate, 1U);
  const auto verified = live().verify();
  EXPECT_TRUE(verified) << verified.error().message;
}

// What was enrolled when it stopped ends after a restart, for the same candidate's harm.
TEST_P(CandidatesStored, stopped_for_harm_stay_so_after_a_restart) {
  Plan plan = three_candidates();
  plan.design.harm_alpha = 0.01;
  plan.design.customers = 2000;
  start(plan);
  const auto open = [&](std::int64_t n) {
    const OpenOutcome outcome = live().open_session({CustomerId(n), SessionId(n)}, now);
    for (std::size_t i = 0; i < 4 && outcome == OpenOutcome::kSampled; ++i)
      decide(static_cast<System>(i), n, true);
    return outcome;
  };
  const auto end = [&](std::int64_t n) {
    const SessionRow row = **live().session(SessionId(n));
    live().record_revenue({CustomerId(n), SessionId(n), base::Cents(spend_under_harm(row)), false},
                          now);
  };
  constexpr std::int64_t kAbreast = 40;
  std::int64_t n = 1;
  for (; n < 4000 && open(n) == OpenOutcome::kSampled; ++n) {
    if (n > kAbreast) end(n - kAbreast);
  }
  ASSERT_LT(n, 4000);
  ASSERT_TRUE(live().commit());
  take_up_again();
  EXPECT_EQ(open(n + 1), OpenOutcome::kEnrolmentFull);
  EXPECT_EQ(live().state(), State::kRunning);
  for (std::int64_t late = n - kAbreast; late < n; ++late) end(late);
  ASSERT_TRUE(live().commit());
  ASSERT_EQ(live().state(), State::kComplete);
  EXPECT_EQ(live().progress(now).verdict.each[1].word, experiment::VerdictWord::kWorse);
  const auto verified = live().verify();
  EXPECT_TRUE(verified) << verified.error().message;
}

TEST_F(Candidates, share_their_customers_where_the_systems_differ) {
  Plan plan = three_candidates();
  plan.design.disagreement = {.share = 0.5, .deviation = 1, .candidate_deviation = {}};
  plan.design.customers = 600;
  start(plan);
  // Each candidate offers to another half; the offer is worth 4 $.
  const auto offer = [](System system, std::int64_t customer) {
    const auto bit = static_cast<std::uint64_t>(system);
    return system != System::kBase &&
           (base::mix64(static_cast<std::uint64_t>(customer)) >> bit & 1);
  };
  live_on(
      offer,
      [](const SessionRow& row) {
        return 1000 + row.customer.value() % 11 * 10 + (row.executed == Word::kShow ? 400 : 0);
      },
      unknown);
  const Progress progress = live().progress(now);
  for (const experiment::Verdict& one : progress.verdict.each) {
    ASSERT_TRUE(one.figures);
    EXPECT_EQ(one.figures->method, experiment::Method::kDisagreement);
    ASSERT_TRUE(one.figures->pooled) << one.figures->why_not_pooled;
    EXPECT_EQ(one.figures->pooled->customers, progress.arms[0].closed + progress.arms[1].closed +
                                                  progress.arms[2].closed +
                                                  progress.arms[3].closed);
    // Half of the customers times 4 $; the revenue's 0.32 $ and the share's noise.
    EXPECT_NEAR(one.figures->welch.difference, 2, 4 * one.figures->welch.standard_error);
    EXPECT_LT(one.figures->welch.standard_error, 0.1);
  }
  // Each candidate's interval is held against resampling.
  for (const char* code : {"bootstrap", "bootstrap_2", "bootstrap_3"}) {
    EXPECT_EQ(std::count_if(progress.checks.begin(), progress.checks.end(),
                            [&](const auto& check) {
                              return check.code == code && check.lamp == experiment::Lamp::kGood;
                            }),
              1)
        << code;
  }
  const auto verified = live().verify();  // Counted again, with the words that came late.
  EXPECT_TRUE(verified) << verified.error().message;
}

TEST_F(Candidates, take_tokens_of_their_own_and_no_others) {
  start(three_candidates());
  ASSERT_EQ(live().open_session({CustomerId(1), SessionId(1)}, now), OpenOutcome::kSampled);
  EXPECT_EQ(decide(event::candidate(2), 1, true), DecisionOutcome::kRecorded);
  EXPECT_EQ(decide(event::candidate(2), 1, true), DecisionOutcome::kDuplicate);
  EXPECT_EQ(decide(event::candidate(1), 1, true), DecisionOutcome::kRecorded);
  EXPECT_EQ(live().record_decision(System::kBase,
                                   {CustomerId(1), true, token_of(event::candidate(1))}, now),
            DecisionOutcome::kWrongSystem);
  EXPECT_TRUE(registry().issue_token(live().id(), event::candidate(2), {"test", now}));
  const auto refused = registry().issue_token(live().id(), event::candidate(3), {"test", now});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "experiment 1 has no candidate_4");
  ASSERT_TRUE(live().commit());
  take_up_again();
  const SessionRow row = **live().session(SessionId(1));
  EXPECT_EQ(row.of(event::candidate(2)).word, Word::kShow);
  EXPECT_EQ(row.of(System::kCandidate).word, Word::kNone);
  EXPECT_EQ(decide(event::candidate(1), 1, true), DecisionOutcome::kDuplicate);
}

TEST_F(Candidates, are_named_in_the_plan_and_counted_by_its_design) {
  const Plan plan = three_candidates();
  const std::string text = canonical_text(plan);
  const auto back = parse_plan(text);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(canonical_text(*back), text);
  EXPECT_EQ(back->further_candidates, plan.further_candidates);
  EXPECT_EQ(back->design.candidates, 3);
  Plan miscounted = plan;
  miscounted.design.candidates = 2;
  EXPECT_EQ(validate(miscounted).error().message, "the design is for 2 candidates and 3 are named");
  Plan twice = plan;
  twice.further_candidates[1].id = "history";
  EXPECT_EQ(validate(twice).error().message,
            "candidate and candidate_3 are both 'history': they need two different ids");
  Plan many = plan;
  many.further_candidates.resize(7, {.id = "x", .model_digest = ""});
  EXPECT_EQ(validate(many).error().message, "at most 7 candidates can be compared, not 8");
}

// Revenue is what was spent before and little else: the adjusted error is a small part of the
// other.
TEST_F(Candidates, are_compared_more_sharply_by_what_was_spent_before) {
  Plan plan = small_plan();
  plan.design.covariate = true;
  plan.design.correlation = 0.9;
  plan.design.customers = 200;
  start(plan);
  const auto before = [](std::int64_t n) -> std::optional<base::Cents> {
    if (n % 100 == 0) return std::nullopt;
    return base::Cents(
        static_cast<std::int64_t>(base::mix64(static_cast<std::uint64_t>(n)) % 5000));
  };
  live_on([](System, std::int64_t) { return true; },
          [&](const SessionRow& row) {
            return 100 + row.before.value_or(base::Cents(0)).value() +
                   row.customer.value() % 7 * 10 + (row.arm == System::kBase ? 0 : 200);
          },
          before);
  const Progress progress = live().progress(now);
  const experiment::VerdictFigures& figures = *progress.leading().figures;
  EXPECT_EQ(figures.method, experiment::Method::kCovariate);
  EXPECT_GT(figures.explained, 0.99);
  EXPECT_NEAR(figures.welch.difference, 2, 5 * figures.welch.standard_error);
  const double plain = progress.arms[0].revenue.deviation * std::sqrt(2.0 / 200);
  EXPECT_LT(figures.welch.standard_error, 0.1 * plain);
  const auto lamp = std::find_if(progress.checks.begin(), progress.checks.end(),
                                 [](const auto& check) { return check.code == "before_missing"; });
  ASSERT_NE(lamp, progress.checks.end());
  EXPECT_EQ(lamp->lamp, experiment::Lamp::kGood) << lamp->message;
  const auto again = parse_verdict((*mine().verdict(live().id()))->figures);
  EXPECT_EQ(verdict_text(*again), verdict_text(progress.verdict));
  take_up_again();
  const auto verified = live().verify();
  EXPECT_TRUE(verified) << verified.error().message;
}

}  // namespace
}  // namespace trial
