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

}  // namespace
}  // namespace trial
