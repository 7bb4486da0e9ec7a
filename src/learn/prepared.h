// SPDX-License-Identifier: Apache-2.0
// Columns made ready once, for many fits on the same rows: as features for linear models, as bins
// for trees. Each is made when a first fit asks for it.
//
//   TRY_ASSIGN(const Prepared prepared, Prepared::make(columns, settings));
//   train_logistic(set, {.c = 0.1}, settings, &prepared);   // set.columns: some of `columns`
//   train_decision_tree(set, {.max_depth = 4}, settings, &prepared);   // the same
#pragma once
#include <memory>
#include <span>

#include "base/result.h"
#include "data/column.h"
#include "learn/training_set.h"

namespace learn {

namespace detail {
struct Binned;
struct Design;
}  // namespace detail

// Used by any number of threads at once: the first one makes what the others wait for. The models
// are the same as without.
class Prepared {
 public:
  // The columns are borrowed and must stay where they are while this is used. Refuses columns of
  // different lengths; a fit refuses what it would refuse without this.
  static base::Result<Prepared> make(std::span<const data::Column* const> columns,
                                     const LearnerSettings& settings = {});
  Prepared(Prepared&&) noexcept;
  Prepared& operator=(Prepared&&) noexcept;
  ~Prepared();

  [[nodiscard]] base::Result<const detail::Design*> design() const;
  [[nodiscard]] base::Result<const detail::Binned*> binned() const;
  [[nodiscard]] base::Result<const detail::Binned*> finely_binned() const;  // With fine columns.

 private:
  struct State;
  explicit Prepared(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace learn
