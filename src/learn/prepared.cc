// SPDX-License-Identifier: Apache-2.0
#include "learn/prepared.h"

#include <utility>

#include "learn/detail/design.h"
#include "learn/detail/standardised.h"

namespace learn {

Prepared::Prepared(std::unique_ptr<const detail::Design> design) : design_(std::move(design)) {}
Prepared::Prepared(Prepared&&) noexcept = default;
Prepared& Prepared::operator=(Prepared&&) noexcept = default;
Prepared::~Prepared() = default;

base::Result<Prepared> Prepared::make(std::span<const data::Column* const> columns,
                                      const LearnerSettings& settings) {
  TRY_ASSIGN(detail::Design design, detail::make_design(columns, settings.most_categories));
  design.moments = detail::measure(design.features, {}, settings.threads);
  return Prepared(std::make_unique<const detail::Design>(std::move(design)));
}

}  // namespace learn
