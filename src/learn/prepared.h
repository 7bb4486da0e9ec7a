// SPDX-License-Identifier: Apache-2.0
// Columns made into features once, for many fits on the same rows.
//
//   TRY_ASSIGN(const Prepared prepared, Prepared::make(columns, settings));
//   train_logistic(set, {.c = 0.1}, settings, &prepared);   // set.columns: some of `columns`
#pragma once
#include <memory>
#include <span>

#include "base/result.h"
#include "data/column.h"
#include "learn/training_set.h"

namespace learn {

namespace detail {
struct Design;
}

// Read by any number of threads at once.
class Prepared {
 public:
  // The columns are borrowed and must stay where they are while this is used. Refuses a text column
  // of more values than settings.most_categories.
  static base::Result<Prepared> make(std::span<const data::Column* const> columns,
                                     const LearnerSettings& settings = {});
  Prepared(Prepared&&) noexcept;
  Prepared& operator=(Prepared&&) noexcept;
  ~Prepared();

  [[nodiscard]] const detail::Design& design() const { return *design_; }

 private:
  explicit Prepared(std::unique_ptr<const detail::Design> design);
  std::unique_ptr<const detail::Design> design_;
};

}  // namespace learn
