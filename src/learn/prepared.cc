// SPDX-License-Identifier: Apache-2.0
#include "learn/prepared.h"

#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "learn/detail/binned.h"
#include "learn/detail/design.h"
#include "learn/detail/standardised.h"

namespace learn {
namespace {

// What is made on first use, or why it cannot be.
template <class T>
class Lazy {
 public:
  template <class Make>
  base::Result<const T*> get(const Make& make) {
    std::call_once(once_, [&] { made_.emplace(make()); });
    if (!made_->has_value()) return made_->error();
    return &made_->value();
  }

 private:
  std::once_flag once_;
  std::optional<base::Result<T>> made_;
};

base::Result<detail::Design> measured_design(std::span<const data::Column* const> columns,
                                             const LearnerSettings& settings) {
  TRY_ASSIGN(detail::Design design, detail::make_design(columns, settings.most_categories));
  design.moments = detail::measure(design.features, {}, settings.threads);
  return design;
}

}  // namespace

struct Prepared::State {
  std::vector<const data::Column*> columns;
  LearnerSettings settings;
  Lazy<detail::Design> design;
  Lazy<detail::Binned> binned, finely_binned;
};

Prepared::Prepared(std::unique_ptr<State> state) : state_(std::move(state)) {}
Prepared::Prepared(Prepared&&) noexcept = default;
Prepared& Prepared::operator=(Prepared&&) noexcept = default;
Prepared::~Prepared() = default;

base::Result<Prepared> Prepared::make(std::span<const data::Column* const> columns,
                                      const LearnerSettings& settings) {
  TRY(detail::check_lengths(columns));
  auto state = std::make_unique<State>();
  state->columns.assign(columns.begin(), columns.end());
  state->settings = settings;
  return Prepared(std::move(state));
}

base::Result<const detail::Design*> Prepared::design() const {
  return state_->design.get([this] { return measured_design(state_->columns, state_->settings); });
}

base::Result<const detail::Binned*> Prepared::binned() const {
  return state_->binned.get([this] {
    return detail::make_binned(state_->columns, state_->settings.most_categories,
                               state_->settings.threads);
  });
}

base::Result<const detail::Binned*> Prepared::finely_binned() const {
  return state_->finely_binned.get([this]() -> base::Result<detail::Binned> {
    TRY_ASSIGN(const detail::Binned* const coarse, binned());
    detail::Binned fine = *coarse;
    detail::add_fine(fine, state_->settings.threads);
    return fine;
  });
}

}  // namespace learn
