// SPDX-License-Identifier: Apache-2.0
// The store fails just when an experiment's life is to change: what the caller is told is what
// holds, in memory and in the store.
#include <gtest/gtest.h>

#include <functional>

#include "trial/fixture_test.h"
#include "trial/forwarding_store_test.h"

namespace trial {
namespace {

class BrokenStore final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

  base::Result<void> write(std::span<const ExperimentBatch> batches) override {
    if (!lost && !answer_lost) return ForwardingStore::write(batches);
    const bool written = answer_lost && ForwardingStore::write(batches).has_value();
    EXPECT_EQ(written, answer_lost);
    return base::system_error("the store is away");
  }
  base::Result<std::vector<AuditRow>> audit(ExperimentId id) override {
    if (unreadable) return base::system_error("the store is away");
    return ForwardingStore::audit(id);
  }
  base::Result<void> each_session(ExperimentId id,
                                  const std::function<void(const SessionRow&)>& visit) override {
    if (unreadable) return base::system_error("the store is away");
    return ForwardingStore::each_session(id, visit);
  }

  bool lost = false;         // What is written.
  bool answer_lost = false;  // Written, and an error.
  bool unreadable = false;
};

// What people ask, each from its own state of life.
struct Step {
  const char* name;
  std::function<void(Registry&, ExperimentId)> before;
  std::function<base::Result<void>(Registry&, ExperimentId, const Caller&)> ask;
  State from;
  State to;
  const char* action;
};

const Caller kAnn{"ann", base::Timestamp(1'700'000'001'000'000)};

const Step kSteps[] = {
    {"pause", nullptr,
     [](Registry& r, ExperimentId id, const Caller& caller) { return r.pause(id, caller); },
     State::kRunning, State::kPaused, "paused"},
    {"resume",
     [](Registry& r, ExperimentId id) {
       ASSERT_TRUE(r.pause(id, {"bob", base::Timestamp(1)}));
     },
     [](Registry& r, ExperimentId id, const Caller& caller) { return r.resume(id, caller); },
     State::kPaused, State::kRunning, "resumed"},
    {"abort", nullptr,
     [](Registry& r, ExperimentId id, const Caller& caller) {
       return r.abort(id, "out of stock", caller);
     },
     State::kRunning, State::kAborted, "aborted"},
    {"ramp", nullptr,
     [](Registry& r, ExperimentId id, const Caller& caller) { return r.ramp(id, 0.9, caller); },
     State::kRunning, State::kRunning, "ramped"},
};

class LifeOverABrokenStore : public testing::TestWithParam<Step> {
 protected:
  void SetUp() override {
    auto opened = open_sqlite({.path = ":memory:"});
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::make_unique<BrokenStore>(*std::move(opened));
    open();
    Plan plan = small_plan();
    plan.sampling_share = 0.5;
    id_ = *registry_->create(plan, {"test", now_});
    ASSERT_TRUE(registry_->start(id_, {"test", now_}));
    if (GetParam().before) GetParam().before(*registry_, id_);
    for (int i = 1; !waiting_; ++i) {  // One session waits for its decision.
      const event::SessionId session(i);
      trial().open_session({event::CustomerId(i), session}, now_);
      ASSERT_TRUE(trial().commit());
      if (GetParam().from != State::kRunning) break;
      if (trial().waits_for(session)) waiting_ = session;
    }
    trial().clear_outbox();
  }
  void open() {
    registry_.reset();
    auto registry = Registry::open(*store_, now_);
    ASSERT_TRUE(registry) << registry.error().message;
    registry_ = *std::move(registry);
  }
  Trial& trial() { return *registry_->live().find(id_); }
  base::Result<void> ask() { return GetParam().ask(*registry_, id_, kAnn); }

  // In memory now, and in the store after whatever is still to be stored.
  void expect_holds(bool happened) {
    const Step& step = GetParam();
    const State state = happened ? step.to : step.from;
    EXPECT_EQ(trial().state(), state);
    ASSERT_TRUE(trial().commit());
    const ExperimentRow row = *registry_->experiment(id_).value();
    EXPECT_EQ(row.state, state);
    EXPECT_EQ(row.sampling_share, happened && step.name == std::string("ramp") ? 0.9 : 0.5);
    const SessionRow session = waiting_ ? *store_->session(id_, *waiting_).value() : SessionRow{};
    const bool settled = happened && step.to == State::kAborted;
    EXPECT_EQ(session.executed != Word::kNone, settled);
    EXPECT_EQ(trial().outbox().decisions.size(), settled ? 1U : 0U);
    EXPECT_TRUE(trial().recount()) << trial().recount().error().message;
    open();
    EXPECT_EQ(trial().state(), state);
  }
  [[nodiscard]] std::string last_action() const { return registry_->audit(id_)->back().action; }

  const base::Timestamp now_{1'700'000'000'000'000};
  std::unique_ptr<BrokenStore> store_;
  std::unique_ptr<Registry> registry_;
  ExperimentId id_;
  std::optional<event::SessionId> waiting_;
};

TEST_P(LifeOverABrokenStore, does_not_change_by_what_was_refused) {
  const std::string before = last_action();
  store_->lost = true;
  EXPECT_FALSE(ask());
  store_->lost = false;
  expect_holds(false);
  EXPECT_EQ(last_action(), before);
  EXPECT_TRUE(ask());
  expect_holds(true);
  EXPECT_EQ(last_action(), GetParam().action);
}

TEST_P(LifeOverABrokenStore, changes_though_the_answer_was_lost) {
  store_->answer_lost = true;
  EXPECT_TRUE(ask());
  store_->answer_lost = false;
  expect_holds(true);
  EXPECT_EQ(last_action(), GetParam().action);
}

TEST_P(LifeOverABrokenStore, takes_back_what_nobody_could_know) {
  store_->answer_lost = true;
  store_->unreadable = true;
  EXPECT_FALSE(ask());
  store_->answer_lost = false;
  store_->unreadable = false;
  EXPECT_EQ(last_action(), GetParam().action);
  expect_holds(false);
  EXPECT_EQ(last_action(), "taken_back");
}

INSTANTIATE_TEST_SUITE_P(step, LifeOverABrokenStore, testing::ValuesIn(kSteps),
                         [](const auto& test) { return std::string(test.param.name); });

class StartOverABrokenStore : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = open_sqlite({.path = ":memory:"});
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::make_unique<BrokenStore>(*std::move(opened));
    registry_ = *Registry::open(*store_, kAnn.at);
    id_ = *registry_->create(small_plan(), kAnn);
  }
  base::Result<StartedTokens> start() { return registry_->start(id_, kAnn); }
  [[nodiscard]] State stored_state() const { return registry_->experiment(id_).value()->state; }

  // Customers are enrolled, and decisions with the tokens that were shown are executed.
  void expect_live(const StartedTokens& tokens) {
    Trial* const trial = registry_->live().find(id_);
    ASSERT_NE(trial, nullptr);
    EXPECT_EQ(stored_state(), State::kRunning);
    const event::CustomerId customer(7);
    EXPECT_EQ(trial->open_session({customer, event::SessionId(7)}, kAnn.at), OpenOutcome::kSampled);
    EXPECT_EQ(trial->record_decision(event::System::kBase, {customer, true, tokens.base}, kAnn.at),
              DecisionOutcome::kRecorded);
    EXPECT_EQ(trial->record_decision(event::System::kCandidate, {customer, true, tokens.candidate},
                                     kAnn.at),
              DecisionOutcome::kRecorded);
    ASSERT_TRUE(trial->commit());
    EXPECT_TRUE(trial->recount());
    const std::string row = live_row();
    registry_ = *Registry::open(*store_, kAnn.at);  // As after a restart.
    EXPECT_EQ(live_row(), row);
  }
  [[nodiscard]] std::string live_row() const {
    const ExperimentRow row = registry_->live().find(id_)->progress(kAnn.at).experiment;
    return canonical_text(row.plan) + row.plan_hash + row.slots.text() +
           std::to_string(row.sampling_share) + std::to_string(row.started_at.micros());
  }

  std::unique_ptr<BrokenStore> store_;
  std::unique_ptr<Registry> registry_;
  ExperimentId id_;
};

TEST_F(StartOverABrokenStore, does_not_take_place_where_nothing_was_written) {
  store_->lost = true;
  EXPECT_FALSE(start());
  store_->lost = false;
  EXPECT_TRUE(registry_->live().empty());
  EXPECT_EQ(stored_state(), State::kDraft);
  EXPECT_TRUE(registry_->tokens(id_)->empty());
  const auto tokens = start();
  ASSERT_TRUE(tokens) << tokens.error().message;
  expect_live(*tokens);
}

TEST_F(StartOverABrokenStore, is_live_once_it_is_written_though_nothing_can_be_read) {
  store_->unreadable = true;
  const auto tokens = start();
  ASSERT_TRUE(tokens) << tokens.error().message;
  store_->unreadable = false;
  expect_live(*tokens);
}

TEST_F(StartOverABrokenStore, is_live_though_the_answer_was_lost) {
  store_->answer_lost = true;
  const auto tokens = start();
  ASSERT_TRUE(tokens) << tokens.error().message;
  store_->answer_lost = false;
  expect_live(*tokens);
}

TEST_F(StartOverABrokenStore, is_taken_back_where_nobody_could_know) {
  store_->answer_lost = true;
  store_->unreadable = true;
  EXPECT_FALSE(start());
  EXPECT_TRUE(registry_->live().empty());
  EXPECT_FALSE(registry_->experiment(id_));  // Which nobody can tell yet.
  store_->answer_lost = false;
  store_->unreadable = false;
  EXPECT_EQ(stored_state(), State::kDraft);
  EXPECT_EQ(registry_->audit(id_)->back().action, "taken_back");
  const std::vector<TokenRow> revoked = *registry_->tokens(id_);
  ASSERT_EQ(revoked.size(), 2U);
  for (const TokenRow& token : revoked) EXPECT_NE(token.revoked_at, base::Timestamp(0));
  EXPECT_TRUE((*Registry::open(*store_, kAnn.at))->live().empty());

  Plan changed = small_plan();
  changed.hypothesis = "a draft may change";
  EXPECT_TRUE(registry_->change(id_, changed, kAnn));
  const auto tokens = registry_->start(id_, {"ann", base::Timestamp(kAnn.at.micros() + 1)});
  ASSERT_TRUE(tokens) << tokens.error().message;
  expect_live(*tokens);
}

}  // namespace
}  // namespace trial
