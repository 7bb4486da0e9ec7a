// SPDX-License-Identifier: Apache-2.0
// Studies evaluated in rounds: folds, repeats, folds in the order of time.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <set>

#include "base/file.h"
#include "base/random.h"
#include "learn/evaluate.h"
#include "pmml/read/read.h"
#include "study/analysis.h"
#include "study/detail/resampled.h"
#include "study/out_of_fold.h"
#include "study/run.h"

namespace study {
namespace {

// Offers with two numbers, the first of which matters by `slope`, and their row number.
data::Table offers(std::uint64_t seed, std::size_t rows, double slope = 1.2) {
  base::Random random(seed);
  std::vector<double> id(rows), x(rows), noise(rows), gift(rows);
  std::vector<std::uint8_t> accepted(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    id[row] = static_cast<double>(row);
    x[row] = random.normal();
    noise[row] = random.normal();
    gift[row] = 1 + 10 * random.uniform();
    accepted[row] = random.bernoulli(1 / (1 + std::exp(1.1 - slope * x[row]))) ? 1 : 0;
  }
  return *data::Table::of({data::Column::of_numbers("id", id), data::Column::of_numbers("x", x),
                           data::Column::of_numbers("noise", noise),
                           data::Column::of_numbers("gift", gift),
                           data::Column::of_bytes("accepted", accepted)});
}

base::Result<Ground> prepare(const data::Table& table, const Evaluation& evaluation,
                             const std::string& income_column = {}) {
  return Ground::prepare({.offers = table}, *profit::economics_from_q(3),
                         {.target = "accepted",
                          .exclude = {"id", "gift"},
                          .income_column = income_column,
                          .evaluation = evaluation});
}

Ground ground_of(const data::Table& table, const Evaluation& evaluation,
                 const std::string& income_column = {}) {
  base::Result<Ground> ground = prepare(table, evaluation, income_column);
  EXPECT_TRUE(ground) << ground.error().message;
  return std::move(*ground);
}

Recipe own(const std::string& name, Point settings) {
  return {.name = name, .generation = "own", .settings = std::move(settings)};
}

std::vector<Recipe> three() {
  return {own("linear", {{"learner", std::string(kLogisticRegression)}}),
          own("tree", {{"learner", std::string(kDecisionTree)}, {"calibration", "isotonic"}}),
          own("one", {{"learner", std::string(kLogisticRegression)},
                      {"balance", "smote"},
                      {"attributes", std::int64_t{1}}})};
}

class RoundsTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::remove_all(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  RunOptions options(std::vector<Recipe> recipes, int threads = 2) {
    return {.recipes = std::move(recipes), .folder = folder_, .keep = 3, .threads = threads};
  }
  static RunResult play(const Ground& ground, const RunOptions& options) {
    base::Result<RunResult> result = run(ground, options, {}, {});
    EXPECT_TRUE(result) << result.error().message;
    return std::move(*result);
  }
  std::string folder_ = testing::TempDir() + "provecho_rounds_" + std::to_string(getpid()) + "_" +
                        testing::UnitTest::GetInstance()->current_test_info()->name();
};

std::set<double> ids(const Rows& rows) {
  const auto numbers = rows.table.find("id")->numbers();
  return {numbers.begin(), numbers.end()};
}

std::string figures(Model model) {
  model.seconds = model.seconds_of_rounds = model.nanoseconds_a_row = 0;
  return model.recipe.name + write_figures(model);
}

TEST_F(RoundsTest, folds_test_every_row_once_by_models_that_have_not_seen_it) {
  const Ground ground = ground_of(offers(1, 601), {.folds = 4, .repeats = 2});
  ASSERT_EQ(ground.rounds().size(), 8U);
  std::set<double> tested;
  for (std::size_t i = 0; i < 8; ++i) {
    const Ground& round = ground.rounds()[i];
    const std::set<double> test = ids(round.test());
    for (const Rows* rows : {&round.train(), &round.validation()}) {
      for (const double id : ids(*rows)) EXPECT_FALSE(test.contains(id));
    }
    EXPECT_EQ(test.size() + ids(round.train()).size() + ids(round.validation()).size(), 601U);
    if (i < 4) tested.insert(test.begin(), test.end());
  }
  EXPECT_EQ(tested.size(), 601U);
  EXPECT_EQ(ids(ground.train()).size(), 601U);
  EXPECT_EQ(ground.test().labels.values.size(), 601U);
  EXPECT_EQ(ground.test().table.find("id")->number(7), ground.tested()[7]);
  EXPECT_NE(ids(ground.rounds()[0].test()), ids(ground.rounds()[4].test()));
}

TEST_F(RoundsTest, in_time_models_are_tested_on_what_comes_after) {
  const Ground ground = ground_of(offers(2, 800), {.order = Order::kTime, .folds = 3});
  ASSERT_EQ(ground.rounds().size(), 3U);
  for (const Ground& round : ground.rounds()) {
    EXPECT_LT(*ids(round.train()).rbegin(), *ids(round.validation()).begin());
    EXPECT_LT(*ids(round.validation()).rbegin(), *ids(round.test()).begin());
  }
  EXPECT_EQ(*ids(ground.test()).begin(), 200);
  EXPECT_EQ(ground.test().labels.values.size(), 600U);
}

TEST_F(RoundsTest, refuses_what_cannot_be_had_together) {
  const data::Table table = offers(3, 300);
  const auto message = [&](const Evaluation& evaluation) {
    return prepare(table, evaluation).error().message;
  };
  EXPECT_EQ(message({.folds = 1}),
            "--folds takes 2 or more: with fewer no row is left to train on. Leave it away to test "
            "on rows held out once");
  EXPECT_EQ(message({.repeats = 0}), "--repeats takes 1 or more");
  EXPECT_EQ(message({.order = Order::kTime, .folds = 3, .repeats = 2}),
            "rows in the order of time can be parted in one way only: leave --repeats away, and "
            "give more --folds for more rounds");
  EXPECT_FALSE(prepare(table, {.repeats = 2, .test_share = 0}));
  EXPECT_FALSE(prepare(table, {.folds = 200}));  // More folds than acceptances.
  const auto given = [&](Evaluation evaluation, Tables tables) {
    return Ground::prepare(std::move(tables), *profit::economics_from_q(3),
                           {.target = "accepted", .evaluation = evaluation})
        .error()
        .message;
  };
  EXPECT_EQ(given({.folds = 3}, {.offers = offers(3, 300), .test = offers(4, 300)}),
            "--folds tests on every row: leave --test away, or --folds to test on a file");
  EXPECT_EQ(given({.repeats = 3}, {.offers = offers(3, 300), .validation = offers(4, 300)}),
            "--folds and --repeats draw the rows anew for every round: --test and --validation "
            "must then be shares, not files");
}

TEST_F(RoundsTest, counts_are_the_sums_of_the_rounds) {
  const Ground ground = ground_of(offers(5, 900), {.folds = 3, .repeats = 2});
  const Recipe tree = three()[1];
  const MadeModel made = *make_model(ground, tree, 1, ThresholdRule::kBest);
  metric::Confusion sum;
  double auc = 0;
  std::vector<std::uint8_t> offered;
  for (std::size_t i = 0; i < 6; ++i) {
    const Ground& round = ground.rounds()[i];
    const Model one = make_model(round, tree, 1, ThresholdRule::kBest)->model;
    EXPECT_EQ(made.model.rounds[i].test, one.test);
    sum += one.test;
    auc += *one.auc / 6;
    const auto offers = unpack(one.decisions, round.test().labels.values.size());
    if (i < 3) offered.insert(offered.end(), offers.begin(), offers.end());
  }
  EXPECT_EQ(made.model.test, sum);
  EXPECT_EQ(made.model.test.total(), 1800);
  EXPECT_NEAR(*made.model.auc, auc, 1e-12);
  EXPECT_EQ(made.model.decisions, pack(offered));
}

// Features say nothing of the target: a tree that splits down to single rows knows its own rows by
// heart (AUC 1). Seed 6, 300 of 1,200 rows accept: the error of an AUC is 0.02, the margin 0.06.
TEST_F(RoundsTest, an_overfitted_model_is_found_to_know_nothing) {
  const Ground ground = ground_of(offers(6, 1200, /*slope=*/0), {.folds = 5});
  const Recipe deep = own("deep", {{"learner", std::string(kDecisionTree)},
                                   {"max_depth", std::int64_t{30}},
                                   {"min_leaf", std::int64_t{1}}});
  const MadeModel made = *make_model(ground, deep, 1, ThresholdRule::kBest);
  EXPECT_NEAR(*made.model.auc, 0.5, 0.06);
}

TEST_F(RoundsTest, the_file_is_a_model_of_all_rows_cut_where_unseen_rows_earned_most) {
  const Ground ground = ground_of(offers(7, 900), {.folds = 3});
  const RunResult result = play(ground, options(three()));
  const Model& linear = result.models[0];
  const auto held = read_out_of_fold(out_of_fold_path(folder_, linear), ground, linear);
  ASSERT_TRUE(held) << held.error().message;
  // The best of the thresholds between neighbouring probabilities of rows not seen.
  double best = -HUGE_VAL, earned = 0;
  for (std::size_t cut = 0; cut < held->size(); ++cut) {
    double profit = 0;
    for (std::size_t row = 0; row < held->size(); ++row) {
      if ((*held)[row] > (*held)[cut]) profit += ground.test().labels.values[row] != 0 ? 2 : -1;
    }
    best = std::max(best, profit);
  }
  for (std::size_t row = 0; row < held->size(); ++row) {
    if ((*held)[row] > linear.threshold) earned += ground.test().labels.values[row] != 0 ? 2 : -1;
  }
  EXPECT_EQ(earned, best);
  // Its probabilities are those of a model for whose sake no row was held out.
  const auto whole = Ground::prepare(
      {.offers = offers(7, 900), .validation = offers(20, 300), .test = offers(21, 300)},
      *profit::economics_from_q(3), {.target = "accepted", .exclude = {"id", "gift"}});
  ASSERT_TRUE(whole) << whole.error().message;
  const MadeModel of_all = *make_model(*whole, linear.recipe, 1, ThresholdRule::kBest);
  const auto file = pmml::read(*base::read_file(model_path(folder_, linear)));
  ASSERT_TRUE(file) << file.error().message;
  const data::Table& rows = whole->test().table;
  EXPECT_EQ(learn::score(*file, rows, "1")->probabilities,
            learn::score(of_all.document, rows, "1")->probabilities);
}

TEST_F(RoundsTest, is_the_same_with_any_number_of_threads_and_after_a_stop_between_folds) {
  const Ground ground = ground_of(offers(8, 900), {.folds = 3, .repeats = 2});
  const RunResult alone = play(ground, options(three(), 1));
  std::filesystem::remove_all(folder_);
  std::stop_source source;
  std::size_t total = 0;
  const auto part = run(ground, options(three(), 1), source.get_token(), [&](const auto& now) {
    total = now.total;
    if (now.done == 8) source.request_stop();  // In the second model.
  });
  ASSERT_TRUE(part) << part.error().message;
  EXPECT_EQ(total, 18U);
  EXPECT_TRUE(part->stopped);
  EXPECT_EQ(part->models.size(), 1U);
  std::size_t done = 0;
  const auto resumed =
      run(ground, options(three(), 3), {}, [&](const auto& now) { done = now.done; });
  ASSERT_TRUE(resumed) << resumed.error().message;
  EXPECT_EQ(resumed->resumed, 1U);
  EXPECT_EQ(done, 18U);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_EQ(figures(resumed->models[i]), figures(alone.models[i]));
}

TEST_F(RoundsTest, a_search_that_halves_goes_over_the_rounds) {
  const Ground ground = ground_of(offers(9, 1200), {.folds = 2});
  RunOptions wanted = options({});
  wanted.search = SearchPlan{{std::string(kLogisticRegression)},
                             {.method = Method::kHalving, .trials = 13, .batch = 9}};
  const RunResult result = play(ground, wanted);
  ASSERT_EQ(result.models.size(), 13U);
  for (const Model& model : result.models) EXPECT_EQ(model.rounds.size(), 2U);
  const auto analysis = analyse(ground, result.models, {.folder = folder_});
  ASSERT_TRUE(analysis) << analysis.error().message;
}

// By hand: mean 0.25, s² = 1/60, (1/4 + 1/4)·s² = 1/120; t = 0.25·√120 on 3 degrees of freedom,
// whose distribution has a closed form: P(|T| > t) = 1 − 2/π·(θ + sin θ·cos θ), θ = atan(t/√3).
TEST_F(RoundsTest, the_variance_over_rounds_counts_shared_rows) {
  const std::vector<double> values = {0.1, 0.3, 0.2, 0.4};
  const detail::Resampled spread = detail::corrected_resampled(values, 0.25, 0.95);
  EXPECT_NEAR(spread.standard_error, std::sqrt(1.0 / 120), 1e-12);
  EXPECT_NEAR(spread.t, 0.25 * std::sqrt(120.0), 1e-12);
  const double angle = std::atan(spread.t / std::sqrt(3.0));
  EXPECT_NEAR(spread.p, 1 - 2 / M_PI * (angle + std::sin(angle) * std::cos(angle)), 1e-12);
  EXPECT_NEAR(spread.half_width, 3.182446305284 * spread.standard_error, 1e-9);
}

TEST_F(RoundsTest, repeats_give_intervals_over_rounds) {
  for (const std::string& income : {std::string(), std::string("gift")}) {
    std::filesystem::remove_all(folder_);
    const Ground ground = ground_of(offers(10, 1500), {.repeats = 4}, income);
    const RunResult result = play(ground, options(three()));
    const auto analysis = analyse(ground, result.models, {.folder = folder_});
    ASSERT_TRUE(analysis) << analysis.error().message;
    EXPECT_FALSE(analysis->corrected);
    ASSERT_EQ(analysis->ranking.size(), 6U);
    const Ranked& leader = analysis->ranking.front();
    std::vector<double> rap;
    for (const RoundFigures& round : leader.model.rounds) rap.push_back(*round.rap);
    ASSERT_EQ(rap.size(), 4U);
    // 15 % of the rows test and the rest makes the model.
    const detail::Resampled spread = detail::corrected_resampled(rap, 0.15 / 0.85, 0.95);
    EXPECT_NEAR(leader.money.rap.standard_error, spread.standard_error,
                0.02 * spread.standard_error);
    EXPECT_NEAR(leader.money.rap.high - leader.money.rap.low, 2 * spread.half_width,
                0.04 * spread.half_width);
    double mean = 0;
    for (const double one : rap) mean += one / 4;
    EXPECT_NEAR(leader.money.rap.estimate, mean, 1e-9);
    for (std::size_t i = 1; i < analysis->ranking.size(); ++i) {
      EXPECT_GE(analysis->ranking[i - 1].money.rap.estimate,
                analysis->ranking[i].money.rap.estimate);
      EXPECT_TRUE(analysis->ranking[i].p_holm);
    }
  }
}

TEST_F(RoundsTest, a_file_of_other_rows_is_refused) {
  const Ground ground = ground_of(offers(11, 900), {.folds = 3});
  const RunResult result = play(ground, options(three()));
  const std::string path = out_of_fold_path(folder_, result.models[0]);
  ASSERT_TRUE(base::write_file(path, "probability,offer\n0.5,1\n0.4,0\n"));
  const auto analysis = analyse(ground, result.models, {.folder = folder_});
  ASSERT_FALSE(analysis);
  EXPECT_NE(analysis.error().message.find("it is another model's"), std::string::npos);
}

}  // namespace
}  // namespace study
