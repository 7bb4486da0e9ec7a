// SPDX-License-Identifier: Apache-2.0
#include "trial/sqlite_store.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "trial/fixture_test.h"

namespace trial {
namespace {

class InAFile : public ::testing::Test, protected Fixture {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("store_test_" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder_);
    path = (folder_ / "store.db").string();
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string refusal() {
    const auto opened = open_sqlite({.path = path});
    return opened ? "" : opened.error().message;
  }
  void raw(const char* sql) {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(handle);
    sqlite3_close(handle);
  }
  std::string path;

 private:
  std::filesystem::path folder_;
};

TEST_F(InAFile, keeps_rows_to_the_bit) {
  begin(small_plan(), path);
  SessionRow row;
  row.session = event::SessionId(-5);
  row.customer = event::CustomerId(INT64_MIN);
  row.arm = event::System::kCandidate;
  row.counted = true;
  row.opened_at = base::Timestamp(123);
  ASSERT_TRUE(store().write(ExperimentId(1), {.sessions = std::span(&row, 1)}));
  EXPECT_EQ(*store().session(ExperimentId(1), row.session), std::optional(row));
  row.of(event::System::kBase) = {Word::kShow, true, base::Duration(9)};
  row.of(event::System::kCandidate) = {Word::kHide, false, base::Duration(8)};
  row.executed = Word::kHide;
  row.reason = event::DecisionReason::kTimeout;
  row.executed_at = base::Timestamp(456);
  row.closing = Closing::kTimeout;
  row.closed_at = base::Timestamp(789);
  row.revenue = base::Cents(1'000'000'000'000);
  row.accepted = true;
  const SeriesPoint point{base::Timestamp(5), 10, 0.1 + 0.2, -1e-300, 1e300};
  ASSERT_TRUE(store().write(ExperimentId(1),
                            {.sessions = std::span(&row, 1), .series = std::span(&point, 1)}));
  EXPECT_EQ(*store().session(ExperimentId(1), row.session), std::optional(row));
  EXPECT_EQ(store().series(ExperimentId(1))->at(0), point);
  EXPECT_FALSE((*store().session(ExperimentId(1), event::SessionId(6))).has_value());
}

TEST_F(InAFile, writes_all_of_a_batch_or_nothing) {
  begin(small_plan(), path);
  SessionRow first;
  first.session = event::SessionId(1);
  first.customer = event::CustomerId(7);
  first.counted = true;
  SessionRow twice = first;
  twice.session = event::SessionId(2);
  const SessionRow rows[] = {first,
                             twice};  // The same customer counted twice: the store itself refuses.
  EXPECT_FALSE(store().write(ExperimentId(1), {.sessions = rows}));
  EXPECT_FALSE((*store().session(ExperimentId(1), first.session)).has_value());
  EXPECT_TRUE(store().write(ExperimentId(1), {.sessions = std::span(&first, 1)}));
  EXPECT_FALSE(
      store().write(ExperimentId(99), {.sessions = std::span(&twice, 1)}));  // No such experiment.
}

TEST_F(InAFile, refuses_a_newer_schema_and_other_programs_files) {
  { begin(small_plan(), path); }
  EXPECT_NE(refusal().find("another process"), std::string::npos) << refusal();
  reset();
  EXPECT_EQ(refusal(), "");
  raw("PRAGMA user_version = 99");
  EXPECT_NE(refusal().find("has schema 99, this program knows schemas up to 2"), std::string::npos)
      << refusal();
  std::filesystem::remove(path);
  raw("CREATE TABLE theirs (x)");
  EXPECT_NE(refusal().find("another program's SQLite file"), std::string::npos) << refusal();
  std::filesystem::remove(path);
  std::ofstream(path) << std::string(5000, 'x');
  EXPECT_NE(refusal().find("not a database"), std::string::npos) << refusal();
  path = "/nowhere/at/all.db";
  EXPECT_NE(refusal().find("its folder must exist"), std::string::npos) << refusal();
}

TEST_F(InAFile, stores_no_secret) {
  begin(small_plan(), path);
  const std::string secret(parse_token(token(event::System::kCandidate))->secret);
  reset();
  for (const auto& file :
       std::filesystem::directory_iterator(std::filesystem::path(path).parent_path())) {
    std::ifstream in(file.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    EXPECT_EQ(bytes.find(secret), std::string::npos) << file.path();
  }
}

}  // namespace
}  // namespace trial
