// SPDX-License-Identifier: Apache-2.0
#include "learn/decision_tree.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>

#include "base/number.h"
#include "learn/detail/grow.h"
#include "learn/detail/tree_document.h"
#include "learn/detail/tree_fits.h"

namespace learn {
namespace detail {

Ensemble fit_decision_tree(const BinnedSet& set, const DecisionTreeOptions& options,
                           const LearnerSettings& settings) {
  GrowSettings grow;
  const std::vector<Pull> pulls = weights_as_pulls(set, {}, grow.rule.units);
  std::vector<std::uint32_t> rows = rows_of(set);
  double weight = 0;
  for (const Pull& pull : pulls) weight += pull.curvature * grow.rule.units.curvature;
  // Gains are half of what Gini's impurity falls by; below 0 rounding alone is.
  grow.min_gain = options.min_impurity_decrease > 0 ? options.min_impurity_decrease * weight / 2
                                                    : -1e-9 * weight;
  grow.rule.min_samples_leaf = static_cast<std::int64_t>(options.min_samples_leaf);
  grow.rule.min_child_weight = options.min_weight_leaf;
  grow.pure_is_leaf = true;
  grow.best_first = options.max_leaf_nodes != 0;
  grow.max_leaves = options.max_leaf_nodes;
  grow.max_depth = options.max_depth;
  Team team(settings.threads);
  Grower grower(*set.table, columns_of(set), grow, {}, team);
  base::Random random(settings.seed);
  Ensemble ensemble{.kind = Ensemble::Kind::kTree};
  Tree& tree = ensemble.trees.emplace_back(grower.grow(pulls, std::move(rows), random));
  for (TreeNode& node : tree.nodes) {
    if (node.left != kNoChild) continue;
    node.value = (node.gradient + options.laplace) / (node.curvature + 2 * options.laplace);
  }
  return ensemble;
}

}  // namespace detail

namespace {

base::Result<void> check_options(const DecisionTreeOptions& options) {
  const auto share = [](const char* name, double value) {
    return base::input_error(std::string(name) + " is " + base::format_double(value) +
                             ": it must be finite and not negative");
  };
  const auto wrong = [](double value) { return !(value >= 0) || std::isinf(value); };
  if (wrong(options.min_weight_leaf)) return share("min_weight_leaf", options.min_weight_leaf);
  if (wrong(options.min_impurity_decrease))
    return share("min_impurity_decrease", options.min_impurity_decrease);
  if (wrong(options.laplace)) return share("laplace", options.laplace);
  if (options.min_samples_leaf == 0)
    return base::input_error("min_samples_leaf must be at least 1");
  return {};
}

}  // namespace

base::Result<Trained> train_decision_tree(const detail::BinnedSet& set,
                                          const DecisionTreeOptions& options,
                                          const LearnerSettings& settings) {
  TRY(check_options(options));
  TRY(detail::check(set));
  const detail::Ensemble ensemble = detail::fit_decision_tree(set, options, settings);
  return detail::to_trained(ensemble, set, "decision tree", settings.name, {});
}

base::Result<Trained> train_decision_tree(const TrainingSet& set,
                                          const DecisionTreeOptions& options,
                                          const LearnerSettings& settings,
                                          const Prepared* prepared) {
  TRY_ASSIGN(const std::shared_ptr<const detail::Binned> binned,
             detail::binned_of(set, detail::Cells::kFine, settings, prepared));
  return train_decision_tree(
      detail::BinnedSet{.table = binned.get(), .labels = set.labels, .weights = set.weights},
      options, settings);
}

}  // namespace learn
