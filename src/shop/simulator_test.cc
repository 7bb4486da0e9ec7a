// SPDX-License-Identifier: Apache-2.0
#include "shop/simulator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <set>

namespace {

using namespace shop;
using namespace std::chrono_literals;

// A platform that answers every announcement after some rounds, and may lose, repeat or refuse.
class FakePlatform final : public Storefront {
 public:
  explicit FakePlatform(base::ManualClock& clock) : clock_(clock) {}

  base::Result<void> open(const Visit& visit) override {
    ++announcements[visit.session];
    if (!fail.empty()) return base::system_error(fail);
    opened[visit.session] = visit.uuid;
    most_open = std::max(most_open, static_cast<std::int64_t>(opened.size() - closed.size()));
    if (lose_every > 0 && announcements[visit.session] == 1 && visit.session % lose_every == 0)
      return {};
    answers_.push_back({.visit = visit, .shown = visit.uuid % 2 == 0, .sampled = sampled});
    if (repeat) answers_.push_back(answers_.back());
    return {};
  }
  base::Result<void> receive(std::vector<Executed>& decisions, base::Duration wait) override {
    if (answers_.empty()) {
      clock_.advance(wait);
      return {};
    }
    clock_.advance(1ms);
    for (int n = 0; n < batch && !answers_.empty(); ++n) {
      decisions.push_back(answers_.front());
      answers_.pop_front();
    }
    return {};
  }
  base::Result<void> close(const Visit& visit, base::Cents revenue, bool accepted) override {
    EXPECT_EQ(opened.at(visit.session), visit.uuid);
    EXPECT_TRUE(closed.insert({visit.session, {revenue, accepted}}).second)
        << "closed twice: " << visit.session;
    return {};
  }
  base::Result<void> flush(base::Duration) override {
    ++flushes;
    return {};
  }

  std::map<std::int64_t, int> announcements;
  std::map<std::int64_t, std::int64_t> opened;
  std::map<std::int64_t, std::pair<base::Cents, bool>> closed;
  std::int64_t most_open = 0;
  int batch = 7;
  int lose_every = 0;
  bool repeat = false;
  bool sampled = true;
  std::string fail;
  int flushes = 0;

 private:
  base::ManualClock& clock_;
  std::deque<Executed> answers_;
};

struct Shop {
  base::ManualClock clock;
  FakePlatform platform{clock};
  base::Result<Traffic> run(const SimulatorOptions& options,
                            const std::function<bool()>& enrolled = {}, std::stop_token stop = {}) {
    EXPECT_TRUE(validate(options));
    return Simulator(options, Money{}, platform, clock).run(stop, enrolled);
  }
};

TEST(Simulator, closes_every_session_it_was_asked_for) {
  Shop shop;
  const Traffic t = shop.run({.sessions = 1000, .open_limit = 50}).value();
  EXPECT_EQ(t.opened, 1000);
  EXPECT_EQ(t.closed, 1000);
  EXPECT_EQ(t.open, 0);
  EXPECT_EQ(t.reopened, 0);
  EXPECT_EQ(shop.platform.closed.size(), 1000U);
  EXPECT_EQ(shop.platform.flushes, 1);
}

TEST(Simulator, never_opens_more_than_the_limit) {
  Shop shop;
  (void)shop.run({.sessions = 500, .open_limit = 20}).value();
  EXPECT_EQ(shop.platform.most_open, 20);
}

TEST(Simulator, reports_what_the_till_says_under_the_executed_decision) {
  Shop shop;
  (void)shop.run({.seed = 9, .sessions = 200}).value();
  const Population population(9);
  const Till till{Money{}};
  for (const auto& [session, paid] : shop.platform.closed) {
    const std::int64_t uuid = shop.platform.opened.at(session);
    EXPECT_EQ(uuid, visit(9, 0, session).uuid);
    const Outcome outcome = till.settle(population.customer(uuid), uuid % 2 == 0);
    EXPECT_EQ(paid.first, outcome.revenue);
    EXPECT_EQ(paid.second, outcome.accepted);
  }
}

TEST(Simulator, announces_again_what_was_lost) {
  Shop shop;
  shop.platform.lose_every = 10;
  const Traffic t = shop.run({.sessions = 100, .resend_after = 2s}).value();
  EXPECT_EQ(t.closed, 100);
  EXPECT_EQ(t.reopened, 10);
  EXPECT_EQ(shop.platform.announcements.at(10), 2);
  EXPECT_EQ(shop.platform.announcements.at(11), 1);
}

TEST(Simulator, counts_a_repeated_decision_and_closes_once) {
  Shop shop;
  shop.platform.repeat = true;
  shop.platform.batch = 1000;
  const Traffic t = shop.run({.sessions = 100}).value();
  EXPECT_EQ(t.closed, 100);
  EXPECT_EQ(t.duplicates, 100);
}

TEST(Simulator, ends_when_enrolment_is_over_and_all_sessions_are_closed) {
  Shop shop;
  const Traffic t =
      shop.run({.open_limit = 30}, [&] { return shop.platform.closed.size() >= 200; }).value();
  EXPECT_GE(t.opened, 200);
  EXPECT_LE(t.opened, 200 + 30 + 7);
  EXPECT_EQ(t.closed, t.opened);
}

TEST(Simulator, ends_after_enough_unsampled_answers_in_a_row) {
  Shop shop;
  shop.platform.sampled = false;
  const Traffic t = shop.run({.open_limit = 10, .stop_after_unsampled = 25}).value();
  EXPECT_GE(t.unsampled, 25);
  EXPECT_EQ(t.open, 0);
  EXPECT_EQ(t.closed, 0);
  EXPECT_TRUE(shop.platform.closed.empty());
}

TEST(Simulator, leaves_open_sessions_open_when_stopped_and_resumes_them) {
  Shop shop;
  std::stop_source stop;
  shop.platform.batch = 3;
  const Traffic first = shop.run(
                                {.open_limit = 40},
                                [&] {
                                  if (shop.platform.closed.size() >= 100) stop.request_stop();
                                  return false;
                                },
                                stop.get_token())
                            .value();
  EXPECT_GT(first.open, 0);
  SimulatorOptions again{
      .first_session = first.opened + 1, .reopen = {}, .sessions = 50, .open_limit = 40};
  for (const auto& [session, uuid] : shop.platform.opened) {
    if (!shop.platform.closed.contains(session)) again.reopen.push_back(session);
  }
  const Traffic second = shop.run(again).value();
  EXPECT_EQ(second.reopened, first.open);
  EXPECT_EQ(second.opened, 50);
  EXPECT_EQ(first.closed + second.closed, first.opened + 50);
}

TEST(Simulator, keeps_to_a_rate) {
  Shop shop;
  const base::Timestamp start = shop.clock.now();
  (void)shop.run({.sessions = 101, .sessions_per_second = 50}).value();
  const double seconds = static_cast<double>((shop.clock.now() - start).count()) * 1e-6;
  EXPECT_NEAR(seconds, 2.0, 0.15);
}

TEST(Simulator, hands_on_the_storefronts_error) {
  Shop shop;
  shop.platform.fail = "the broker is gone";
  const auto result = shop.run({.sessions = 1});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "the broker is gone");
}

TEST(Visit, is_a_new_customer_each_time_without_a_returning_share) {
  std::set<std::int64_t> seen;
  for (std::int64_t s = 1; s <= 10'000; ++s) seen.insert(visit(1, 0, s).uuid);
  EXPECT_EQ(seen.size(), 10'000U);
  EXPECT_EQ(*seen.begin(), kFirstLiveUuid);
}

// 30 % of 20,000 sessions, margin 5 standard errors; whoever returns has come before.
TEST(Visit, returns_earlier_customers_in_the_given_share) {
  std::set<std::int64_t> seen;
  int returned = 0;
  for (std::int64_t s = 1; s <= 20'000; ++s) {
    const Visit v = visit(1, 0.3, s);
    const bool fresh = seen.insert(v.uuid).second;
    EXPECT_EQ(fresh, v.uuid == kFirstLiveUuid + s - 1) << s;
    returned += !fresh;
  }
  EXPECT_NEAR(returned, 6000, 5 * std::sqrt(20'000 * 0.21));
}

TEST(SimulatorOptions, refuses_what_cannot_be_run) {
  EXPECT_TRUE(validate(SimulatorOptions{}));
  EXPECT_FALSE(validate({.first_session = 0}));
  EXPECT_FALSE(validate({.first_session = 5, .reopen = {5}}));
  EXPECT_FALSE(validate({.sessions = -1}));
  EXPECT_FALSE(validate({.open_limit = 0}));
  EXPECT_FALSE(validate({.open_limit = 50'001}));
  EXPECT_FALSE(validate({.sessions_per_second = -1}));
  EXPECT_FALSE(validate({.returning_share = 1}));
  EXPECT_FALSE(validate({.resend_after = 0s}));
  EXPECT_FALSE(validate({.stop_after_unsampled = -1}));
}

}  // namespace
