// SPDX-License-Identifier: Apache-2.0
// What every store does, whichever database holds it.
#include "trial/store.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "trial/fixture_test.h"
#include "trial/registry.h"
#include "trial/store_bed_test.h"
#include "trial/users.h"

namespace trial {
namespace {

const base::Timestamp kNow(1'700'000'000'000'000);
const AuditRow kCreated{.at = kNow, .who = "ann", .action = "created", .detail = ""};
const ExperimentId kFirst(1);

class Stored : public ::testing::TestWithParam<Database> {
 protected:
  void SetUp() override {
    if (!bed.missing().empty()) GTEST_SKIP() << bed.missing();
    ASSERT_TRUE(bed.ready()) << "the PostgreSQL server does not start";
  }
  void open() {
    auto opened = bed.open();
    ASSERT_TRUE(opened) << opened.error().message;
    store = *std::move(opened);
  }
  void open_with_a_draft() {
    open();
    const auto id = store->create(small_plan(), kCreated);
    ASSERT_TRUE(id) << id.error().message;
    ASSERT_EQ(*id, kFirst);
  }
  std::string refusal(int wait_ms = 100) {
    const auto opened = bed.open(wait_ms);
    return opened ? "" : opened.error().message;
  }
  // Past the store.
  void raw(const std::string& on_sqlite, const std::string& on_postgres) {
    if (GetParam() == Database::kPostgres) {
      EXPECT_EQ(bed.server().ask(on_postgres), "");
      return;
    }
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(bed.path().c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, on_sqlite.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(handle);
    sqlite3_close(handle);
  }

  StoreBed bed{GetParam()};
  std::unique_ptr<Store> store;
};

SessionRow counted_session(std::int64_t session, std::int64_t customer) {
  SessionRow row;
  row.session = event::SessionId(session);
  row.customer = event::CustomerId(customer);
  row.counted = true;
  row.opened_at = kNow;
  return row;
}

TEST_P(Stored, keeps_rows_to_the_bit) {
  open_with_a_draft();
  SessionRow row = counted_session(-5, INT64_MIN);
  row.arm = event::candidate(3);
  row.before = base::Cents(1999);
  row.segment = *event::Segment::make("returning, \"app\"");
  row.of(event::candidate(2)) = {Word::kShow, true, base::Duration(12'345)};
  ASSERT_TRUE(store->write(kFirst, {.sessions = std::span(&row, 1)}));
  EXPECT_EQ(*store->session(kFirst, row.session), std::optional(row));
  row.of(event::System::kBase) = {Word::kShow, true, base::Duration(9)};
  row.of(event::System::kCandidate) = {Word::kHide, false, base::Duration(8)};
  row.of(event::candidate(1)) = {Word::kHide, false, base::Duration(0)};
  row.of(event::candidate(6)) = {Word::kHide, true, base::Duration(7)};
  row.executed = Word::kHide;
  row.reason = event::DecisionReason::kTimeout;
  row.executed_at = base::Timestamp(456);
  row.closing = Closing::kTimeout;
  row.closed_at = base::Timestamp(INT64_MAX);
  row.revenue = base::Cents(1'000'000'000'000);
  row.accepted = true;
  const SeriesPoint points[] = {{base::Timestamp(5), 10, 0, 0.1 + 0.2, -1e-300, 1e300},
                                {base::Timestamp(5), 10, 1, 1.0 / 7, -0.5, 0.5},
                                {base::Timestamp(5), 10, 6, 1.0 / 7, -0.5, 0.5},
                                {base::Timestamp(6), 11, 0, -1e16, 5e-324, 1.0 / 3}};
  const CounterRow counter{"session", "it's sampled: «Größe» 价格 \\ \"x\" ?", INT64_MAX};
  const PositionRow position{"group/topic/0", -1};
  const auto written = store->write(kFirst, {.sessions = std::span(&row, 1),
                                             .counters = std::span(&counter, 1),
                                             .series = points,
                                             .positions = std::span(&position, 1)});
  ASSERT_TRUE(written) << written.error().message;
  store.reset();
  open();
  EXPECT_EQ(*store->session(kFirst, row.session), std::optional(row));
  const auto series = store->series(kFirst);
  ASSERT_TRUE(series);
  EXPECT_EQ(*series, std::vector<SeriesPoint>(std::begin(points), std::end(points)));
  ASSERT_EQ(store->counters(kFirst)->size(), 1u);
  EXPECT_EQ(store->counters(kFirst)->at(0).outcome, counter.outcome);
  EXPECT_EQ(store->counters(kFirst)->at(0).count, INT64_MAX);
  EXPECT_EQ(store->positions(kFirst)->at(0).next, -1);
  EXPECT_FALSE((*store->session(kFirst, event::SessionId(6))).has_value());
}

TEST_P(Stored, numbers_experiments_from_one_and_changes_drafts_alone) {
  open_with_a_draft();
  Plan plan = small_plan();
  plan.name = "second";
  EXPECT_EQ(*store->create(plan, kCreated), ExperimentId(2));
  std::vector<ExperimentRow> rows = *store->experiments();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1].plan.name, "second");
  ExperimentRow row = rows[0];
  row.plan.name = "changed";
  row.state = State::kRunning;
  ASSERT_TRUE(store->write(kFirst, {.experiment = &row}));
  row.plan.name = "changed again";
  row.reason = "why";
  row.state = State::kAborted;
  ASSERT_TRUE(store->write(kFirst, {.experiment = &row}));
  const std::optional<ExperimentRow> stored = *store->experiment(kFirst);
  EXPECT_EQ(stored->plan.name, "changed");
  EXPECT_EQ(stored->reason, "why");
  row.id = ExperimentId(7);
  EXPECT_FALSE(store->write(row.id, {.experiment = &row}));
  EXPECT_FALSE((*store->experiment(row.id)).has_value());
}

TEST_P(Stored, keeps_looks_replaces_them_and_appends_to_the_log) {
  open_with_a_draft();
  LookRow look{.number = 1, .at = kNow, .information = 0.5, .z = 2.1, .level = 0.018};
  ASSERT_TRUE(store->write(kFirst, {.looks = std::span(&look, 1)}));
  look.z = 1.0 / 3;
  AuditRow rows[] = {{.at = kNow, .who = "ann", .action = "paused", .detail = "sale"},
                     {.at = kNow, .who = "bob", .action = "resumed", .detail = ""}};
  ASSERT_TRUE(store->write(kFirst, {.looks = std::span(&look, 1), .audit = rows}));
  ASSERT_TRUE(store->write(kFirst, {.audit = std::span(rows, 1)}));
  EXPECT_EQ(*store->looks(kFirst), std::vector<LookRow>{look});
  const std::vector<AuditRow> log = *store->audit(kFirst);
  ASSERT_EQ(log.size(), 4u);
  EXPECT_EQ(log[0].action, "created");
  EXPECT_EQ(log[2].who + log[3].who, "bobann");
  EXPECT_EQ(log[3].number, 4);
}

TEST_P(Stored, pages_sessions_by_their_ids) {
  open_with_a_draft();
  std::vector<SessionRow> rows;
  for (std::int64_t i = -3; i <= 3; ++i) rows.push_back(counted_session(i * 10, i));
  rows[1].counted = false;
  ASSERT_TRUE(store->write(kFirst, {.sessions = rows}));
  const auto ids = [&](const SessionPage& page) {
    std::string text;
    const auto found = store->sessions(kFirst, page);
    EXPECT_TRUE(found);
    for (const SessionRow& row : *found) text += std::to_string(row.session.value()) + " ";
    return text;
  };
  EXPECT_EQ(ids({.limit = 3}), "-30 -20 -10 ");
  EXPECT_EQ(ids({.after = event::SessionId(-10), .limit = 2}), "0 10 ");
  EXPECT_EQ(ids({.after = event::SessionId(15)}), "20 30 ");
  EXPECT_EQ(ids({.limit = 2, .counted_only = true}), "-30 -10 ");
  EXPECT_EQ(ids({.after = event::SessionId(30)}), "");
}

TEST_P(Stored, knows_between_which_ids_the_sessions_of_an_experiment_lie) {
  open_with_a_draft();
  ASSERT_TRUE(store->create(small_plan(), kCreated));
  const auto range = [&](std::int64_t id) -> std::string {
    const auto found = store->session_range(ExperimentId(id));
    if (!found) return found.error().message;
    if (!*found) return "none";
    return std::to_string((*found)->first.value()) + " " + std::to_string((*found)->last.value());
  };
  EXPECT_EQ(range(1), "none");
  std::vector<SessionRow> rows;
  for (const std::int64_t i : {std::int64_t{5}, INT64_MAX, std::int64_t{-7}})
    rows.push_back(counted_session(i, i));
  ASSERT_TRUE(store->write(kFirst, {.sessions = rows}));
  EXPECT_EQ(range(1), "-7 9223372036854775807");
  EXPECT_EQ(range(2), "none");
}

TEST_P(Stored, keeps_users) {
  open();
  const Caller ann{"ann", kNow};
  EXPECT_FALSE(add_user(*store, "bob", Role::kViewer, ann)) << "the first user is an owner";
  const auto owner = add_user(*store, "ann", Role::kOwner, {"shell", kNow});
  ASSERT_TRUE(owner) << owner.error().message;
  const ParsedToken parts = *parse_token(owner->token);
  EXPECT_EQ(parts.environment, "user");
  EXPECT_EQ(owner->row.digest, digest_secret(parts.secret));
  EXPECT_EQ(owner->row.id, parts.id);
  ASSERT_TRUE(add_user(*store, "bob", Role::kShop, {"ann", kNow + base::Duration(1)}));
  EXPECT_FALSE(add_user(*store, "bob", Role::kViewer, ann)) << "the name is taken";
  for (const char* bad : {"", "a b", "a/b", "a:b", "platform", "page"})
    EXPECT_FALSE(add_user(*store, bad, Role::kViewer, ann)) << bad;
  EXPECT_FALSE(add_user(*store, std::string(65, 'a'), Role::kViewer, ann));
  const auto revoked = revoke_user(*store, "bob", {"ann", kNow + base::Duration(2)});
  ASSERT_TRUE(revoked) << revoked.error().message;
  EXPECT_FALSE(revoke_user(*store, "bob", ann));
  EXPECT_FALSE(revoke_user(*store, "ann", ann)) << "the last owner";
  ASSERT_TRUE(add_user(*store, "bob", Role::kOwner, {"ann", kNow + base::Duration(3)}));
  EXPECT_TRUE(revoke_user(*store, "ann", {"bob", kNow + base::Duration(4)}));
  store.reset();
  open();
  const auto users = store->users();
  ASSERT_TRUE(users) << users.error().message;
  ASSERT_EQ(users->size(), 3u);
  EXPECT_EQ(users->at(0).digest, owner->row.digest);
  EXPECT_EQ(users->at(0).revoked_by, "bob");
  EXPECT_EQ(users->at(1), *revoked);
  EXPECT_TRUE(good(users->at(2)));
  EXPECT_EQ(users->at(2).role, Role::kOwner);
}

TEST_P(Stored, keeps_what_callers_rely_on) {
  open();
  const ReceiptRow asked{.key = "k1", .request = "r", .at = kNow + base::Duration(1), .answer = ""};
  const ReceiptRow older{.key = "k2", .request = "r", .at = kNow, .answer = "{}"};
  ASSERT_TRUE(store->callers().write_receipts(std::vector{asked, older}, {}));
  ReceiptRow answered = asked;
  answered.answer = R"({"status":201,"body":"¿qué?"})";
  ASSERT_TRUE(store->callers().write_receipts(std::vector{answered}, {}));
  const LoginRow ann{.digest = "d1", .user = "ann's", .until = kNow};
  const LoginRow bob{.digest = "d2", .user = "bob's", .until = kNow + base::Duration(1)};
  ASSERT_TRUE(store->callers().write_logins(std::vector{ann, bob}, {}));
  store.reset();
  open();
  EXPECT_EQ(*store->callers().receipts(), (std::vector{older, answered}));
  EXPECT_EQ(*store->callers().logins(), (std::vector{ann, bob}));
  const std::vector<std::string> forgotten{"k2", "d1"};
  ASSERT_TRUE(store->callers().write_receipts({}, forgotten));
  ASSERT_TRUE(store->callers().write_logins({}, forgotten));
  EXPECT_EQ(*store->callers().receipts(), std::vector{answered});
  EXPECT_EQ(*store->callers().logins(), std::vector{bob});
}

TEST_P(Stored, tells_each_webhook_what_has_happened_since) {
  open_with_a_draft();
  Webhooks& book = store->webhooks();
  const WebhookRow row{.id = 0,
                       .url = "https://shop.example/hook",
                       .events = {"started", "aborted"},
                       .secret = std::string("\0secret\xff", 8),
                       .older_secret = "",
                       .created_at = kNow,
                       .created_by = "ann"};
  const auto id = book.add(row);
  ASSERT_TRUE(id) << id.error().message;
  EXPECT_TRUE(book.news(*id)->empty()) << "what was before is not news";
  const AuditRow rows[] = {{.at = kNow, .who = "ann", .action = "started", .detail = ""},
                           {.at = kNow, .who = "ann", .action = "paused", .detail = ""}};
  ASSERT_TRUE(store->write(kFirst, {.audit = rows}));
  ASSERT_TRUE(store->create(small_plan(), kCreated));
  const auto news = book.news(*id);
  ASSERT_TRUE(news) << news.error().message;
  ASSERT_EQ(news->size(), 3u);
  EXPECT_EQ(news->at(0).action + news->at(1).action + news->at(2).action, "startedpausedcreated");
  DeliveryRow first{.webhook = *id,
                    .experiment = kFirst,
                    .number = 2,
                    .state = DeliveryState::kPending,
                    .attempts = 3,
                    .first_at = kNow,
                    .next_at = kNow + base::Duration(5),
                    .error = "no answer"};
  DeliveryRow second = first;
  second.number = 3;
  second.state = DeliveryState::kDone;
  ASSERT_TRUE(book.write(std::vector{first, second}));
  EXPECT_EQ(book.news(*id)->size(), 1u);
  store.reset();
  open();
  Webhooks& again = store->webhooks();
  EXPECT_EQ(again.deliveries(*id).value(), std::vector{first});
  EXPECT_EQ(again.news(*id)->size(), 1u);
  EXPECT_EQ(again.all()->at(0).secret, row.secret);
  EXPECT_EQ(again.all()->at(0).events, row.events);
  first.state = DeliveryState::kDead;
  ASSERT_TRUE(again.write(std::span(&first, 1)));
  EXPECT_EQ(again.deliveries(*id)->at(0).state, DeliveryState::kDead);
  WebhookRow rotated = again.all()->at(0);
  rotated.older_secret = rotated.secret;
  rotated.secret = "new";
  ASSERT_TRUE(again.replace_secrets(rotated));
  EXPECT_EQ(again.all()->at(0).older_secret, row.secret);
  ASSERT_TRUE(again.remove(*id));
  EXPECT_TRUE(again.all()->empty());
  EXPECT_FALSE(again.write(std::span(&first, 1))) << "nothing waits for a webhook that is gone";
}

TEST_P(Stored, gives_the_id_of_a_removed_webhook_to_nobody_else) {
  open_with_a_draft();
  const auto add = [&] { return store->webhooks().add({.created_at = kNow}).value(); };
  EXPECT_EQ(add(), 1);
  EXPECT_EQ(add(), 2);
  ASSERT_TRUE(store->webhooks().remove(2));
  EXPECT_EQ(add(), 3);
  ASSERT_TRUE(store->webhooks().remove(1));
  ASSERT_TRUE(store->webhooks().remove(3));
  store.reset();
  open();
  EXPECT_EQ(add(), 4);
  store.reset();  // A store of the schema before goes on behind those that it holds.
  raw("DROP TABLE webhook_number; PRAGMA user_version = 8",
      "DROP TABLE provecho.webhook_number; UPDATE provecho.made_by SET version = 8");
  open();
  EXPECT_EQ(add(), 5);
}

TEST_P(Stored, writes_all_of_a_batch_or_nothing) {
  open_with_a_draft();
  const SessionRow first = counted_session(1, 7);
  const SessionRow twice = counted_session(2, 7);
  // The same customer counted twice: the store itself refuses.
  const SessionRow rows[] = {first, twice};
  const CounterRow counter{"session", "sampled", 2};
  EXPECT_FALSE(store->write(kFirst, {.sessions = rows, .counters = std::span(&counter, 1)}));
  EXPECT_FALSE((*store->session(kFirst, first.session)).has_value());
  EXPECT_TRUE(store->counters(kFirst)->empty());
  EXPECT_TRUE(store->write(kFirst, {.sessions = std::span(&first, 1)}));
  // No such experiment.
  EXPECT_FALSE(store->write(ExperimentId(99), {.sessions = std::span(&twice, 1)}));
}

TEST_P(Stored, replaces_what_has_the_same_key_also_within_one_batch) {
  open_with_a_draft();
  std::vector<SessionRow> rows;
  for (std::int64_t i = 0; i < 3000; ++i) rows.push_back(counted_session(i % 2000, i % 2000));
  rows.back().revenue = base::Cents(5);
  const CounterRow counters[] = {{"b", "x", 1}, {"B", "x", 2}, {"a", "y", 3}, {"b", "x", 4}};
  ASSERT_TRUE(store->write(kFirst, {.sessions = rows, .counters = counters}));
  std::vector<std::int64_t> seen;
  ASSERT_TRUE(store->each_session(
      kFirst, [&](const SessionRow& row) { seen.push_back(row.session.value()); }));
  ASSERT_EQ(seen.size(), 2000u);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  EXPECT_EQ((*store->session(kFirst, event::SessionId(999)))->revenue, base::Cents(5));
  std::string order;  // By bytes, whatever the server's locale.
  const auto stored = store->counters(kFirst);
  for (const CounterRow& counter : *stored) order += counter.topic + std::to_string(counter.count);
  EXPECT_EQ(order, "B2a3b4");
}

TEST_P(Stored, refuses_a_second_writer_a_newer_schema_and_other_programs_tables) {
  open_with_a_draft();
  EXPECT_NE(refusal().find("is being written by another"), std::string::npos) << refusal();
  store.reset();
  EXPECT_EQ(refusal(2000), "");
  raw("PRAGMA user_version = 99", "UPDATE provecho.made_by SET version = 99");
  EXPECT_NE(refusal().find("has schema 99, this program knows schemas up to"), std::string::npos)
      << refusal();
  if (GetParam() == Database::kSqlite) std::filesystem::remove(bed.path());
  raw("CREATE TABLE theirs (x INTEGER)",
      "SET client_min_messages = error; DROP SCHEMA provecho CASCADE; CREATE SCHEMA provecho; "
      "CREATE TABLE provecho.theirs (x INT)");
  EXPECT_NE(refusal().find("another program's"), std::string::npos) << refusal();
}

TEST_P(Stored, stores_no_secret) {
  open();
  auto registry = Registry::open(*store, kNow);
  ASSERT_TRUE(registry);
  const auto id = (*registry)->create(small_plan(), {"test", kNow});
  ASSERT_TRUE(id);
  const auto tokens = (*registry)->start(*id, {"test", kNow});
  ASSERT_TRUE(tokens) << tokens.error().message;
  const ParsedToken parts = *parse_token(tokens->candidate);
  EXPECT_EQ((*store->token(std::string(parts.id)))->digest, digest_secret(parts.secret));
  registry->reset();
  store.reset();
  if (GetParam() == Database::kPostgres) {
    EXPECT_EQ(bed.server().ask("CHECKPOINT"), "");
  }
  std::int64_t ids = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(bed.folder())) {
    if (!file.is_regular_file()) continue;
    std::ifstream in(file.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    EXPECT_EQ(bytes.find(parts.secret), std::string::npos) << file.path();
    if (bytes.find(parts.id) != std::string::npos) ++ids;
  }
  EXPECT_GT(ids, 0);  // The public part is there, so this looks where the rows are.
}

INSTANTIATE_TEST_SUITE_P(store, Stored, ::testing::Values(Database::kSqlite, Database::kPostgres),
                         [](const auto& database) { return name_of(database.param); });

TEST(sqlite_store, says_what_is_wrong_with_a_file) {
  const StoreBed bed(Database::kSqlite);
  std::ofstream(bed.path()) << std::string(5000, 'x');
  const auto garbage = bed.open();
  ASSERT_FALSE(garbage);
  EXPECT_NE(garbage.error().message.find("not a database"), std::string::npos);
  const auto nowhere = open_sqlite({.path = "/nowhere/at/all.db"});
  ASSERT_FALSE(nowhere);
  EXPECT_NE(nowhere.error().message.find("its folder must exist"), std::string::npos);
}

}  // namespace
}  // namespace trial
