// SPDX-License-Identifier: Apache-2.0
// Which sessions no experiment has ever taken, and what it costs to tell.
#include <gtest/gtest.h>

#include "trial/fixture_test.h"
#include "trial/forwarding_store_test.h"

namespace trial {
namespace {

using event::CustomerId;
using event::SessionId;

class CountingStore final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

  base::Result<std::vector<ExperimentRow>> experiments() override {
    ++lists;
    return ForwardingStore::experiments();
  }
  base::Result<std::optional<SessionRow>> session(ExperimentId id, SessionId session) override {
    ++lookups;
    return ForwardingStore::session(id, session);
  }

  int lists = 0;
  int lookups = 0;
};

class LeftOut : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = open_sqlite({.path = ":memory:"});
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::make_unique<CountingStore>(*std::move(opened));
    registry_ = *Registry::open(*store_, kNow);
  }
  // An experiment that takes two sessions, ids `first` and `first` + 10.
  void live_through(std::int64_t first) {
    const ExperimentId id = *registry_->create(small_plan(), {"test", kNow});
    ASSERT_TRUE(registry_->start(id, {"test", kNow}));
    Trial& trial = *registry_->live().find(id);
    for (const std::int64_t session : {first, first + 10}) {
      ASSERT_EQ(trial.open_session({CustomerId(session), SessionId(session)}, kNow),
                OpenOutcome::kSampled);
    }
    ASSERT_TRUE(trial.abort("enough", {"test", kNow}));
  }
  std::optional<bool> left_out(std::int64_t session) {
    return registry_->left_out({CustomerId(session), SessionId(session)}).value();
  }

  static constexpr base::Timestamp kNow{1'700'000'000'000'000};
  std::unique_ptr<CountingStore> store_;
  std::unique_ptr<Registry> registry_;
};

TEST_F(LeftOut, is_who_came_to_no_experiment_earlier_or_live) {
  for (const std::int64_t first : {100, 200, 300, 400}) {
    live_through(first);
    EXPECT_FALSE(left_out(first)) << "the one that has just ended has taken it";
    EXPECT_FALSE(left_out(100)) << "of an earlier one";
    EXPECT_EQ(left_out(first + 5), false) << "nobody has, and the fallback is to hide";
    EXPECT_EQ(left_out(first + 100), false);
  }
  EXPECT_FALSE(left_out(210));
  registry_ = *Registry::open(*store_, kNow);  // As after a restart.
  EXPECT_FALSE(left_out(210));
  EXPECT_EQ(left_out(211), false);
}

TEST_F(LeftOut, reads_the_experiments_once_and_asks_those_alone_that_may_have_taken_it) {
  for (std::int64_t first = 100; first < 2100; first += 100) live_through(first);
  store_->lists = 0;
  store_->lookups = 0;
  for (std::int64_t session = 3000; session < 4000; ++session) EXPECT_EQ(left_out(session), false);
  EXPECT_EQ(store_->lists, 1);
  EXPECT_EQ(store_->lookups, 0);
  EXPECT_FALSE(left_out(510));
  EXPECT_EQ(left_out(507), false);
  EXPECT_EQ(store_->lists, 1);
  // The one that was live last is asked too, as these ids are below its greatest.
  EXPECT_EQ(store_->lookups, 4);
}

}  // namespace
}  // namespace trial
