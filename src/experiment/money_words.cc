// SPDX-License-Identifier: Apache-2.0
#include "experiment/money_words.h"

#include <string_view>

#include "base/number.h"

namespace experiment {

namespace {

constexpr std::string_view kMinus = "−";

// With a true minus sign: a hyphen is easily overlooked, or lost at a line's end.
std::string number(double value, int decimals) {
  std::string text = base::format_fixed(value, decimals);
  if (text.front() == '-') text.replace(0, 1, kMinus);
  return text;
}

}  // namespace

std::string amount(double value, const MoneyWords& words) {
  return number(value, words.decimals) + " " + words.unit;
}

std::string signed_amount(double value, const MoneyWords& words) {
  const std::string text = amount(value, words);
  return text.starts_with(kMinus) ? text : "+" + text;
}

std::string percent(double share, int decimals) { return number(share * 100, decimals) + " %"; }

std::string percent(double share) {
  std::string text = number(share * 100, 4);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text + " %";
}

}  // namespace experiment
