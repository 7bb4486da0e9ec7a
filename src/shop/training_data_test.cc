// SPDX-License-Identifier: Apache-2.0
#include "shop/training_data.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "shop/law.h"

namespace {

using namespace shop;

std::string path_for(const char* name) { return ::testing::TempDir() + "shop_" + name; }

std::string content(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> result;
  std::istringstream stream(line);
  for (std::string cell; std::getline(stream, cell, ',');) result.push_back(cell);
  return result;
}

TEST(TrainingData, writes_each_customer_with_the_label) {
  const std::string path = path_for("training.csv");
  ASSERT_TRUE(write_training_csv(path, {.rows = 20, .seed = 5, .first_row = 100}));
  std::istringstream file(content(path));
  std::string line;
  ASSERT_TRUE(std::getline(file, line));
  const auto header = cells(line);
  ASSERT_EQ(header.size(), 115U);
  EXPECT_EQ(line.substr(0, 37), "uuid,age,man,woman,cat17,cat74,cat42,");
  EXPECT_EQ(header.back(), "bought");
  const Population population(5);
  for (std::int64_t uuid = kFirstTrainingUuid + 100; uuid < kFirstTrainingUuid + 120; ++uuid) {
    ASSERT_TRUE(std::getline(file, line));
    const auto row = cells(line);
    ASSERT_EQ(row.size(), header.size());
    const Customer c = population.customer(uuid);
    EXPECT_EQ(row[0], std::to_string(uuid));
    EXPECT_EQ(row[1], std::to_string(c.age));
    EXPECT_EQ(row[2], c.man ? "1" : "0");
    EXPECT_EQ(row[3], c.man ? "0" : "1");
    for (int j = 0; j < kFlagCount; ++j) {
      EXPECT_EQ(header[static_cast<std::size_t>(4 + j)], flag_name(j));
      EXPECT_EQ(row[static_cast<std::size_t>(4 + j)], c.flags.test(j) ? "1" : "0");
    }
    EXPECT_EQ(row.back(), c.would_accept ? "1" : "0");
  }
  EXPECT_FALSE(std::getline(file, line));
}

TEST(TrainingData, writes_live_customers_without_label_and_never_a_training_uuid) {
  const std::string path = path_for("customers.csv");
  ASSERT_TRUE(write_customers_csv(path, {.rows = 3, .seed = 5}));
  std::istringstream file(content(path));
  std::string line;
  ASSERT_TRUE(std::getline(file, line));
  EXPECT_EQ(cells(line).size(), 114U);
  ASSERT_TRUE(std::getline(file, line));
  EXPECT_EQ(cells(line)[0], "1000000001");
  static_assert(kFirstTrainingUuid + kCustomersPerRange <= kFirstLiveUuid);
}

TEST(TrainingData, is_the_same_file_whenever_written) {
  const std::string a = path_for("a.csv");
  const std::string b = path_for("b.csv");
  ASSERT_TRUE(write_training_csv(a, {.rows = 10'000, .seed = 2019}));
  ASSERT_TRUE(write_training_csv(b, {.rows = 10'000, .seed = 2019}));
  EXPECT_EQ(content(a), content(b));
  EXPECT_GT(content(a).size(), 2'000'000U);  // More than one buffer.
}

TEST(TrainingData, reports_progress_up_to_the_end) {
  std::int64_t last = -1;
  ASSERT_TRUE(write_training_csv(path_for("progress.csv"), {.rows = 9000, .seed = 1},
                                 [&](std::int64_t done, std::int64_t total) {
                                   EXPECT_GE(done, last);
                                   EXPECT_EQ(total, 9000);
                                   last = done;
                                 }));
  EXPECT_EQ(last, 9000);
}

TEST(TrainingData, refuses_impossible_sizes) {
  EXPECT_EQ(write_training_csv(path_for("x.csv"), {.rows = 0}).error().kind,
            base::ErrorKind::kInput);
  EXPECT_FALSE(write_training_csv(path_for("x.csv"), {.rows = kCustomersPerRange + 1}));
  EXPECT_FALSE(write_training_csv(path_for("x.csv"), {.rows = 1, .first_row = kCustomersPerRange}));
  EXPECT_FALSE(write_training_csv(path_for("x.csv"), {.rows = 1, .first_row = -1}));
  EXPECT_FALSE(std::filesystem::exists(path_for("x.csv")));
}

TEST(TrainingData, says_which_file_it_could_not_write) {
  const auto result = write_training_csv("/nonexistent/folder/x.csv", {.rows = 1});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, base::ErrorKind::kSystem);
  EXPECT_NE(result.error().message.find("/nonexistent/folder/x.csv"), std::string::npos);
}

TEST(TrainingData, leaves_no_half_file_when_the_disk_is_full) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP();
  const std::string link = path_for("full.csv");
  std::filesystem::remove(link + ".partial");
  std::filesystem::create_symlink("/dev/full", link + ".partial");
  EXPECT_FALSE(write_training_csv(link, {.rows = 10'000}));
  EXPECT_FALSE(std::filesystem::exists(link));
  EXPECT_FALSE(std::filesystem::is_symlink(link + ".partial"));
}

}  // namespace
