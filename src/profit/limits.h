// SPDX-License-Identifier: Apache-2.0
// The most profitable model is not always allowed: limits on what stands beside money, as "the best
// RAP with p99 below 1,000 ns and a parity gap of at most 5 %". Pure and thread-safe.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "profit/ranking.h"

namespace profit {

struct Limit {
  enum class Kind { kBelow, kAtMost, kAbove, kAtLeast };
  std::string measure;
  Kind kind = Kind::kAtMost;
  double bound = 0;
};

// "p99_ns < 1000", "parity_gap <= 5%", "auc >= 0.7": a name, one of < <= > >=, and a number, which
// may be a percentage. Blanks between them do not matter.
base::Result<Limit> parse_limit(std::string_view text);
// As it is written: "parity_gap <= 0.05".
std::string to_text(const Limit& limit);

// A measure of every model, in the order in which the models were ranked; nothing where it is not
// known. The unit is part of the name.
struct Measure {
  std::string name;
  std::vector<std::optional<double>> values;
};

struct Selection {
  std::vector<std::size_t> kept;  // Models, best first.
  struct Excluded {
    std::size_t model = 0;
    std::string why;  // The first limit it breaks: "p99_ns is 1200, not < 1000".
  };
  std::vector<Excluded> excluded;  // In the order of the ranking.
};

// A model whose measure is not known breaks the limit: what is not shown is not kept. Refuses a
// limit on a measure that is not there, and a measure without a value's place for every model.
base::Result<Selection> keep_within(std::span<const Standing> standings,
                                    std::span<const Measure> measures,
                                    std::span<const Limit> limits);

}  // namespace profit
