// SPDX-License-Identifier: Apache-2.0
// Why something is refused or remarked upon, as data for a page and as a sentence for a person.
#pragma once
#include <string>

namespace experiment {

struct Reason {
  std::string code{};   // Stable, for programs: "alpha_out_of_range".
  std::string field{};  // Which number: alpha, power, effect, margin, deviation, ratio, customers,
                        // days, skew.
  double have = 0;      // Its value now; may be NaN.
  double need = 0;      // The nearest bound it violates.
  std::string message{};  // What is wrong and what would be right.
};

}  // namespace experiment
