// SPDX-License-Identifier: Apache-2.0
// How amounts are said to people.
#pragma once
#include <optional>
#include <string>

namespace experiment {

struct MoneyWords {
  std::string unit = "$";  // Written after the number: "0.70 $".
  int decimals = 2;
  std::optional<double> customers_per_year{};  // If set, a gain is also said for a year.
};

// "0.70 $"; "−0.30 $".
std::string amount(double value, const MoneyWords& words);
// "+0.70 $"; "−0.30 $".
std::string signed_amount(double value, const MoneyWords& words);
// A share as a percentage with as many decimals: percent(0.754, 1) = "75.4 %".
std::string percent(double share, int decimals);
// A share as a percentage with no more decimals than needed, at most 4: "95 %", "97.5 %".
std::string percent(double share);

}  // namespace experiment
