// SPDX-License-Identifier: Apache-2.0
#include "experiment/money_words.h"

#include <cmath>

#include "base/number.h"

namespace experiment {

std::string amount(double value, const MoneyWords& words) {
  return base::format_fixed(value, words.decimals) + " " + words.unit;
}

std::string signed_amount(double value, const MoneyWords& words) {
  std::string text = amount(value, words);
  return text.front() == '-' ? text : "+" + text;
}

std::string percent(double share, int decimals) {
  return base::format_fixed(share * 100, decimals) + " %";
}

std::string percent(double share) {
  std::string text = base::format_fixed(share * 100, 4);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text + " %";
}

}  // namespace experiment
