// SPDX-License-Identifier: Apache-2.0
#include "learn/feature_elimination.h"

#include <gtest/gtest.h>

#include "learn/detail/learner_test_data.h"
#include "learn/prepared.h"

namespace learn {
namespace {

using detail::Counted;
using detail::Customers;

TEST(FeatureElimination, has_the_order_of_scikit_learn) {
  // scikit-learn 1.8: RFE(LogisticRegression(tol=1e-10), n_features_to_select=1) on
  // StandardScaler's columns ranks x0 … x7 as 1 3 4 2 5 6 7 8; with step=3 and two to keep as
  // 1 2 2 1 2 3 3 3.
  const Counted data;
  const data::Table table = data.table();
  const Labels labels = data.named_labels();
  TrainingSet set{.columns = {}, .labels = &labels};
  for (const data::Column& column : table.columns()) set.columns.push_back(&column);
  const Elimination one_by_one = *eliminate_features(set, {}, {});
  EXPECT_EQ(one_by_one.order, (std::vector<std::size_t>{0, 3, 1, 2, 4, 5, 6, 7}));
  ASSERT_EQ(one_by_one.steps.size(), 8U);
  EXPECT_EQ(one_by_one.steps[6].columns, (std::vector<std::size_t>{0, 3}));

  const Elimination by_threes = *eliminate_features(set, {.step = 3, .least = 2}, {});
  ASSERT_EQ(by_threes.steps.size(), 3U);
  EXPECT_EQ(by_threes.steps[1].columns, (std::vector<std::size_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(by_threes.steps[2].columns, (std::vector<std::size_t>{0, 3}));
  EXPECT_EQ(by_threes.order.size(), 8U);
}

TEST(FeatureElimination, fits_each_size_as_if_alone) {
  const Customers customers(3000, 1);
  const TrainingSet set = customers.set();
  const EliminationOptions options = {
      .logistic = {.penalty_scale = PenaltyScale::kDeviations, .tolerance = 1e-10}};
  const Elimination path = *eliminate_features(set, options, {});
  EXPECT_EQ(path.order.back(), 4U);  // "always".
  ASSERT_EQ(path.steps.size(), 4U);
  for (const EliminationStep& step : path.steps) {
    TrainingSet some = set;
    some.columns.clear();
    for (const std::size_t c : step.columns) some.columns.push_back(set.columns[c]);
    const Trained alone = *train_logistic(some, options.logistic, {});
    const std::vector<double> a = customers.scored(step.trained.document),
                              b = customers.scored(alone.document);
    for (std::size_t i = 0; i < a.size(); ++i) ASSERT_NEAR(a[i], b[i], 1e-7);
    EXPECT_EQ(step.trained.importance.size(), step.columns.size());
  }
}

TEST(FeatureElimination, is_the_same_with_any_number_of_threads_and_when_prepared) {
  const Customers customers(2000, 2);
  const TrainingSet set = customers.set();
  const Elimination one = *eliminate_features(set, {}, {.threads = 1});
  const Prepared prepared = *Prepared::make(set.columns, {});
  for (const int threads : {2, 4}) {
    const Elimination other = *eliminate_features(set, {}, {.threads = threads}, &prepared);
    EXPECT_EQ(one.order, other.order);
    for (std::size_t s = 0; s < one.steps.size(); ++s)
      EXPECT_EQ(one.steps[s].trained.document, other.steps[s].trained.document);
  }
}

TEST(FeatureElimination, refuses_what_it_cannot_use) {
  const Customers customers(50, 3);
  TrainingSet set = customers.set();
  EXPECT_EQ(eliminate_features(set, {.step = 0}, {}).error().message,
            "step and least must be at least 1");
  set.columns = {set.columns[4]};
  EXPECT_EQ(eliminate_features(set, {}, {}).error().message,
            "every column is constant or empty: there is nothing to choose from");
}

}  // namespace
}  // namespace learn
