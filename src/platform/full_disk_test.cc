// SPDX-License-Identifier: Apache-2.0
// The disk of the store is full for a while, or for good: nothing is said that is not stored,
// nothing is lost and nothing is counted twice. Full in three ways: as SQLite would say it, by the
// largest size that the kernel allows a file, and truly, on a small file system in memory.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kafka/in_process_broker.h"
#include "platform/platform.h"
#include "platform/scripted_shop_test.h"
#include "trial/forwarding_store_test.h"
#include "trial/sqlite_store.h"

namespace platform {
namespace {

using std::chrono::milliseconds;
using trial::ExperimentId;

// A folder for the store on a disk that can be filled.
class Disk {
 public:
  Disk() {
    std::string pattern = (std::filesystem::temp_directory_path() / "full-disk-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data()) == nullptr ? "" : pattern;
  }
  virtual ~Disk() { std::filesystem::remove_all(folder_); }
  [[nodiscard]] virtual std::string missing() const { return ""; }  // Why it cannot be had here.
  virtual void fill() = 0;
  virtual void make_room() = 0;
  [[nodiscard]] std::string path() const { return folder_ + "/store.db"; }

 protected:
  std::string folder_;
};

// The disk has room; the store is told that it has none (WatchedStore).
class ToldDisk final : public Disk {
 public:
  void fill() override { told = true; }
  void make_room() override { told = false; }
  static inline std::atomic<bool> told{false};
};

// No file of this process grows beyond the size that the store's log has now.
class LimitedDisk final : public Disk {
 public:
  LimitedDisk() {
    ::getrlimit(RLIMIT_FSIZE, &usual_);
    on_excess_ = ::signal(SIGXFSZ, SIG_IGN);
  }
  ~LimitedDisk() override {
    make_room();
    ::signal(SIGXFSZ, on_excess_);
  }
  void fill() override {
    const rlimit limit{.rlim_cur = std::filesystem::file_size(path() + "-wal"),
                       .rlim_max = usual_.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);
  }
  void make_room() override { ::setrlimit(RLIMIT_FSIZE, &usual_); }

 private:
  rlimit usual_{};
  sighandler_t on_excess_ = SIG_DFL;
};

// A file system of 32 MB, and a file that takes what the store has left of it.
class SmallDisk final : public Disk {
 public:
  SmallDisk() : mounted_(::mount("full-disk-test", folder_.c_str(), "tmpfs", 0, "size=32m") == 0) {}
  ~SmallDisk() override {
    if (mounted_) ::umount2(folder_.c_str(), MNT_DETACH);
  }
  [[nodiscard]] std::string missing() const override {
    return mounted_ ? "" : "a file system can be mounted by root alone";
  }
  void fill() override {
    std::ofstream file(filler(), std::ios::binary);
    for (const std::string page(4096, 'x'); file.write(page.data(), 4096).flush();) continue;
    ASSERT_EQ(std::filesystem::space(folder_).available, 0U);
  }
  void make_room() override { std::filesystem::remove(filler()); }

 private:
  [[nodiscard]] std::string filler() const { return folder_ + "/filler"; }
  const bool mounted_;
};

// The SQLite store of a file, that counts the commits which fail.
class WatchedStore final : public trial::ForwardingStore {
 public:
  WatchedStore(std::unique_ptr<trial::Store> store, std::atomic<int>& failed)
      : ForwardingStore(std::move(store)), failed_(failed) {}

  base::Result<ExperimentId> create(const trial::Plan& plan,
                                    const trial::AuditRow& created) override {
    if (ToldDisk::told) return full();
    return ForwardingStore::create(plan, created);
  }
  base::Result<void> write(std::span<const trial::ExperimentBatch> batches) override {
    base::Result<void> written = ToldDisk::told ? full() : ForwardingStore::write(batches);
    if (!written) ++failed_;
    return written;
  }

 private:
  [[nodiscard]] base::Error full() const {
    return base::system_error("the store '" + name() +
                              "' failed to run a statement: database or disk is full");
  }
  std::atomic<int>& failed_;
};

enum class Way { kTold, kLimited, kSmall };

std::unique_ptr<Disk> disk_of(Way way) {
  switch (way) {
    case Way::kTold:
      return std::make_unique<ToldDisk>();
    case Way::kLimited:
      return std::make_unique<LimitedDisk>();
    case Way::kSmall:
      return std::make_unique<SmallDisk>();
  }
  return nullptr;
}

class FullDisk : public ::testing::TestWithParam<Way>, protected ScriptedPlatform {
 protected:
  void SetUp() override {
    disk_ = disk_of(GetParam());
    if (!disk_->missing().empty()) GTEST_SKIP() << disk_->missing();
    auto broker = kafka::InProcessBroker::start();
    ASSERT_TRUE(broker) << broker.error().message;
    broker_ = *std::move(broker);
  }
  void TearDown() override {
    ToldDisk::told = false;
    platform_.reset();
    store_.reset();
    shop_ = {};
  }

  // The process begins: the store is opened, the platform runs.
  void begin(milliseconds patience) {
    auto store = trial::open_sqlite({.path = disk_->path()});
    ASSERT_TRUE(store) << store.error().message;
    store_ = std::make_unique<WatchedStore>(*std::move(store), failed_);
    run(*broker_, {.store_patience = patience});
  }
  // Twenty sessions have been sampled and wait for their decisions.
  void sample_twenty() {
    start_experiment();
    shop_.open_shop(*broker_);
    shop_.systems_answer = false;
    shop_.welcome(20);
    ASSERT_TRUE(shop_.serve_until([&] { return shop_.sampled.size() == 20; }));
  }
  void decide_on_the_twenty() {
    for (const auto& [session, times] : shop_.sampled) shop_.decide(session);
  }
  bool commits_fail(int times) {
    return comes_true([&] { return failed_ >= times; });
  }
  void open_at_the_desk() {
    answer_ = Answer::kNone;
    desk().open_session({event::CustomerId(21), event::SessionId(21)},
                        [&](const base::Result<trial::Opening>& opening) {
                          answer_ = !opening ? Answer::kError
                                    : opening->outcome == trial::OpenOutcome::kSampled
                                        ? Answer::kSampled
                                        : Answer::kOther;
                        });
  }
  void expect_nothing_was_said() {
    shop_.serve(milliseconds(100));
    EXPECT_TRUE(shop_.decisions.empty());
    EXPECT_FALSE(shop_.sampled.contains(21));
    EXPECT_EQ(platform_->counters().decisions_total, 0);
  }
  // All 21 sessions come to their end, each once. Of the twenty the systems said it once and do not
  // repeat themselves: those words were not lost.
  void expect_exact_counts() {
    ASSERT_TRUE(shop_.serve_until([&] { return shop_.sampled.contains(21); }));
    shop_.decide(21);
    ASSERT_TRUE(shop_.serve_until([&] { return shop_.decisions.size() == 21; }));
    for (const auto& [session, decision] : shop_.decisions)
      EXPECT_EQ(decision.reason, event::DecisionReason::kDecision);
    ASSERT_TRUE(comes_true([&] {
      const auto progress = desk().progress(id_);
      return progress && (*progress)->arms[0].closed + (*progress)->arms[1].closed == 21;
    }));
    const auto progress = *desk().progress(id_);
    EXPECT_EQ(progress->arms[0].enrolled + progress->arms[1].enrolled, 21);
    EXPECT_EQ(progress->sessions, 21);
    EXPECT_EQ(progress->arms[0].total + progress->arms[1].total, shop_.spent());
    EXPECT_EQ(shop_.contradictions, 0);
    EXPECT_EQ(shop_.rejected_in_earnest(), 0);
    EXPECT_TRUE(platform_->stop());
    std::int64_t sessions = 0;
    base::Cents stored;
    ASSERT_TRUE(store_->each_session(id_, [&](const trial::SessionRow& row) {
      ++sessions;
      stored += row.revenue;
    }));
    EXPECT_EQ(sessions, 21);
    EXPECT_EQ(stored, shop_.spent());
  }
  void expect_the_end_and_start_again() {
    ASSERT_TRUE(comes_true([&] { return !platform_->health(); }));
    const std::string why = platform_->health().error().message;
    EXPECT_NE(why.find(disk_->path()), std::string::npos) << why;
    EXPECT_NE(why.find("make room"), std::string::npos) << why;
    ASSERT_TRUE(comes_true([&] { return answer_ != Answer::kNone; }));
    EXPECT_EQ(answer_, Answer::kError);
    EXPECT_FALSE(desk().experiments());  // Refused, not left hanging.
    expect_nothing_was_said();
    EXPECT_FALSE(platform_->stop());
    platform_.reset();
    store_.reset();

    disk_->make_room();
    begin(kGenerous);
    if (HasFatalFailure()) return;
    open_at_the_desk();  // As one does who was told of an error.
    ASSERT_TRUE(comes_true([&] { return answer_ != Answer::kNone; }));
    EXPECT_EQ(answer_, Answer::kSampled);
    expect_exact_counts();
  }

  enum class Answer { kNone, kSampled, kOther, kError };
  std::unique_ptr<Disk> disk_;  // Outlives the store.
  std::unique_ptr<kafka::InProcessBroker> broker_;
  std::atomic<int> failed_ = 0;  // Commits.
  std::atomic<Answer> answer_ = Answer::kNone;
};

TEST_P(FullDisk, waits_for_room_and_goes_on) {
  begin(kGenerous);
  sample_twenty();
  if (HasFatalFailure()) return;
  disk_->fill();
  open_at_the_desk();
  decide_on_the_twenty();
  ASSERT_TRUE(commits_fail(3));
  expect_nothing_was_said();
  EXPECT_EQ(answer_, Answer::kNone);
  EXPECT_TRUE(platform_->health());
  disk_->make_room();
  ASSERT_TRUE(comes_true([&] { return answer_ != Answer::kNone; }));
  EXPECT_EQ(answer_, Answer::kSampled);
  expect_exact_counts();
}

// What fails to be stored came by the desk.
TEST_P(FullDisk, answers_with_an_error_where_no_room_comes) {
  begin(milliseconds(300));
  sample_twenty();
  if (HasFatalFailure()) return;
  disk_->fill();
  open_at_the_desk();
  ASSERT_TRUE(commits_fail(1));
  decide_on_the_twenty();
  expect_the_end_and_start_again();
}

// What fails to be stored came by the topics.
TEST_P(FullDisk, reads_again_what_was_not_stored) {
  begin(milliseconds(300));
  sample_twenty();
  if (HasFatalFailure()) return;
  disk_->fill();
  decide_on_the_twenty();
  ASSERT_TRUE(commits_fail(1));
  open_at_the_desk();
  expect_the_end_and_start_again();
}

// Nobody is told that a running experiment does not stop which does stop a moment later.
TEST_P(FullDisk, refuses_to_stop_an_experiment_and_does_not_stop_it) {
  begin(kGenerous);
  sample_twenty();
  if (HasFatalFailure()) return;
  disk_->fill();
  EXPECT_FALSE(desk().abort(id_, "out of stock", "test"));
  disk_->make_room();
  open_at_the_desk();
  ASSERT_TRUE(comes_true([&] { return answer_ != Answer::kNone; }));
  EXPECT_EQ(answer_, Answer::kSampled);
  EXPECT_EQ((*desk().experiment(id_))->state, trial::State::kRunning);
  EXPECT_TRUE(shop_.decisions.empty());
  ASSERT_TRUE(desk().abort(id_, "out of stock", "test"));
  ASSERT_TRUE(shop_.serve_until([&] { return shop_.decisions.size() == 21; }));
}

TEST_P(FullDisk, refuses_what_is_asked_at_the_desk) {
  begin(kGenerous);
  if (HasFatalFailure()) return;
  const auto draft = desk().create(scripted_plan(), "test");
  ASSERT_TRUE(draft);
  disk_->fill();
  const auto refused = desk().create(scripted_plan(), "test");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find(disk_->path()), std::string::npos)
      << refused.error().message;
  EXPECT_FALSE(desk().start(*draft, "test"));
  EXPECT_TRUE(desk().latest().empty());
  EXPECT_TRUE(platform_->health());
  disk_->make_room();
  EXPECT_EQ(desk().experiments()->size(), 1U);
  EXPECT_TRUE(desk().start(*draft, "test"));
  EXPECT_TRUE(comes_true([&] { return desk().latest().size() == 1; }));
}

INSTANTIATE_TEST_SUITE_P(in_three_ways, FullDisk,
                         ::testing::Values(Way::kTold, Way::kLimited, Way::kSmall),
                         [](const auto& test) {
                           return test.param == Way::kTold      ? "told"
                                  : test.param == Way::kLimited ? "file_size_limit"
                                                                : "small_file_system";
                         });

}  // namespace
}  // namespace platform
