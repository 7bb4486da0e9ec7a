// SPDX-License-Identifier: Apache-2.0
#include "study/train.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <set>
#include <utility>

#include "base/number.h"
#include "learn/calibration.h"
#include "learn/decision_tree.h"
#include "learn/derived_features.h"
#include "learn/evaluate.h"
#include "learn/gradient_boosting.h"
#include "learn/linear_svm.h"
#include "learn/logistic_regression.h"
#include "learn/naive_bayes.h"
#include "learn/nearest_neighbors.h"
#include "learn/random_forest.h"
#include "learn/rbf_svm.h"
#include "metric/curve.h"
#include "metric/probability.h"
#include "pmml/document/decision.h"
#include "pmml/write/write.h"
#include "profit/amount_models.h"
#include "profit/threshold.h"

namespace study {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

constexpr std::array<std::pair<ThresholdRule, const char*>, 3> kRules = {
    {{ThresholdRule::kBest, "best"},
     {ThresholdRule::kBreakEven, "break-even"},
     {ThresholdRule::kHalf, "half"}}};

// Empty: all rows alike.
std::vector<double> row_weights(const Ground& ground, const Recipe& recipe,
                                const learn::Labels& labels) {
  const std::string& weighting = choice(recipe, "weighting");
  if (weighting == "none") return {};
  double positive = ground.economics().q() - 1, negative = 1;
  if (weighting == "balanced") {
    const auto all = static_cast<double>(labels.values.size());
    const auto positives = static_cast<double>(labels.positives);
    positive = all / (2 * positives);
    negative = all / (2 * (all - positives));
  }
  std::vector<double> weights(labels.values.size());
  // On average 1, so that the strength of a penalty means the same with any weighting.
  double sum = 0;
  for (const std::uint8_t label : labels.values) sum += label != 0 ? positive : negative;
  const double scale = static_cast<double>(weights.size()) / sum;
  for (std::size_t row = 0; row < weights.size(); ++row)
    weights[row] = scale * (labels.values[row] != 0 ? positive : negative);
  return weights;
}

std::size_t size(const Recipe& recipe, const char* setting) {
  return static_cast<std::size_t>(whole(recipe, setting));
}

base::Result<learn::Trained> fit_forest(const Recipe& recipe, const learn::TrainingSet& set,
                                        const learn::LearnerSettings& settings,
                                        const learn::Prepared* prepared) {
  const double share = real(recipe, "column_share");
  const auto columns = static_cast<double>(set.columns.size());
  return learn::train_random_forest(
      set,
      {.n_estimators = size(recipe, "trees"),
       .max_features = share > 0 ? static_cast<std::size_t>(std::ceil(share * columns)) : 0,
       .max_depth = size(recipe, "max_depth"),
       .min_samples_leaf = size(recipe, "min_leaf")},
      settings, prepared);
}

base::Result<learn::Trained> fit_boosting(const Recipe& recipe, const learn::TrainingSet& set,
                                          const learn::LearnerSettings& settings,
                                          const learn::Prepared* prepared) {
  return learn::train_gradient_boosting(set,
                                        {.n_estimators = size(recipe, "trees"),
                                         .learning_rate = real(recipe, "learning_rate"),
                                         .max_depth = size(recipe, "max_depth"),
                                         .min_child_weight = real(recipe, "min_child_weight"),
                                         .reg_lambda = real(recipe, "lambda"),
                                         .subsample = real(recipe, "row_share"),
                                         .colsample_bytree = real(recipe, "column_share")},
                                        settings, prepared);
}

// The recipe's is in units of 1 / number of columns, numbers being in standard deviations.
double gamma_of(const Recipe& recipe, const learn::TrainingSet& set) {
  return real(recipe, "gamma") / static_cast<double>(set.columns.size());
}

learn::PenaltyScale penalty_scale(const Recipe& recipe) {
  return choice(recipe, "engineering") == "bins" ? learn::PenaltyScale::kIndicatorsAsGiven
                                                 : learn::PenaltyScale::kDeviations;
}

base::Result<learn::Trained> fit(const Recipe& recipe, const learn::TrainingSet& set,
                                 const learn::LearnerSettings& settings,
                                 const learn::Prepared* prepared) {
  const std::string& kind = learner(recipe);
  if (kind == kLogisticRegression) {
    return learn::train_logistic(set,
                                 {.c = real(recipe, "c"),
                                  .l1_ratio = real(recipe, "l1_ratio"),
                                  .penalty_scale = penalty_scale(recipe)},
                                 settings, prepared);
  }
  if (kind == kLinearSvm)
    return learn::train_linear_svm(
        set, {.c = real(recipe, "c"), .penalty_scale = penalty_scale(recipe)}, settings, prepared);
  if (kind == kRbfSvm) {
    return learn::train_rbf_svm(set,
                                {.c = real(recipe, "c"),
                                 .gamma = gamma_of(recipe, set),
                                 .most_rows = size(recipe, "most_rows")},
                                settings);
  }
  if (kind == kDecisionTree) {
    return learn::train_decision_tree(
        set, {.max_depth = size(recipe, "max_depth"), .min_samples_leaf = size(recipe, "min_leaf")},
        settings, prepared);
  }
  if (kind == kRandomForest) return fit_forest(recipe, set, settings, prepared);
  if (kind == kGradientBoosting) return fit_boosting(recipe, set, settings, prepared);
  if (kind == kNaiveBayes)
    return learn::train_naive_bayes(set, {.laplace = real(recipe, "smoothing")}, settings);
  return learn::train_nearest_neighbors(
      set, {.k = size(recipe, "neighbors"), .most_rows = size(recipe, "most_rows")}, settings);
}

base::Result<double> choose_threshold(ThresholdRule rule, const std::vector<double>& keys,
                                      const Rows& rows, const profit::Economics& economics) {
  if (rows.have_amounts()) {
    if (rule == ThresholdRule::kBest) return profit::best_amount_threshold(rows.amounts(), keys);
    if (rule == ThresholdRule::kBreakEven) return 0.0;
    return base::input_error(
        "the threshold 'half' is one of probabilities; rows with amounts of their own are decided "
        "by p·i − c: choose best or break-even");
  }
  if (rule == ThresholdRule::kHalf) return profit::kEvenThreshold;
  if (rule == ThresholdRule::kBreakEven) return profit::break_even_threshold(economics);
  TRY_ASSIGN(const profit::Cut best, profit::best_cut(keys, rows.labels.values, economics));
  return best.threshold;
}

base::Result<pmml::Document> calibrated(pmml::Document document, const std::string& method,
                                        const std::vector<double>& probabilities,
                                        const learn::Labels& labels) {
  TRY_ASSIGN(const learn::Calibration calibration,
             learn::fit_calibration(method == "platt" ? learn::CalibrationMethod::kPlatt
                                                      : learn::CalibrationMethod::kIsotonic,
                                    {.scores = probabilities, .labels = labels.values}));
  return learn::calibrate(std::move(document), labels.positive, calibration);
}

constexpr std::size_t kBins = 10;

bool has_more_values_than(const data::Column& column, std::size_t most) {
  std::set<double> values;
  for (std::size_t row = 0; row < column.size() && values.size() <= most; ++row) {
    if (!column.is_missing(row)) values.insert(column.number(row));
  }
  return values.size() > most;
}

bool is_amount(const data::Column& column) {
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (column.number(row) < 0) return false;
  }
  return true;
}

// The columns to learn from; where a recipe asks for it with others made of them.
struct Features {
  std::vector<std::string> names;
  std::optional<learn::DerivedFeatures> derived = {};
  std::optional<data::Table> extended = {};
};

base::Result<void> engineer(const std::string& kind, const Rows& rows, std::uint64_t seed,
                            Features& features) {
  learn::DerivedFeatureOptions options{.seed = seed};
  options.bins = static_cast<int>(kBins);
  for (const std::string& name : features.names) {
    const data::Column& column = *rows.table.find(name);
    const bool broad = column.numeric() && has_more_values_than(column, kBins);
    if (kind == "bins" && broad) options.binned.push_back(name);
    if (kind == "logs" && broad && is_amount(column)) options.logarithms.push_back(name);
    if (kind == "rates" && !column.numeric()) options.target_rates.push_back(name);
  }
  if (options.binned.empty() && options.logarithms.empty() && options.target_rates.empty())
    return {};
  TRY_ASSIGN(learn::DerivedFeatures derived,
             learn::DerivedFeatures::fit(rows.table, rows.labels, options));
  TRY_ASSIGN(features.extended, derived.extend_training(rows.table, rows.labels));
  std::erase_if(features.names, [&](const std::string& name) {
    return std::ranges::find(options.binned, name) != options.binned.end();
  });
  for (const std::string& name : derived.names()) features.names.push_back(name);
  features.derived = std::move(derived);
  return {};
}

base::Result<learn::Trained> train_on(const Ground& ground, const Recipe& recipe,
                                      double row_share) {
  const bool smote = choice(recipe, "balance") == "smote";
  const std::uint64_t seed = ground.options().seed;
  TRY_ASSIGN(const Ground::TrainingRows training, ground.training_rows(smote, row_share));
  const Rows* rows = training.rows;
  Features features{.names = ground.attributes()};
  if (const std::size_t wanted = size(recipe, "attributes");
      wanted > 0 && wanted < features.names.size()) {
    TRY_ASSIGN(const auto* ranked, ground.ranked_attributes(smote, row_share));
    features.names.assign(ranked->begin(), ranked->begin() + static_cast<std::ptrdiff_t>(wanted));
  }
  if (const std::string& kind = choice(recipe, "engineering"); kind != "none")
    TRY(engineer(kind, *rows, seed, features));

  const std::vector<double> weights = row_weights(ground, recipe, rows->labels);
  const data::Table& table = features.extended ? *features.extended : rows->table;
  learn::TrainingSet set{.columns = {}, .labels = &rows->labels, .weights = weights};
  for (const std::string& name : features.names) set.columns.push_back(table.find(name));
  TRY_ASSIGN(learn::Trained trained,
             fit(recipe, set, {.threads = 1, .seed = seed, .name = recipe.name},
                 features.extended ? nullptr : training.prepared));
  if (features.derived) {
    TRY_ASSIGN(trained.document, features.derived->attach(std::move(trained.document)));
  }
  return trained;
}

std::vector<std::uint8_t> offers_above(const std::vector<double>& keys, double threshold) {
  std::vector<std::uint8_t> offers(keys.size());
  for (std::size_t row = 0; row < offers.size(); ++row) offers[row] = keys[row] > threshold ? 1 : 0;
  return offers;
}

base::Result<std::optional<double>> rap_by_row(const Rows& rows,
                                               const std::vector<std::uint8_t>& offers) {
  if (!rows.have_amounts()) return std::optional<double>();
  TRY_ASSIGN(const profit::AmountOutcome outcome, profit::outcome_of(rows.amounts(), offers));
  return outcome.rap;
}

// The threshold, and what it makes of the rows that it is chosen on.
base::Result<void> cut(const Rows& validation, const std::vector<double>& probabilities,
                       ThresholdRule rule, const profit::Economics& economics, Model& model) {
  TRY_ASSIGN(const std::vector<double> keys, keys_of(validation, probabilities));
  TRY_ASSIGN(model.threshold, choose_threshold(rule, keys, validation, economics));
  const std::vector<std::uint8_t> offers = offers_above(keys, model.threshold);
  model.validation = metric::confusion_of(offers, validation.labels.values);
  TRY_ASSIGN(model.validation_rap_by_row, rap_by_row(validation, offers));
  return {};
}

base::Result<void> measure(const std::vector<double>& probabilities, const Rows& test,
                           Model& model) {
  const learn::Labels& labels = test.labels;
  TRY_ASSIGN(const std::vector<std::uint8_t> offers, decide(test, probabilities, model.threshold));
  model.test = metric::confusion_of(offers, labels.values);
  model.decisions = pack(offers);
  TRY_ASSIGN(model.test_rap_by_row, rap_by_row(test, offers));
  model.auc = metric::auc(probabilities, labels.values);
  model.average_precision = metric::average_precision(probabilities, labels.values);
  model.brier = metric::brier(probabilities, labels.values);
  model.log_loss = metric::log_loss(probabilities, labels.values);
  model.calibration_error = metric::calibration_error(probabilities, labels.values);
  return {};
}

// A document compiled, and what it says of the validation rows.
struct Held {
  pmml::Scorer scorer;
  std::vector<double> probabilities;
};

base::Result<Held> hold_out(const pmml::Document& document, const Rows& rows,
                            const std::string& positive) {
  TRY_ASSIGN(pmml::Scorer scorer, pmml::Scorer::compile(document));
  TRY_ASSIGN(std::vector<double> probabilities,
             learn::probabilities(scorer, rows.table, positive, /*threads=*/1));
  return Held{std::move(scorer), std::move(probabilities)};
}

}  // namespace

base::Result<ThresholdRule> threshold_rule_from(const std::string& name) {
  for (const auto& [rule, spelled] : kRules) {
    if (name == spelled) return rule;
  }
  return base::input_error("there is no threshold rule '" + name +
                           "': known are best, break-even, half");
}

std::string name_of(ThresholdRule rule) {
  for (const auto& [known, spelled] : kRules) {
    if (known == rule) return spelled;
  }
  return {};
}

base::Result<std::vector<std::uint8_t>> decide(const Rows& rows,
                                               const std::vector<double>& probabilities,
                                               double threshold) {
  TRY_ASSIGN(const std::vector<double> keys, keys_of(rows, probabilities));
  return offers_above(keys, threshold);
}

base::Result<MadeModel> make_model(const Ground& ground, const Recipe& recipe, double row_share,
                                   ThresholdRule rule) {
  const Rows& validation = ground.validation();
  const Rows& test = ground.test();
  const std::string& positive = test.labels.positive;
  MadeModel made;
  Model& model = made.model;
  model.recipe = recipe;
  model.row_share = row_share;

  const Clock::time_point start = Clock::now();
  TRY_ASSIGN(learn::Trained trained, train_on(ground, recipe, row_share));
  made.document = std::move(trained.document);
  model.importance = std::move(trained.importance);
  model.notes = std::move(trained.notes);
  TRY_ASSIGN(Held held, hold_out(made.document, validation, positive));
  if (const std::string& method = choice(recipe, "calibration"); method != "none") {
    TRY_ASSIGN(made.document,
               calibrated(std::move(made.document), method, held.probabilities, validation.labels));
    TRY_ASSIGN(held, hold_out(made.document, validation, positive));
  }
  model.seconds = seconds_since(start);

  TRY(cut(validation, held.probabilities, rule, ground.economics(), model));
  pmml::add_decision(made.document, positive,
                     validation.have_amounts() ? profit::break_even_threshold(ground.economics())
                                               : model.threshold);
  const Clock::time_point scoring = Clock::now();
  TRY_ASSIGN(const std::vector<double> probabilities,
             learn::probabilities(held.scorer, test.table, positive, /*threads=*/1));
  model.nanoseconds_a_row = 1e9 * seconds_since(scoring) / static_cast<double>(test.table.rows());
  TRY(measure(probabilities, test, model));
  model.bytes = static_cast<std::int64_t>(pmml::write(made.document).size());
  return made;
}

}  // namespace study
