// SPDX-License-Identifier: Apache-2.0
#include "study/detail/fit.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

#include "learn/decision_tree.h"
#include "learn/derived_features.h"
#include "learn/gradient_boosting.h"
#include "learn/linear_svm.h"
#include "learn/logistic_regression.h"
#include "learn/naive_bayes.h"
#include "learn/nearest_neighbors.h"
#include "learn/random_forest.h"
#include "learn/rbf_svm.h"

namespace study::detail {
namespace {

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

learn::PenaltyScale penalty_scale(const Recipe& recipe) {
  return choice(recipe, "engineering") == "bins" ? learn::PenaltyScale::kIndicatorsAsGiven
                                                 : learn::PenaltyScale::kDeviations;
}

std::optional<double> relative_gamma(const Recipe& recipe) {
  const double factor = real(recipe, "gamma");
  return factor > 0 ? std::optional(factor) : std::nullopt;
}

base::Result<learn::Trained> fit_on(const Recipe& recipe, const learn::TrainingSet& set,
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
                                 .relative_gamma = relative_gamma(recipe),
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

constexpr std::size_t kBins = 10;

bool has_more_values_than(const data::Column& column, std::size_t most) {
  if (!column.bytes().empty()) {
    std::array<bool, 256> seen{};
    for (const std::uint8_t value : column.bytes()) seen[value] = true;
    seen[data::kMissingByte] = false;
    return static_cast<std::size_t>(std::ranges::count(seen, true)) > most;
  }
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
  std::optional<data::Table> made = {};  // The columns that are derived.
};

base::Result<void> engineer(const std::string& kind, const Rows& rows,
                            const learn::DerivedFeatures* encoding, std::uint64_t seed,
                            Features& features) {
  learn::DerivedFeatureOptions options{.seed = seed};
  options.bins = static_cast<int>(kBins);
  for (const std::string& name : features.names) {
    if (encoding != nullptr && encoding->sources_of(name).front() != name) continue;  // Indicators.
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
  TRY_ASSIGN(features.made, derived.training_columns(rows.table, rows.labels));
  std::erase_if(features.names, [&](const std::string& name) {
    return std::ranges::find(options.binned, name) != options.binned.end();
  });
  for (const std::string& name : derived.names()) features.names.push_back(name);
  features.derived = std::move(derived);
  return {};
}

Preparation preparation_of(const Recipe& recipe, double row_share) {
  using enum Preparation::Smote;
  const std::string& balance = choice(recipe, "balance");
  return {.row_share = row_share,
          .smote = balance == "smote"           ? kPlain
                   : balance == "smote-nominal" ? kNominal
                                                : kNone,
          .distances = choice(recipe, "smote_distances") == "raw" ? learn::SmoteDistances::kRaw
                                                                  : learn::SmoteDistances::kScaled,
          .indicators = choice(recipe, "texts") == "indicators"};
}

// What indicators tell is told of their column, which takes the first one's place.
std::vector<learn::Importance> of_texts(std::vector<learn::Importance> importance,
                                        const learn::DerivedFeatures& encoding) {
  std::vector<learn::Importance> merged;
  for (learn::Importance& one : importance) {
    one.column = encoding.sources_of(one.column).front();
    const auto same = std::ranges::find(merged, one.column, &learn::Importance::column);
    if (same == merged.end()) {
      merged.push_back(std::move(one));
    } else {
      same->share += one.share;
    }
  }
  return merged;
}

}  // namespace

base::Result<Material> material_of(const Ground& ground, const Recipe& recipe, double row_share) {
  const Preparation preparation = preparation_of(recipe, row_share);
  TRY_ASSIGN(const Ground::TrainingRows training, ground.training_rows(preparation));
  Material material{training, *training.attributes};
  if (const std::size_t wanted = size(recipe, "attributes");
      wanted > 0 && wanted < material.attributes.size()) {
    TRY_ASSIGN(const auto* ranked, ground.ranked_attributes(preparation));
    material.attributes.assign(ranked->begin(),
                               ranked->begin() + static_cast<std::ptrdiff_t>(wanted));
  }
  return material;
}

base::Result<learn::Trained> fit(const Ground& ground, const Recipe& recipe,
                                 const Material& material) {
  const std::uint64_t seed = ground.options().seed;
  const Rows* rows = material.training.rows;
  Features features{.names = material.attributes};
  if (const std::string& kind = choice(recipe, "engineering"); kind != "none")
    TRY(engineer(kind, *rows, material.training.encoding, seed, features));

  const std::vector<double> weights = row_weights(ground, recipe, rows->labels);
  learn::TrainingSet set{.columns = {}, .labels = &rows->labels, .weights = weights};
  for (const std::string& name : features.names) {
    const data::Column* const made = features.made ? features.made->find(name) : nullptr;
    set.columns.push_back(made != nullptr ? made : rows->table.find(name));
  }
  TRY_ASSIGN(learn::Trained trained,
             fit_on(recipe, set, {.threads = 1, .seed = seed, .name = recipe.name},
                    features.made ? nullptr : material.training.prepared));
  if (features.derived) {
    TRY_ASSIGN(trained.document, features.derived->attach(std::move(trained.document)));
  }
  if (const learn::DerivedFeatures* const encoding = material.training.encoding;
      encoding != nullptr) {
    TRY_ASSIGN(trained.document, encoding->attach(std::move(trained.document)));
    trained.importance = of_texts(std::move(trained.importance), *encoding);
  }
  return trained;
}

}  // namespace study::detail
