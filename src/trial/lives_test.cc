// SPDX-License-Identifier: Apache-2.0
// Lives beside the plain one: by disagreement, with looks, stopped for harm, dry.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <span>
#include <vector>

#include "base/random.h"
#include "trial/fixture_test.h"
#include "trial/verdict_text.h"

namespace trial {
namespace {

using event::System;

// What a customer is: what each system says of him, and what he spends by what is executed.
struct Kind {
  bool base = false;
  bool candidate = false;
  std::function<double(bool show, base::Random& random)> dollars;
};

class Lives : public ::testing::Test, protected Fixture {
 protected:
  // Customers come one after another, everything of each at once, until the experiment ends or
  // `most` came.
  void live(const std::function<Kind(base::Random&)>& who, std::int64_t most,
            std::uint64_t seed = 7) {
    base::Random random(seed);
    for (std::int64_t n = 1; n <= most && alive(trial().state()); ++n) {
      const Kind kind = who(random);
      const event::CustomerId customer(n);
      const event::SessionId session(n);
      now = now + base::Duration(1000);
      const OpenOutcome outcome = trial().open_session({customer, session}, now);
      came_ = n;
      if (outcome == OpenOutcome::kEnrolmentFull || outcome == OpenOutcome::kNotSampled) continue;
      ASSERT_EQ(outcome, OpenOutcome::kSampled);
      trial().record_decision(System::kBase, {customer, kind.base, token(System::kBase)}, now);
      trial().record_decision(System::kCandidate,
                              {customer, kind.candidate, token(System::kCandidate)}, now);
      const bool show = (*trial().session(session))->executed == Word::kShow;
      const auto cents = static_cast<std::int64_t>(std::llround(kind.dollars(show, random) * 100));
      ASSERT_EQ(trial().record_revenue({customer, session, base::Cents(cents), false}, now),
                RevenueOutcome::kRecorded);
      ASSERT_TRUE(trial().commit());
    }
  }
  const experiment::Verdict& verdict() {
    shown_ = trial().progress(now);
    return shown_.leading();
  }
  // Of the check with this code, as last shown.
  experiment::Lamp lamp(std::string_view code) {
    for (const experiment::Check& check : shown_.checks) {
      if (check.code == code) return check.lamp;
    }
    ADD_FAILURE() << "no check " << code;
    return experiment::Lamp::kDark;
  }
  std::int64_t came_ = 0;
  Progress shown_;
};

// 20 % of the customers are treated differently; an offer shown to these brings `gain`.
std::function<Kind(base::Random&)> shop(double gain) {
  return [gain](base::Random& random) {
    const bool differs = random.bernoulli(0.2);
    const bool base = random.bernoulli(0.5);
    return Kind{.base = !differs && base,
                .candidate = differs || base,
                .dollars = [differs, gain](bool show, base::Random& noise) {
                  return std::max(0.0, 50 + 10 * noise.normal() + (differs && show ? gain : 0));
                }};
  };
}

Plan by_disagreement() {
  Plan plan = small_plan();
  plan.design.design = {.effect_per_customer = 0.5, .deviation = 10};
  plan.design.disagreement = {.share = 0.2, .deviation = 10};
  plan.design.customers = *experiment::customers_needed(plan.design);
  return plan;
}

TEST_F(Lives, ends_by_the_customers_on_whom_the_systems_differ) {
  const Plan plan = by_disagreement();
  begin(plan);
  live(shop(2.5), 100'000);
  ASSERT_EQ(trial().state(), State::kComplete);
  const experiment::Customers among = experiment::compared_customers(plan.design);
  EXPECT_EQ(verdict().method, experiment::Method::kDisagreement);
  ASSERT_TRUE(verdict().figures);
  EXPECT_EQ(verdict().figures->method, experiment::Method::kDisagreement);
  EXPECT_GE(verdict().rows->disagree.base.n, among.base);
  EXPECT_GE(verdict().rows->disagree.candidate.n, among.candidate);
  EXPECT_LT(came_, 2 * 2 * plan.design.customers);
  // 0.2 · 2.5 $: four standard errors are 0.2·10·√(2/n)·4.
  EXPECT_NEAR(verdict().figures->welch.difference, 0.5,
              4 * 0.2 * 10 * std::sqrt(2.0 / static_cast<double>(among.base)));
  EXPECT_NE(shown_.sentence.find("the systems differ for"), std::string::npos) << shown_.sentence;
  EXPECT_EQ(lamp("bootstrap"), experiment::Lamp::kGood);
  EXPECT_TRUE(trial().recount());
  // The stored verdict is the same to the bit.
  const auto stored = parse_verdict((*store().verdict(trial().id()))->figures);
  ASSERT_TRUE(stored);
  EXPECT_EQ(verdict_text(*stored), verdict_text(shown_.verdict));
  reopen();
  EXPECT_EQ(verdict_text(shown_.verdict), verdict_text(*stored));
  EXPECT_TRUE(trial().verify());
}

// The candidate takes 5 $ from everybody by being slow: those both treat alike tell.
TEST_F(Lives, falls_back_to_everybody_where_the_agreeing_differ) {
  begin(by_disagreement());
  live(
      [this, inner = shop(0)](base::Random& random) {
        Kind kind = inner(random);
        const std::int64_t customer = came_ + 1;
        kind.dollars = [this, customer, dollars = kind.dollars](bool show, base::Random& noise) {
          const bool candidate =
              (*trial().session(event::SessionId(customer)))->arm == System::kCandidate;
          return dollars(show, noise) - (candidate ? 5 : 0);
        };
        return kind;
      },
      100'000);
  ASSERT_EQ(trial().state(), State::kComplete);
  ASSERT_TRUE(verdict().figures);
  EXPECT_EQ(verdict().figures->method, experiment::Method::kEverybody);
  EXPECT_NE(shown_.sentence.find("by intention to treat"), std::string::npos) << shown_.sentence;
  EXPECT_EQ(verdict().word, experiment::VerdictWord::kWorse);
  EXPECT_EQ(lamp("agreement"), experiment::Lamp::kAlarm);
}

TEST_F(Lives, ends_at_an_early_look_where_the_effect_is_large_and_goes_on_where_it_is_not) {
  Plan plan = small_plan();
  plan.design.design = {.effect_per_customer = 1, .deviation = 10};
  plan.design.looks = 4;
  plan.design.customers = *experiment::customers_needed(plan.design);
  begin(plan);
  live(shop(25), 100'000);  // 5 $ per customer.
  ASSERT_EQ(trial().state(), State::kComplete);
  EXPECT_EQ(verdict().word, experiment::VerdictWord::kBetterByEffect);
  ASSERT_TRUE(verdict().look);
  EXPECT_LT(verdict().look->number, 4);
  EXPECT_NE(shown_.sentence.find("of 4"), std::string::npos) << shown_.sentence;
  EXPECT_LT(verdict().collected.total(), 2 * plan.design.customers);

  begin(plan);
  live(shop(0), 100'000);
  ASSERT_EQ(trial().state(), State::kComplete);
  EXPECT_EQ(verdict().look->number, 4);
  EXPECT_EQ(shown_.looks.size(), 3U);
  EXPECT_NEAR(shown_.looks[0].information, 0.25, 0.05);
  EXPECT_GE(verdict().collected.base, plan.design.customers);
  int looks_told = 0;
  const std::vector<AuditRow> audit = *registry().audit(trial().id());
  for (const AuditRow& row : audit) looks_told += row.action == "look_taken";
  EXPECT_EQ(looks_told, 3);
  EXPECT_TRUE(trial().verify());
  reopen();
  const auto replayed = trial().verify();
  EXPECT_TRUE(replayed) << replayed.error().message;
}

TEST_F(Lives, takes_up_between_two_looks) {
  Plan plan = small_plan();
  plan.design.design = {.effect_per_customer = 1, .deviation = 10};
  plan.design.looks = 2;
  plan.design.customers = *experiment::customers_needed(plan.design);
  begin(plan);
  live(shop(0), plan.design.customers * 3 / 2);
  ASSERT_EQ(trial().state(), State::kRunning);
  ASSERT_EQ(trial().progress(now).looks.size(), 1U);
  const LookRow before = trial().progress(now).looks[0];
  reopen();
  ASSERT_EQ(trial().progress(now).looks.size(), 1U);
  EXPECT_EQ(trial().progress(now).looks[0], before);
  EXPECT_EQ(trial().open_session({event::CustomerId(999'999), event::SessionId(999'999)}, now),
            OpenOutcome::kSampled);
}

// Sessions overlap, some never end; the turns of the loop, and so the commits, fall anywhere.
TEST_F(Lives, take_the_same_looks_whatever_is_committed_when) {
  Plan plan = by_disagreement();
  plan.design.looks = 3;
  plan.design.customers = *experiment::customers_needed(plan.design);
  plan.session_timeout_ms = 2000;
  std::string first;
  for (const int turn : {1, 7, 400}) {
    now = base::Timestamp(1'700'000'000'000'000);
    begin(plan);
    base::Random random(5);
    constexpr std::int64_t kOverlap = 20;
    const auto shop_of = shop(0.2);
    std::vector<Kind> kinds;
    int since_commit = 0;
    const auto recorded = [&] {
      if (++since_commit < turn) return;
      since_commit = 0;
      ASSERT_TRUE(trial().commit());
    };
    for (std::int64_t n = 1; n <= 60'000 && alive(trial().state()); ++n) {
      now = now + base::Duration(5000);
      kinds.push_back(shop_of(random));
      const double luck = random.uniform();
      base::Random noise(static_cast<std::uint64_t>(n));
      trial().open_session({event::CustomerId(n), event::SessionId(n)}, now);
      recorded();
      trial().expire(now);
      const std::int64_t m = n - kOverlap;
      if (m < 1) continue;
      const Kind& kind = kinds[static_cast<std::size_t>(m - 1)];
      const event::CustomerId customer(m);
      trial().record_decision(System::kBase, {customer, kind.base, token(System::kBase)}, now);
      recorded();
      trial().record_decision(System::kCandidate,
                              {customer, kind.candidate, token(System::kCandidate)}, now);
      recorded();
      if (luck < 0.01) continue;          // Never ends.
      const bool candidate = m % 2 == 0;  // Not by the arm: what is spent is the script's.
      const auto cents = static_cast<std::int64_t>(
          std::llround(kind.dollars(candidate ? kind.candidate : kind.base, noise) * 100));
      trial().record_revenue({customer, event::SessionId(m), base::Cents(cents), false}, now);
      recorded();
    }
    ASSERT_TRUE(trial().commit());
    ASSERT_EQ(trial().state(), State::kComplete);
    std::string told = verdict_text(trial().progress(now).verdict);
    for (const LookRow& look : trial().progress(now).looks)
      told += std::to_string(look.number) + " at " + std::to_string(look.at.micros()) + "\n";
    if (first.empty()) first = told;
    EXPECT_EQ(told, first) << "a commit every " << turn << " records";
    EXPECT_TRUE(trial().verify());
  }
}

TEST_F(Lives, stops_for_harm_long_before_the_end) {
  Plan plan = small_plan();
  plan.design.design = {.effect_per_customer = 0.5, .deviation = 10};
  plan.design.harm_alpha = 0.01;
  plan.design.customers = *experiment::customers_needed(plan.design);
  begin(plan);
  live(shop(-20), 100'000);  // -4 $ per customer.
  ASSERT_EQ(trial().state(), State::kComplete);
  EXPECT_EQ(verdict().word, experiment::VerdictWord::kWorse);
  EXPECT_TRUE(verdict().harmed);
  EXPECT_LT(verdict().collected.total(), plan.design.customers);
  EXPECT_LT(verdict().figures->upper, 0);
  EXPECT_NE(shown_.sentence.find("stopped for harm"), std::string::npos) << shown_.sentence;
  reopen();
  EXPECT_TRUE(trial().verify());
}

TEST_F(Lives, lets_a_harmless_candidate_come_to_its_end) {
  Plan plan = small_plan();
  plan.design.design = {.effect_per_customer = 0.5, .deviation = 10};
  plan.design.harm_alpha = 0.01;
  plan.design.customers = *experiment::customers_needed(plan.design);
  begin(plan);
  live(shop(0), 100'000);
  EXPECT_FALSE(verdict().harmed);
  EXPECT_GE(verdict().collected.total(), 2 * plan.design.customers);
}

TEST_F(Lives, of_a_dry_run_serves_base_to_everybody_and_ends_in_a_forecast) {
  Plan plan = small_plan();
  plan.design.design = {.effect_per_customer = 0.5, .deviation = 0};
  plan.design.dry_run = true;
  plan.design.customers = 5000;
  begin(plan);
  live(shop(2.5), 100'000);
  ASSERT_EQ(trial().state(), State::kComplete);
  EXPECT_EQ(came_, 5000);
  EXPECT_EQ(verdict().word, experiment::VerdictWord::kDryRunComplete);
  for (std::int64_t n : {1, 17, 4999}) {
    const SessionRow row = **trial().session(event::SessionId(n));
    EXPECT_EQ(row.executed, row.of(System::kBase).word);
  }
  ASSERT_TRUE(shown_.forecast);
  const experiment::Forecast& forecast = *shown_.forecast;
  EXPECT_NEAR(forecast.candidates[0].share, 0.2, 4 * std::sqrt(0.2 * 0.8 / 5000));
  EXPECT_NEAR(forecast.candidates[0].deviation, 10, 4 * 10 / std::sqrt(2 * 1000.0));
  EXPECT_NEAR(forecast.revenue.deviation, 10, 4 * 10 / std::sqrt(2 * 5000.0));
  ASSERT_TRUE(forecast.suggested.disagreement);
  EXPECT_TRUE(experiment::check(forecast.suggested).accepted());
  EXPECT_NEAR(static_cast<double>(forecast.suggested.customers) /
                  static_cast<double>(forecast.everybody->arms.base),
              0.2, 0.06);
}

TEST_F(Lives, are_not_verified_where_the_records_say_another_thing) {
  Plan plan = small_plan();
  begin(plan);
  live(shop(0), 100'000);
  ASSERT_EQ(trial().state(), State::kComplete);
  EXPECT_TRUE(trial().verify());
  SessionRow row = **trial().session(event::SessionId(3));
  row.revenue = row.revenue + base::Cents(1);
  ASSERT_TRUE(store().write(trial().id(), {.sessions = std::span(&row, 1)}));
  const auto kept = trial().verify();
  ASSERT_FALSE(kept);
  EXPECT_NE(kept.error().message.find("do not agree with the stored"), std::string::npos);
  reopen();  // Now what is kept agrees with the store, but not with the verdict.
  const auto replayed = trial().verify();
  ASSERT_FALSE(replayed);
  EXPECT_NE(replayed.error().message.find("judged anew differs"), std::string::npos)
      << replayed.error().message;
}

TEST_F(Lives, counts_revenue_up_to_the_cap_and_keeps_the_rest) {
  Plan plan = small_plan();
  plan.cap = base::Cents(10'000);
  begin(plan);
  live(
      [](base::Random&) {
        return Kind{false, true, [](bool, base::Random&) { return 500.0; }};
      },
      10);
  const Progress progress = trial().progress(now);
  const std::int64_t closed = progress.arms[0].closed + progress.arms[1].closed;
  EXPECT_EQ(closed, 10);
  EXPECT_EQ(progress.arms[0].capped + progress.arms[1].capped, 10);
  EXPECT_EQ(progress.arms[0].total + progress.arms[1].total, base::Cents(500'000));
  EXPECT_EQ(std::max(progress.arms[0].revenue.mean, progress.arms[1].revenue.mean), 100);
}

TEST_F(Lives, samples_more_customers_only_and_moves_nobody) {
  Plan plan = small_plan();
  plan.sampling_share = 0.2;
  plan.design.customers = 2000;
  begin(plan);
  std::vector<System> arms;
  std::vector<std::int64_t> sampled;
  for (std::int64_t n = 1; n <= 1000; ++n) {
    if (trial().open_session({event::CustomerId(n), event::SessionId(n)}, now) ==
        OpenOutcome::kSampled) {
      sampled.push_back(n);
      arms.push_back((*trial().session(event::SessionId(n)))->arm);
    }
  }
  EXPECT_NEAR(static_cast<double>(sampled.size()), 200, 4 * std::sqrt(1000 * 0.2 * 0.8));
  const ExperimentId id = trial().id();
  EXPECT_FALSE(registry().ramp(id, 0.1, {"ana", now}));
  EXPECT_FALSE(registry().ramp(id, 1.5, {"ana", now}));
  ASSERT_TRUE(registry().ramp(id, 0.6, {"ana", now}));
  reopen();
  std::int64_t more = 0;
  for (std::int64_t n = 1; n <= 1000; ++n)
    more += trial().open_session({event::CustomerId(n), event::SessionId(10'000 + n)}, now) ==
            OpenOutcome::kSampled;
  EXPECT_NEAR(static_cast<double>(more), 400, 4 * std::sqrt(1000 * 0.4 * 0.6));
  for (std::size_t i = 0; i < sampled.size(); ++i)
    EXPECT_EQ((*trial().session(event::SessionId(10'000 + sampled[i])))->arm, arms[i]);
}

TEST_F(Lives, writes_each_alarm_down_once_also_after_a_restart) {
  Plan plan = small_plan();
  plan.design.customers = 300;
  begin(plan);
  const auto alarms = [&] {
    std::string told;
    const std::vector<AuditRow> log = *registry().audit(trial().id());
    for (const AuditRow& row : log) {
      if (row.action == "health_alarm")
        told += row.who + " " + row.detail.substr(0, row.detail.find(':')) + "; ";
    }
    return told;
  };
  // The candidate is silent: its arm gets the fallback, which alarms from 50 customers on.
  const auto silent_until = [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t n = first; n <= last; ++n) {
      const event::CustomerId customer(n);
      const event::SessionId session(n);
      ASSERT_EQ(trial().open_session({customer, session}, now), OpenOutcome::kSampled);
      trial().record_decision(System::kBase, {customer, true, token(System::kBase)}, now);
      now = now + base::Duration(200'000);
      trial().expire(now);
      ASSERT_EQ(trial().record_revenue({customer, session, base::Cents(500), false}, now),
                RevenueOutcome::kRecorded);
      ASSERT_TRUE(trial().commit());
    }
  };
  silent_until(1, 60);
  EXPECT_EQ(alarms(), "");
  silent_until(61, 160);
  EXPECT_EQ(alarms(), "platform candidate_silent; ");
  reopen();
  silent_until(161, 220);
  EXPECT_EQ(alarms(), "platform candidate_silent; ");
}

}  // namespace
}  // namespace trial
