// SPDX-License-Identifier: Apache-2.0
// The money of an offer as options: --q, or --income and --cost, or --old-precision and --roi.
#pragma once
#include <optional>

#include "base/result.h"
#include "profit/economics.h"

namespace CLI {
class App;
}

namespace cli {

struct MoneyOptions {
  std::optional<double> q, income, cost, old_precision, roi;
};

void add_money_options(CLI::App& command, MoneyOptions& options);

// Nothing where no option was given; refuses half a pair and two ways at once.
base::Result<std::optional<profit::Economics>> read_money(const MoneyOptions& options);

}  // namespace cli
