// SPDX-License-Identifier: Apache-2.0
#include "learn/gradient_boosting.h"

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
namespace {

constexpr std::size_t kBlockRows = 4096;
// What rounding can make of no gain at all; XGBoost's bound.
constexpr double kLeastGain = 1e-6;

class Booster {
 public:
  Booster(const BinnedSet& set, const GradientBoostingOptions& options,
          const LearnerSettings& settings)
      : set_(set),
        options_(options),
        all_columns_(columns_of(set)),
        team_(settings.threads),
        random_(settings.seed) {
    hold_out();
    set_base();
    double largest = 0;
    for (const std::uint32_t row : training_) largest = std::max(largest, weight(row));
    // |p − y| ≤ 1 and p (1 − p) ≤ 1/4.
    units_ = units_for(set.labels->values.size(), largest);
    units_.curvature /= 4;
    pulls_.resize(set.labels->values.size());
    log_odds_.assign(pulls_.size(), ensemble_.base);
  }

  Ensemble boost(std::vector<std::string>& notes) {
    Grower grower(*set_.table, all_columns_, grow_settings(), {}, team_);
    double best_loss = validation_.empty() ? 0 : loss();
    std::size_t best_trees = 0;
    while (ensemble_.trees.size() < options_.n_estimators) {
      pull();
      add_tree(grower);
      if (validation_.empty()) continue;
      const double now = loss();
      if (now < best_loss) {
        best_loss = now;
        best_trees = ensemble_.trees.size();
      } else if (ensemble_.trees.size() - best_trees >= options_.early_stopping_rounds) {
        notes.push_back("stopped after " + std::to_string(ensemble_.trees.size()) + " trees, " +
                        std::to_string(best_trees) + " of which remain: more do not help on the " +
                        base::format_count(static_cast<std::int64_t>(validation_.size())) +
                        " rows held back");
        break;
      }
    }
    if (!validation_.empty()) ensemble_.trees.resize(best_trees);
    if (ensemble_.trees.empty()) ensemble_.trees.push_back({.nodes = {TreeNode{}}});
    return std::move(ensemble_);
  }

 private:
  [[nodiscard]] double weight(std::size_t row) const {
    return set_.weights.empty() ? 1 : set_.weights[row];
  }
  [[nodiscard]] bool positive(std::size_t row) const { return set_.labels->values[row] != 0; }

  // Of each class the same share is held back, but one row at least remains.
  void hold_out() {
    training_ = rows_of(set_);
    if (options_.validation_fraction <= 0) return;
    std::vector<bool> held(set_.labels->values.size());
    for (const bool of_positives : {false, true}) {
      std::vector<std::uint32_t> rows;
      for (const std::uint32_t row : training_) {
        if (positive(row) == of_positives) rows.push_back(row);
      }
      const auto wanted = std::min<std::size_t>(
          static_cast<std::size_t>(
              std::nearbyint(options_.validation_fraction * static_cast<double>(rows.size()))),
          rows.size() - 1);
      for (std::size_t i = 0; i < wanted; ++i) {
        std::swap(rows[i], rows[i + random_.below(rows.size() - i)]);
        held[rows[i]] = true;
      }
    }
    for (const std::uint32_t row : training_) {
      if (held[row]) validation_.push_back(row);
    }
    std::erase_if(training_, [&](std::uint32_t row) { return held[row]; });
  }

  void set_base() {
    double of[2] = {0, 0};
    for (const std::uint32_t row : training_) of[positive(row) ? 1 : 0] += weight(row);
    ensemble_.kind = Ensemble::Kind::kLogit;
    ensemble_.base = std::log(of[1]) - std::log(of[0]);
  }

  [[nodiscard]] GrowSettings grow_settings() const {
    GrowSettings grow;
    grow.rule.units = units_;
    grow.rule.lambda = options_.reg_lambda;
    grow.rule.min_child_weight = options_.min_child_weight;
    grow.rule.min_samples_leaf = static_cast<std::int64_t>(options_.min_samples_leaf);
    grow.rule.category_smoothing = options_.cat_smooth;
    grow.min_gain = std::max(options_.gamma, kLeastGain);
    grow.best_first = options_.best_first;
    grow.max_depth = options_.max_depth;
    grow.max_leaves = options_.max_leaves;
    return grow;
  }

  void in_blocks(std::size_t rows, const std::function<void(std::size_t, std::size_t)>& work) {
    team_.run((rows + kBlockRows - 1) / kBlockRows, [&](std::size_t block) {
      work(block * kBlockRows, std::min(rows, (block + 1) * kBlockRows));
    });
  }

  void pull() {
    in_blocks(training_.size(), [&](std::size_t first, std::size_t last) {
      for (std::size_t i = first; i < last; ++i) {
        const std::uint32_t row = training_[i];
        const double p = 1 / (1 + std::exp(-log_odds_[row])), w = weight(row);
        const double gradient = (positive(row) ? p - 1 : p) * w, curvature = p * (1 - p) * w;
        pulls_[row] = {static_cast<std::int32_t>(std::nearbyint(gradient / units_.gradient)),
                       static_cast<std::int32_t>(std::nearbyint(curvature / units_.curvature))};
      }
    });
  }

  std::vector<std::uint32_t> draw_columns() {
    std::vector<std::uint32_t> columns = all_columns_;
    const auto wanted = std::max<std::size_t>(
        1, static_cast<std::size_t>(
               std::nearbyint(options_.colsample_bytree * static_cast<double>(columns.size()))));
    if (wanted >= columns.size()) return columns;
    for (std::size_t i = 0; i < wanted; ++i)
      std::swap(columns[i], columns[i + random_.below(columns.size() - i)]);
    columns.resize(wanted);
    std::sort(columns.begin(), columns.end());
    return columns;
  }

  // The rows of the tree, and the others.
  void draw_rows(std::vector<std::uint32_t>& drawn, std::vector<std::uint32_t>& others) {
    if (options_.subsample >= 1) {
      drawn = training_;
      return;
    }
    for (const std::uint32_t row : training_)
      (random_.bernoulli(options_.subsample) ? drawn : others).push_back(row);
  }

  void add_tree(Grower& grower) {
    std::vector<std::uint32_t> rows, others;
    draw_rows(rows, others);
    if (options_.colsample_bytree < 1) grower.use_columns(draw_columns());
    Tree tree = grower.grow(pulls_, std::move(rows), random_);
    for (TreeNode& node : tree.nodes) {
      const double below = node.curvature + options_.reg_lambda;
      if (node.left == kNoChild && below > 0)
        node.value = -options_.learning_rate * node.gradient / below;
    }
    const std::span<const Grower::Leaf> leaves = grower.leaves();
    team_.run(leaves.size(), [&](std::size_t leaf) {
      const double value = tree.nodes[leaves[leaf].node].value;
      for (const std::uint32_t row : leaves[leaf].rows) log_odds_[row] += value;
    });
    others.insert(others.end(), validation_.begin(), validation_.end());
    in_blocks(others.size(), [&](std::size_t first, std::size_t last) {
      for (std::size_t i = first; i < last; ++i)
        log_odds_[others[i]] += tree.answer(*set_.table, others[i]);
    });
    ensemble_.trees.push_back(std::move(tree));
  }

  // Mean log-loss of the rows held back.
  [[nodiscard]] double loss() const {
    double sum = 0, all = 0;
    for (const std::uint32_t row : validation_) {
      const double margin = positive(row) ? log_odds_[row] : -log_odds_[row];
      const double of_row =
          margin > 0 ? std::log1p(std::exp(-margin)) : -margin + std::log1p(std::exp(margin));
      sum += weight(row) * of_row;
      all += weight(row);
    }
    return sum / all;
  }

  const BinnedSet& set_;
  const GradientBoostingOptions& options_;
  std::vector<std::uint32_t> all_columns_;
  Team team_;
  base::Random random_;
  std::vector<std::uint32_t> training_, validation_;
  Units units_;
  std::vector<Pull> pulls_;
  std::vector<double> log_odds_;  // So far, of every row.
  Ensemble ensemble_;
};

}  // namespace

Ensemble fit_gradient_boosting(const BinnedSet& set, const GradientBoostingOptions& options,
                               const LearnerSettings& settings, std::vector<std::string>& notes) {
  return Booster(set, options, settings).boost(notes);
}

}  // namespace detail

namespace {

base::Result<void> check_options(const GradientBoostingOptions& options) {
  const auto refuse = [](const char* name, double value, const char* must) {
    return base::input_error(std::string(name) + " is " + base::format_double(value) +
                             ": it must be " + must);
  };
  const struct {
    const char* name;
    double value;
  } not_negative[] = {{"min_child_weight", options.min_child_weight},
                      {"reg_lambda", options.reg_lambda},
                      {"gamma", options.gamma},
                      {"cat_smooth", options.cat_smooth}};
  for (const auto& [name, value] : not_negative) {
    if (!(value >= 0) || std::isinf(value)) return refuse(name, value, "finite and not negative");
  }
  if (!(options.learning_rate > 0) || std::isinf(options.learning_rate))
    return refuse("learning_rate", options.learning_rate, "finite and above 0");
  for (const auto& [name, value] : {std::pair{"subsample", options.subsample},
                                    {"colsample_bytree", options.colsample_bytree}}) {
    if (!(value > 0 && value <= 1)) return refuse(name, value, "above 0 and at most 1");
  }
  if (!(options.validation_fraction >= 0 && options.validation_fraction < 1))
    return refuse("validation_fraction", options.validation_fraction, "at least 0 and below 1");
  if (options.n_estimators == 0) return base::input_error("n_estimators must be at least 1");
  if (options.min_samples_leaf == 0)
    return base::input_error("min_samples_leaf must be at least 1");
  if (options.early_stopping_rounds == 0)
    return base::input_error("early_stopping_rounds must be at least 1");
  return {};
}

}  // namespace

base::Result<Trained> train_gradient_boosting(const detail::BinnedSet& set,
                                              const GradientBoostingOptions& options,
                                              const LearnerSettings& settings) {
  TRY(check_options(options));
  TRY(detail::check(set));
  std::vector<std::string> notes;
  const detail::Ensemble ensemble = detail::fit_gradient_boosting(set, options, settings, notes);
  return detail::to_trained(ensemble, set, "gradient boosting", settings.name, std::move(notes));
}

base::Result<Trained> train_gradient_boosting(const TrainingSet& set,
                                              const GradientBoostingOptions& options,
                                              const LearnerSettings& settings,
                                              const Prepared* prepared) {
  TRY_ASSIGN(const std::shared_ptr<const detail::Binned> binned,
             detail::binned_of(set, detail::Cells::kBytes, settings, prepared));
  return train_gradient_boosting(
      detail::BinnedSet{.table = binned.get(), .labels = set.labels, .weights = set.weights},
      options, settings);
}

}  // namespace learn
