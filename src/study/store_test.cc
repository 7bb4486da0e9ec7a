// SPDX-License-Identifier: Apache-2.0
#include "study/store.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

namespace study {
namespace {

class StoreTest : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::remove_all(folder_), std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  base::Result<Store> open(const std::string& fingerprint = "rows=4") {
    return Store::open(folder_ + "/study.sqlite", fingerprint);
  }
  // Of this test alone: ctest runs several at a time.
  std::string folder_ = testing::TempDir() + "provecho_study_store_" + std::to_string(getpid()) +
                        "_" + testing::UnitTest::GetInstance()->current_test_info()->name();
};

Recipe recipe(const std::string& name) {
  return {.name = name,
          .generation = "1",
          .settings = {{"learner", "naive-bayes"}, {"smoothing", 0.5}}};
}

Model measured(const std::string& name) {
  Model model;
  model.recipe = recipe(name);
  model.threshold = 0.1;
  model.validation = {1, 2, 3, 4};
  model.test = {5, 6, 7, 8};
  model.decisions = {0x8000000000000001ULL, 3};
  model.auc = 0.75;
  model.seconds = 1.5;
  model.nanoseconds_a_row = 12;
  model.bytes = 345;
  model.importance = {{"age", 0.9}, {"\"quoted\"", 0.1}};
  model.notes = {"a note"};
  return model;
}

TEST_F(StoreTest, gives_back_what_was_put) {
  const Model model = measured("a");
  {
    base::Result<Store> store = open();
    ASSERT_TRUE(store) << store.error().message;
    ASSERT_TRUE(store->put(model));
  }
  base::Result<Store> store = open();
  ASSERT_TRUE(store);
  const auto back = store->find(recipe("a"), 1);
  ASSERT_TRUE(back && *back) << (back ? "" : back.error().message);
  EXPECT_EQ(write_figures(**back), write_figures(model));
  EXPECT_EQ((*back)->decisions, model.decisions);
  EXPECT_FALSE((*back)->brier);
  EXPECT_FALSE(store->find(recipe("a"), 1.0 / 3)->has_value());
  EXPECT_FALSE(store->find(recipe("b"), 1)->has_value());
}

TEST_F(StoreTest, keeps_why_there_is_no_model) {
  base::Result<Store> store = open();
  ASSERT_TRUE(store);
  Model failed;
  failed.recipe = recipe("a");
  failed.failure = "column 'x' is empty";
  ASSERT_TRUE(store->put(failed));
  EXPECT_EQ((**store->find(recipe("a"), 1)).failure, "column 'x' is empty");
}

TEST_F(StoreTest, work_is_claimed_by_one_process_at_a_time) {
  base::Result<Store> one = open(), other = open();
  ASSERT_TRUE(one && other);
  EXPECT_TRUE(*one->claim(recipe("a"), 1));
  EXPECT_FALSE(*other->claim(recipe("a"), 1));
  EXPECT_TRUE(*one->claim(recipe("a"), 1)) << "its own";
  EXPECT_TRUE(*other->claim(recipe("a"), 0.5)) << "another share of rows is other work";
  ASSERT_TRUE(one->release(recipe("a"), 1));
  EXPECT_TRUE(*other->claim(recipe("a"), 1));
  ASSERT_TRUE(other->put(measured("a")));
  EXPECT_FALSE(*one->claim(recipe("a"), 1)) << "it has ended";
}

TEST_F(StoreTest, work_of_a_process_that_died_is_taken_over) {
  base::Result<Store> store = open();
  ASSERT_TRUE(store);
  {
    base::Result<Store> dead = open();
    ASSERT_TRUE(dead);
    ASSERT_TRUE(*dead->claim(recipe("a"), 1));
  }
  base::Result<sql::Database> file = sql::Database::open(folder_ + "/study.sqlite", 1000);
  ASSERT_TRUE(file);
  EXPECT_FALSE(*store->claim(recipe("a"), 1)) << "heard of a moment ago";
  ASSERT_TRUE(file->execute("UPDATE worker SET heard = heard - 31"));
  EXPECT_TRUE(*store->claim(recipe("a"), 1));
}

TEST_F(StoreTest, refuses_what_is_not_its_own) {
  ASSERT_TRUE(open("rows=4 q=2"));
  const auto other = open("rows=4 q=3");
  ASSERT_FALSE(other);
  EXPECT_NE(other.error().message.find("q=2"), std::string::npos);
  EXPECT_NE(other.error().message.find("q=3"), std::string::npos);

  base::Result<Store> store = open("rows=4 q=2");
  ASSERT_TRUE(store && store->put(measured("a")));
  Recipe edited = recipe("a");
  edited.settings["smoothing"] = 0.25;
  EXPECT_FALSE(store->find(edited, 1));
}

TEST_F(StoreTest, refuses_a_file_of_another_program) {
  {
    base::Result<sql::Database> file = sql::Database::open(folder_ + "/study.sqlite", 1000);
    ASSERT_TRUE(file && file->execute("CREATE TABLE mine (x)"));
  }
  EXPECT_FALSE(open());
}

}  // namespace
}  // namespace study
