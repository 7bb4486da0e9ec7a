// SPDX-License-Identifier: Apache-2.0
#include "learn/permutation_importance.h"

#include <gtest/gtest.h>

#include <map>

#include "learn/detail/learner_test_data.h"
#include "learn/naive_bayes.h"
#include "learn/nearest_neighbors.h"
#include "learn/rbf_svm.h"

namespace learn {
namespace {

using detail::Customers;

const std::vector<std::string> kColumns = {"age", "income", "city", "flag", "always"};

TEST(PermutationImportance, finds_what_the_law_depends_on) {
  // The law's log-odds vary most with age (0.05 · 11.5 years = 0.58 deviations), city (0.47), flag
  // (0.39), least with income (0.0003 · 640 = 0.19). Seed 1; a column that holds one value: none.
  const Customers training(3000, 1), others(4000, 2);
  const std::map<std::string, Trained> models = {
      {"bayes", *train_naive_bayes(training.set(), {}, {})},
      {"neighbours", *train_nearest_neighbors(training.set(), {}, {})},
      {"radial", *train_rbf_svm(training.set(), {.most_rows = 1000}, {})}};
  for (const auto& [name, trained] : models) {
    const auto found =
        permutation_importance(trained.document, others.table(), others.labels(), kColumns);
    ASSERT_TRUE(found) << found.error().message;
    ASSERT_EQ(found->size(), kColumns.size()) << name;
    double sum = 0;
    for (std::size_t i = 0; i < kColumns.size(); ++i) {
      EXPECT_EQ((*found)[i].column, kColumns[i]);
      sum += (*found)[i].share;
    }
    EXPECT_NEAR(sum, 1, 1e-12);
    EXPECT_EQ((*found)[4].share, 0) << name;
    EXPECT_GT((*found)[0].share, (*found)[1].share) << name;
    EXPECT_GT((*found)[0].share, 0.2) << name;
    EXPECT_GT((*found)[2].share, 0.1) << name;
    EXPECT_EQ(
        (*permutation_importance(trained.document, others.table(), others.labels(), kColumns))[0]
            .share,
        (*found)[0].share);
  }
}

TEST(PermutationImportance, is_empty_where_no_column_is_missed) {
  const Customers training(500, 3), others(500, 4);
  const Trained trained = *train_naive_bayes(training.set(), {}, {});
  const std::vector<std::string> idle = {"always"};
  EXPECT_TRUE(
      permutation_importance(trained.document, others.table(), others.labels(), idle)->empty());
}

TEST(PermutationImportance, refuses_rows_of_one_class_and_unknown_columns) {
  const Customers training(500, 3);
  const Trained trained = *train_naive_bayes(training.set(), {}, {});
  Labels none = training.labels();
  none.values.assign(none.values.size(), 0);
  EXPECT_FALSE(permutation_importance(trained.document, training.table(), none, kColumns));
  const std::vector<std::string> wrong = {"shoes"};
  EXPECT_FALSE(
      permutation_importance(trained.document, training.table(), training.labels(), wrong));
}

}  // namespace
}  // namespace learn
