// SPDX-License-Identifier: Apache-2.0
#include "cli/money.h"

#include <CLI/CLI.hpp>

namespace cli {

void add_money_options(CLI::App& command, MoneyOptions& options) {
  const char* const group = "Money";
  command.add_option("--q", options.q, "Income of an accepted offer over the cost of a shown one")
      ->group(group);
  command.add_option("--income", options.income, "Income of an accepted offer")->group(group);
  command.add_option("--cost", options.cost, "Cost of a shown offer")->group(group);
  command
      .add_option("--old-precision", options.old_precision,
                  "Share of accepted offers under the old system")
      ->group(group);
  command
      .add_option("--roi", options.roi,
                  "Supposed return on investment of the old system (0: it broke even)")
      ->group(group);
}

base::Result<std::optional<profit::Economics>> read_money(const MoneyOptions& options) {
  const bool by_amounts = options.income || options.cost;
  const bool by_hypothesis = options.old_precision || options.roi;
  if (static_cast<int>(options.q.has_value()) + static_cast<int>(by_amounts) +
          static_cast<int>(by_hypothesis) >
      1) {
    return base::input_error(
        "the money is given in two ways: give --q, or --income and --cost, or --old-precision and "
        "--roi");
  }
  const auto some = [](base::Result<profit::Economics> economics)
      -> base::Result<std::optional<profit::Economics>> {
    if (!economics) return economics.error();
    return std::optional<profit::Economics>(*economics);
  };
  if (options.q) return some(profit::economics_from_q(*options.q));
  if (by_amounts) {
    if (!options.income || !options.cost)
      return base::input_error("--income and --cost belong together");
    return some(profit::economics_from_money(*options.income, *options.cost));
  }
  if (by_hypothesis) {
    if (!options.old_precision) return base::input_error("--roi needs --old-precision");
    return some(profit::economics_from_hypothesis(*options.old_precision, options.roi.value_or(0)));
  }
  return std::optional<profit::Economics>{};
}

}  // namespace cli
