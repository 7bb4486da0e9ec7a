// SPDX-License-Identifier: Apache-2.0
#include "learn/random_forest.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "learn/detail/grow.h"
#include "learn/detail/parallel.h"
#include "learn/detail/tree_document.h"
#include "learn/detail/tree_fits.h"
#include "learn/detail/weighted_draw.h"

namespace learn {
namespace detail {
namespace {

// Made once: the pulls of all rows, and what bootstrap samples are drawn by.
class Forester {
 public:
  Forester(const BinnedSet& set, const RandomForestOptions& options)
      : set_(set), columns_(columns_of(set)), bootstrap_(options.bootstrap) {
    pulls_ = weights_as_pulls(set, {}, grow_.rule.units);
    for (const Pull& pull : pulls_) {
      rate_ += pull.gradient;
      weight_ += pull.curvature;
    }
    rate_ /= weight_;
    order_texts();
    if (bootstrap_ && !set.weights.empty()) by_weight_.emplace(set.weights);
    const auto root = static_cast<std::size_t>(std::sqrt(static_cast<double>(columns_.size())));
    grow_.max_features =
        options.max_features != 0 ? options.max_features : std::max<std::size_t>(root, 1);
    if (grow_.max_features >= columns_.size()) grow_.max_features = 0;
    const double in_a_tree =
        bootstrap_ ? static_cast<double>(pulls_.size()) : weight_ * grow_.rule.units.curvature;
    grow_.min_gain = -1e-9 * in_a_tree;
    grow_.rule.min_samples_leaf = static_cast<std::int64_t>(options.min_samples_leaf);
    grow_.pure_is_leaf = true;
    grow_.best_first = options.max_leaf_nodes != 0;
    grow_.max_leaves = options.max_leaf_nodes;
    grow_.max_depth = options.max_depth;
  }

  [[nodiscard]] Tree tree(base::Random random) const {
    const std::size_t rows = pulls_.size();
    GrowSettings settings = grow_;
    std::vector<Pull> pulls = pulls_;
    if (bootstrap_) {
      // The weights have done their part in the draw.
      const BinnedSet alike{.table = set_.table, .labels = set_.labels};
      pulls = weights_as_pulls(alike, draw_rows(random), settings.rule.units);
    }
    std::vector<std::uint32_t> sample;
    sample.reserve(rows);
    for (std::uint32_t row = 0; row < rows; ++row) {
      if (pulls[row].curvature > 0) sample.push_back(row);
    }
    Team alone(1);
    Grower grower(*set_.table, columns_, settings, orders_, alone);
    Tree tree = grower.grow(pulls, std::move(sample), random);
    for (TreeNode& node : tree.nodes) {
      if (node.left == kNoChild)
        node.value = node.curvature > 0 ? node.gradient / node.curvature : rate_;
    }
    tree.nodes.shrink_to_fit();
    return tree;
  }

 private:
  // How often a bootstrap sample holds each row: as many draws as rows.
  std::vector<std::uint16_t> draw_rows(base::Random& random) const {
    const std::size_t rows = pulls_.size();
    std::vector<std::uint16_t> times(rows);
    for (std::size_t i = 0; i < rows; ++i) {
      std::uint16_t& time = times[by_weight_ ? (*by_weight_)(random) : random.below(rows)];
      if (time < std::numeric_limits<std::uint16_t>::max()) ++time;
    }
    return times;
  }

  // In each node anew, where a column's texts are so few that all the sets they can make are not
  // many (a row is asked for each different set of the forest); otherwise once.
  void order_texts() {
    constexpr std::size_t kMostSets = 1 << 14;
    std::vector<std::uint32_t> texts;
    for (const std::uint32_t column : columns_) {
      if (!set_.table->columns[column].numeric) texts.push_back(column);
    }
    std::stable_sort(texts.begin(), texts.end(), [&](std::uint32_t a, std::uint32_t b) {
      return set_.table->columns[a].bins < set_.table->columns[b].bins;
    });
    orders_.resize(set_.table->columns.size());
    std::size_t sets = 0;
    for (const std::uint32_t column : texts) {
      const BinnedColumn& binned = set_.table->columns[column];
      sets += std::size_t{1} << std::min<std::size_t>(binned.bins, 15);
      if (sets > kMostSets) orders_[column] = order_of_bins(binned, pulls_, grow_.rule.units);
    }
  }

  const BinnedSet& set_;
  std::vector<std::uint32_t> columns_;
  bool bootstrap_;
  std::optional<WeightedDraw> by_weight_;
  GrowSettings grow_;
  std::vector<Pull> pulls_;
  std::vector<std::vector<std::uint8_t>> orders_;
  double rate_ = 0;
  double weight_ = 0;
};

}  // namespace

Ensemble fit_random_forest(const BinnedSet& set, const RandomForestOptions& options,
                           const LearnerSettings& settings) {
  const Forester forester(set, options);
  Ensemble ensemble{.kind = Ensemble::Kind::kMean};
  ensemble.trees.resize(options.n_estimators);
  for_each_piece(options.n_estimators, settings.threads, [&](std::size_t i) {
    ensemble.trees[i] = forester.tree(base::Random(settings.seed, i));
  });
  return ensemble;
}

}  // namespace detail

base::Result<Trained> train_random_forest(const detail::BinnedSet& set,
                                          const RandomForestOptions& options,
                                          const LearnerSettings& settings) {
  if (options.n_estimators == 0) return base::input_error("n_estimators must be at least 1");
  if (options.min_samples_leaf == 0)
    return base::input_error("min_samples_leaf must be at least 1");
  TRY(detail::check(set));
  const detail::Ensemble ensemble = detail::fit_random_forest(set, options, settings);
  return detail::to_trained(ensemble, set, "random forest", settings.name, {});
}

base::Result<Trained> train_random_forest(const TrainingSet& set,
                                          const RandomForestOptions& options,
                                          const LearnerSettings& settings,
                                          const Prepared* prepared) {
  TRY_ASSIGN(const std::shared_ptr<const detail::Binned> binned,
             detail::binned_of(set, detail::Cells::kBytes, settings, prepared));
  return train_random_forest(
      detail::BinnedSet{.table = binned.get(), .labels = set.labels, .weights = set.weights},
      options, settings);
}

}  // namespace learn
