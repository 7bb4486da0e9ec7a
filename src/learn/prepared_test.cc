// SPDX-License-Identifier: Apache-2.0
#include "learn/prepared.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "learn/decision_tree.h"
#include "learn/detail/tree_test_data.h"
#include "learn/gradient_boosting.h"
#include "learn/logistic_regression.h"
#include "learn/random_forest.h"

namespace learn {
namespace {

using Learner = std::function<base::Result<Trained>(const TrainingSet&, const Prepared*)>;

std::vector<Learner> learners() {
  return {[](const TrainingSet& set, const Prepared* prepared) {
            return train_decision_tree(set, {.max_leaf_nodes = 30}, {}, prepared);
          },
          [](const TrainingSet& set, const Prepared* prepared) {
            return train_random_forest(set, {.n_estimators = 4}, {}, prepared);
          },
          [](const TrainingSet& set, const Prepared* prepared) {
            return train_gradient_boosting(
                set, {.n_estimators = 4, .subsample = 0.5, .colsample_bytree = 0.6}, {}, prepared);
          },
          [](const TrainingSet& set, const Prepared* prepared) {
            return train_logistic(set, {}, {}, prepared);
          }};
}

void expect_same(const Trained& a, const Trained& b) {
  EXPECT_EQ(a.document, b.document);
  EXPECT_EQ(a.notes, b.notes);
  ASSERT_EQ(a.importance.size(), b.importance.size());
  for (std::size_t i = 0; i < a.importance.size(); ++i) {
    EXPECT_EQ(a.importance[i].column, b.importance[i].column);
    EXPECT_EQ(a.importance[i].share, b.importance[i].share);
  }
}

TEST(Prepared, gives_trees_what_they_have_without_it) {
  const detail::Made made = detail::customers(1200, 1);
  const std::vector<const data::Column*> all = made.columns();
  const Prepared prepared = *Prepared::make(all);
  // All, some in another order, among them the constant and the empty one, and only those two.
  for (const std::vector<const data::Column*>& columns :
       {all, std::vector{all[6], all[3], all[0], all[5], all[2]}, std::vector{all[6], all[5]}}) {
    const TrainingSet set{.columns = columns, .labels = &made.labels};
    for (std::size_t i = 0; i < 3; ++i) {
      SCOPED_TRACE(i);
      expect_same(*learners()[i](set, &prepared), *learners()[i](set, nullptr));
    }
  }
}

TEST(Prepared, serves_threads_that_ask_at_the_same_time) {
  const detail::Made made = detail::customers(1200, 2);
  const std::vector<const data::Column*> columns = made.columns();
  const TrainingSet set{.columns = columns, .labels = &made.labels};
  const Prepared prepared = *Prepared::make(columns);
  std::vector<pmml::Document> documents(8);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < documents.size(); ++i) {
      threads.emplace_back([&, i] { documents[i] = learners()[i % 4](set, &prepared)->document; });
    }
  }
  for (std::size_t i = 0; i < documents.size(); ++i)
    EXPECT_EQ(documents[i], learners()[i % 4](set, nullptr)->document) << i;
}

TEST(Prepared, refuses_what_a_fit_refuses_without_it) {
  const detail::Made made = detail::customers(50, 3), other = detail::customers(50, 3);
  const Prepared prepared = *Prepared::make(made.columns(), {.most_categories = 4});
  const TrainingSet set{.columns = made.columns(), .labels = &made.labels};
  for (const Learner& learner : learners())
    EXPECT_EQ(learner(set, &prepared).error().message.substr(0, 36),
              "column 'city' holds 5 different text");
  const Prepared without = *Prepared::make(std::vector{set.columns[0]});
  for (const Learner& learner : learners())
    EXPECT_EQ(learner({.columns = {other.columns()[0]}, .labels = &made.labels}, &without)
                  .error()
                  .message,
              "column 'income' is not one of those prepared");
  const data::Column one = data::Column::of_numbers("one", {1});
  EXPECT_EQ(Prepared::make(std::vector{set.columns[0], &one}).error().message,
            "column 'one' has 1 rows, column 'income' 50");
}

}  // namespace
}  // namespace learn
