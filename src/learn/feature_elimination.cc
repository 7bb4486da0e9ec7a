// SPDX-License-Identifier: Apache-2.0
#include "learn/feature_elimination.h"

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "learn/detail/linear.h"
#include "learn/detail/minimise.h"
#include "learn/detail/problem.h"
#include "learn/detail/to_document.h"

namespace learn {
namespace {

using Columns = std::vector<std::size_t>;  // Places in the set.

std::vector<double> importance_of_columns(const detail::Design& design,
                                          const std::vector<double>& u) {
  std::vector<double> squares(design.inputs.size(), 0);
  for (std::size_t j = 0; j < design.meanings.size(); ++j)
    squares[design.meanings[j].input] += u[j] * u[j];
  return squares;
}

// The optimum of the parabola at `state` where the coordinates outside of `kept` are held at 0, and
// its curvature. `kept` are features, rising.
detail::State without_others(const detail::State& state, const std::vector<std::size_t>& kept) {
  const std::size_t before = state.u.size(), after = kept.size() + 1;
  std::vector<std::size_t> stays = kept;
  stays.push_back(before - 1);
  detail::State next;
  for (const std::size_t j : stays) next.u.push_back(state.u[j]);
  if (state.hessian.empty()) return next;
  const auto at = [&](std::size_t j, std::size_t k) {
    return j >= k ? state.hessian[j * before + k] : state.hessian[k * before + j];
  };
  std::vector<bool> is_kept(before, false);
  for (const std::size_t j : stays) is_kept[j] = true;
  next.hessian.assign(after * after, 0);
  std::vector<double> pull(after, 0);
  for (std::size_t a = 0; a < after; ++a) {
    for (std::size_t b = 0; b <= a; ++b) next.hessian[a * after + b] = at(stays[a], stays[b]);
    for (std::size_t k = 0; k < before; ++k) {
      if (!is_kept[k]) pull[a] += at(stays[a], k) * state.u[k];
    }
  }
  next.preconditioner.emplace(next.hessian, after);
  next.preconditioner->apply(pull);
  for (std::size_t a = 0; a < after; ++a) next.u[a] += pull[a];
  return next;
}

class Path {
 public:
  Path(const TrainingSet& set, const detail::Design& whole, const EliminationOptions& options,
       const LearnerSettings& settings)
      : set_(set),
        whole_(whole),
        options_(options),
        settings_(settings),
        moments_(detail::moments_of(whole, set, settings.threads)) {}

  // `columns` are those that the design uses.
  base::Result<Elimination> walk(Columns columns) {
    Elimination result;
    Columns dropped;  // The first to go first.
    while (true) {
      TRY_ASSIGN(const detail::Design design, design_of(columns));
      result.steps.push_back({columns, fit(design)});
      Columns ranked = by_importance(design, columns);
      const bool last = columns.size() <= options_.least;
      const std::size_t goes =
          last ? columns.size() : std::min(options_.step, columns.size() - options_.least);
      dropped.insert(dropped.end(), ranked.begin(), ranked.begin() + static_cast<long>(goes));
      if (last) break;
      ranked.erase(ranked.begin(), ranked.begin() + static_cast<long>(goes));
      std::sort(ranked.begin(), ranked.end());
      keep(design, columns, ranked);
      columns = std::move(ranked);
    }
    result.order.assign(dropped.rbegin(), dropped.rend());
    return result;
  }

 private:
  base::Result<detail::Design> design_of(const Columns& columns) const {
    std::vector<const data::Column*> chosen;
    for (const std::size_t c : columns) chosen.push_back(set_.columns[c]);
    return detail::part_of(whole_, chosen);
  }

  Trained fit(const detail::Design& design) {
    const LogisticProblem problem = detail::problem_of(design, set_);
    const detail::Standardised standardised(problem,
                                            {.loss = detail::Loss::kLogistic,
                                             .c = options_.logistic.c,
                                             .l1_ratio = options_.logistic.l1_ratio,
                                             .penalty_scale = options_.logistic.penalty_scale},
                                            settings_.threads, moments_);
    detail::find_minimum(standardised, options_.logistic.tolerance,
                         options_.logistic.max_iterations, state_);
    Trained trained;
    trained.document = detail::to_document(design, detail::to_fit(standardised, state_),
                                           *set_.labels, 0.5, settings_.name);
    trained.importance = detail::importance_of(design, state_.u);
    trained.notes = detail::texts_of(design.notes);
    if (!state_.converged) trained.notes.push_back(detail::no_convergence(state_));
    return trained;
  }

  // The least important first; of equal ones the later column.
  [[nodiscard]] Columns by_importance(const detail::Design& design, const Columns& columns) const {
    const std::vector<double> importance = importance_of_columns(design, state_.u);
    std::vector<std::size_t> at(columns.size());
    std::iota(at.begin(), at.end(), std::size_t{0});
    std::sort(at.begin(), at.end(), [&](std::size_t a, std::size_t b) {
      return importance[a] != importance[b] ? importance[a] < importance[b] : a > b;
    });
    Columns ranked;
    for (const std::size_t i : at) ranked.push_back(columns[i]);
    return ranked;
  }

  void keep(const detail::Design& design, const Columns& columns, const Columns& kept_columns) {
    std::vector<std::size_t> kept;
    std::vector<detail::Moments> moments;
    for (std::size_t j = 0; j < design.meanings.size(); ++j) {
      const std::size_t column = columns[design.meanings[j].input];
      if (!std::binary_search(kept_columns.begin(), kept_columns.end(), column)) continue;
      kept.push_back(j);
      moments.push_back(moments_[j]);
    }
    state_ = without_others(state_, kept);
    moments_ = std::move(moments);
  }

  const TrainingSet& set_;
  const detail::Design& whole_;
  const EliminationOptions& options_;
  const LearnerSettings& settings_;
  std::vector<detail::Moments> moments_;  // Of the features that are left.
  detail::State state_;
};

base::Result<void> check(const EliminationOptions& options) {
  TRY(detail::check_positive("C", options.logistic.c));
  TRY(detail::check_positive("the tolerance", options.logistic.tolerance));
  if (!(options.logistic.l1_ratio >= 0 && options.logistic.l1_ratio <= 1))
    return base::input_error("l1_ratio lies between 0 and 1");
  if (options.logistic.max_iterations < 1)
    return base::input_error("max_iterations must be at least 1");
  if (options.step < 1 || options.least < 1)
    return base::input_error("step and least must be at least 1");
  return {};
}

}  // namespace

base::Result<Elimination> eliminate_features(const TrainingSet& set,
                                             const EliminationOptions& options,
                                             const LearnerSettings& settings,
                                             const Prepared* prepared) {
  TRY(check(options));
  TRY_ASSIGN(const detail::Design design, detail::design_of(set, settings, prepared));
  Columns used, unused;
  for (std::size_t c = 0; c < set.columns.size(); ++c) {
    const bool in = std::ranges::any_of(design.inputs, [&](const detail::Input& input) {
      return input.column == set.columns[c]->name();
    });
    (in ? used : unused).push_back(c);
  }
  if (used.empty())
    return base::input_error("every column is constant or empty: there is nothing to choose from");
  TRY_ASSIGN(Elimination result, Path(set, design, options, settings).walk(std::move(used)));
  for (const detail::ColumnNote& note : design.notes) {
    std::vector<std::string>& notes = result.steps.front().trained.notes;
    if (std::ranges::find(notes, note.text) == notes.end()) notes.push_back(note.text);
  }
  result.order.insert(result.order.end(), unused.begin(), unused.end());
  return result;
}

}  // namespace learn
