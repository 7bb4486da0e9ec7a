// SPDX-License-Identifier: Apache-2.0
#include "learn/naive_bayes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "learn/detail/learner_test_data.h"

namespace learn {
namespace {

using detail::Counted;
using detail::Customers;

TrainingSet set_of(const data::Table& table, const Labels& labels) {
  TrainingSet set{.columns = {}, .labels = &labels};
  for (const data::Column& column : table.columns()) set.columns.push_back(&column);
  return set;
}

std::vector<double> scores_of(const Trained& trained, const data::Table& table) {
  return score(trained.document, table, "1")->probabilities;
}

TEST(NaiveBayes, has_the_probabilities_of_gaussian_nb) {
  // scikit-learn 1.8: GaussianNB().predict_proba of the first five rows; it adds 1e-9 of another
  // variance.
  const double expected[] = {0.7995764388440543, 0.044231152182572446, 0.034885138415625135,
                             0.13084785354727355, 0.41288687969966675};
  const Counted data;
  const data::Table table = data.table();
  const Labels labels = data.named_labels();
  const auto p = scores_of(*train_naive_bayes(set_of(table, labels), {}, {}), table);
  for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(p[i], expected[i], 1e-7);
}

TEST(NaiveBayes, counts_texts_and_passes_over_what_is_missing) {
  // Of 4 who accept, 3 live in Lima and 1 in Rome; of 4 who do not, 1 in Lima, 2 in Rome, 1
  // unknown.
  const std::vector<std::string> cities = {"Lima", "Lima", "Lima", "Rome",
                                           "Lima", "Rome", "Rome", ""};
  const data::Table table = *data::Table::of({data::Column::of_strings("city", cities)});
  Labels labels{.column = "y", .positive = "1", .negative = "0", .numeric = true};
  labels.values = {1, 1, 1, 1, 0, 0, 0, 0};
  const Trained trained = *train_naive_bayes(set_of(table, labels), {}, {});
  const auto p = scores_of(trained, table);
  // With 1 added to each count: 4/6 against 2/5, and 2/6 against 3/5.
  EXPECT_NEAR(p[0], 4.0 / 6 / (4.0 / 6 + 2.0 / 5), 1e-15);
  EXPECT_NEAR(p[3], 2.0 / 6 / (2.0 / 6 + 3.0 / 5), 1e-15);
  EXPECT_NEAR(p[7], 0.5, 1e-15);
  const data::Table paris =
      *data::Table::of({data::Column::of_strings("city", std::vector<std::string>{"Paris"})});
  EXPECT_NEAR(scores_of(trained, paris)[0], 0.5, 1e-15);
}

TEST(NaiveBayes, lets_no_outlier_silence_the_other_columns) {
  // Means 0 and 1, deviations near 1: at 1e6 either density is below 1e-300, which stands for both.
  base::Random random(3);
  std::vector<double> x;
  Labels labels{.column = "y", .positive = "1", .negative = "0", .numeric = true};
  for (int i = 0; i < 400; ++i) {
    labels.values.push_back(i % 4 == 0 ? 1 : 0);
    x.push_back(random.normal() + labels.values.back());
  }
  const data::Table table = *data::Table::of({data::Column::of_numbers("x", x)});
  const Trained trained = *train_naive_bayes(set_of(table, labels), {}, {});
  for (const double far : {1e6, -1e9, 1e300}) {
    const data::Table outlier = *data::Table::of({data::Column::of_numbers("x", {far})});
    EXPECT_NEAR(scores_of(trained, outlier)[0], 0.25, 1e-12);
  }
}

TEST(NaiveBayes, takes_a_weight_for_a_repeated_row) {
  const Counted data, repeated = data.repeated();
  const data::Table table = data.table(), long_table = repeated.table();
  const Labels labels = data.named_labels(), long_labels = repeated.named_labels();
  const std::vector<double> weights = data.weights();
  TrainingSet set = set_of(table, labels);
  set.weights = weights;
  const auto a = scores_of(*train_naive_bayes(set, {}, {}), table);
  const auto b = scores_of(*train_naive_bayes(set_of(long_table, long_labels), {}, {}), table);
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(a[i], b[i], 1e-12);
}

TEST(NaiveBayes, is_the_same_with_any_number_of_threads) {
  const Customers customers(1000, 2);
  const Trained one = *train_naive_bayes(customers.set(), {}, {.threads = 1});
  EXPECT_EQ(one.document, train_naive_bayes(customers.set(), {}, {.threads = 4})->document);
  EXPECT_GT(customers.auc(customers.scored(one.document)), 0.65);
}

TEST(NaiveBayes, leaves_out_what_one_class_lacks_and_refuses_what_it_cannot_use) {
  const double missing = std::numeric_limits<double>::quiet_NaN();
  const data::Table table =
      *data::Table::of({data::Column::of_numbers("x", {1, 2, missing, missing}),
                        data::Column::of_bytes("z", {1, 2, 3, 4})});
  Labels labels{.column = "y", .positive = "1", .negative = "0", .numeric = true};
  labels.values = {1, 1, 0, 0};
  TrainingSet set = set_of(table, labels);
  const Trained trained = *train_naive_bayes(set, {}, {});
  ASSERT_EQ(trained.notes.size(), 1U);
  EXPECT_EQ(trained.notes[0], "column 'x' is left out: one of the classes has no value of it");
  set.columns = {set.columns[0]};
  EXPECT_EQ(train_naive_bayes(set, {}, {}).error().message,
            "no column has anything to tell: all are constant or empty");
  EXPECT_EQ(train_naive_bayes(set, {.laplace = 0}, {}).error().message,
            "laplace is 0: it must be finite and above 0");
}

}  // namespace
}  // namespace learn
