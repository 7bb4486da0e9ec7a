// SPDX-License-Identifier: Apache-2.0
// What only a server can do to a store: be absent, refuse, hang up.
#include "trial/postgres_store.h"

#include <gtest/gtest.h>

#include "sql/postgres.h"
#include "trial/fixture_test.h"
#include "trial/store_bed_test.h"

namespace trial {
namespace {

const base::Timestamp kNow(1'700'000'000'000'000);
const AuditRow kCreated{.at = kNow, .who = "ann", .action = "created", .detail = ""};
constexpr const char* kHangUp =
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'provecho'";

class OnAServer : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!bed.missing().empty()) GTEST_SKIP() << bed.missing();
    ASSERT_TRUE(bed.ready()) << "the PostgreSQL server does not start";
  }
  std::string refusal(const std::string& url) {
    const auto opened = open_postgres({.url = url, .wait_ms = 100});
    return opened ? "" : opened.error().message;
  }
  std::unique_ptr<Store> open() {
    auto opened = bed.open(2000);
    EXPECT_TRUE(opened) << opened.error().message;
    return opened ? *std::move(opened) : nullptr;
  }
  StoreBed bed{Database::kPostgres};
};

void expect_words(const std::string& message, const std::vector<std::string>& words) {
  for (const std::string& word : words)
    EXPECT_NE(message.find(word), std::string::npos) << word << " in " << message;
  EXPECT_EQ(message.find(sql::PostgresServer::kPassword), std::string::npos) << message;
}

TEST_F(OnAServer, says_why_it_cannot_open_and_never_the_password) {
  sql::PostgresServer& server = bed.server();
  expect_words(refusal(server.url("wrong-one")),
               {"cannot open the store 'postgresql://tester@", "password authentication failed",
                "PGPASSWORD or ~/.pgpass"});
  EXPECT_EQ(refusal(server.url("wrong-one")).find("wrong-one"), std::string::npos);
  expect_words(refusal(server.url("")), {"no password supplied", "PGPASSWORD or ~/.pgpass"});
  expect_words(refusal(server.url(sql::PostgresServer::kPassword, "nowhere")),
               {"database \"nowhere\" does not exist"});
  EXPECT_EQ(server.ask("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LOCALE 'C'"),
            "");
  expect_words(refusal(server.url(sql::PostgresServer::kPassword, "latin")),
               {"a database in LATIN1", "createdb --encoding=UTF8"});
  EXPECT_EQ(server.ask("CREATE ROLE guest LOGIN PASSWORD 'pass-of-the-guest'"), "");
  expect_words(refusal("postgresql://guest:pass-of-the-guest@/postgres?host=" + server.folder()),
               {"permission denied", "CREATE SCHEMA provecho AUTHORIZATION"});
  EXPECT_EQ(server.ask("CREATE SCHEMA provecho AUTHORIZATION guest"), "");
  EXPECT_EQ(refusal("postgresql://guest:pass-of-the-guest@/postgres?host=" + server.folder()), "");
  server.kill();
  expect_words(refusal(server.url()), {"cannot open the store", "Is the server running"});
}

TEST_F(OnAServer, goes_on_after_a_lost_session_with_nothing_half_written) {
  const std::unique_ptr<Store> store = open();
  ASSERT_TRUE(store->create(small_plan(), kCreated));
  SessionRow row;
  row.session = event::SessionId(1);
  const VerdictRow verdict{kNow, "hash", "BETTER", "figures"};
  const Batch batch{.sessions = std::span(&row, 1), .verdict = &verdict};
  EXPECT_EQ(bed.server().ask(kHangUp), "t");
  const auto lost = store->write(ExperimentId(1), batch);
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().kind, base::ErrorKind::kSystem);
  expect_words(lost.error().message, {"out of reach"});
  EXPECT_FALSE((*store->session(ExperimentId(1), row.session)).has_value());
  EXPECT_TRUE(store->write(ExperimentId(1), batch));
  EXPECT_EQ(*store->verdict(ExperimentId(1)), std::optional(verdict));
  // A session is lost as a write begins, but that write came to its end before: the same again.
  EXPECT_EQ(bed.server().ask(kHangUp), "t");
  ASSERT_FALSE(store->write(ExperimentId(1), batch));
  EXPECT_TRUE(store->write(ExperimentId(1), batch));
  EXPECT_FALSE(store->write(ExperimentId(1), batch));  // Nothing was lost: a second verdict.
  // Its lock is taken again.
  EXPECT_NE(refusal(bed.server().url()).find("being written by another platform"),
            std::string::npos);
}

TEST_F(OnAServer, gives_way_for_good_to_another_platform_that_wrote_meanwhile) {
  const std::unique_ptr<Store> first = open();
  ASSERT_TRUE(first->create(small_plan(), kCreated));
  const CounterRow counter{"session", "sampled", 1};
  const Batch batch{.counters = std::span(&counter, 1)};
  EXPECT_EQ(bed.server().ask(kHangUp), "t");
  { const std::unique_ptr<Store> second = open(); }
  EXPECT_FALSE(first->write(ExperimentId(1), batch));
  for (int attempt = 0; attempt < 2; ++attempt) {
    const auto refused = first->write(ExperimentId(1), batch);
    ASSERT_FALSE(refused);
    expect_words(refused.error().message, {"another platform has written", "start this one again"});
  }
  EXPECT_TRUE(open()->counters(ExperimentId(1))->empty());
}

TEST_F(OnAServer, waits_for_the_disk_whatever_the_server_is_told) {
  EXPECT_EQ(bed.server().ask("ALTER ROLE tester SET synchronous_commit = off"), "");
  const auto connection = sql::open_postgres_alone({.url = bed.server().url(), .schema = "x"});
  ASSERT_TRUE(connection);
  EXPECT_EQ(*(*connection)->text("SELECT current_setting('synchronous_commit')"), "on");
}

}  // namespace
}  // namespace trial
