// SPDX-License-Identifier: Apache-2.0
#include "data/split.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/number.h"
#include "base/random.h"

namespace data {
namespace {

base::Result<void> validate(std::size_t rows, const Shares& shares) {
  const bool in_range =
      shares.validation >= 0 && shares.test >= 0 && shares.validation + shares.test < 1;
  if (!in_range) {
    return base::input_error(
        "shares of " + base::format_double(shares.validation) + " for validation and " +
        base::format_double(shares.test) +
        " for testing: each must be at least 0, and together they must stay below 1");
  }
  if (rows >= std::numeric_limits<std::uint32_t>::max())
    return base::input_error("more than 4,294,967,294 rows");
  return {};
}

// A prefix of the shuffled rows is for testing, the next stretch for validation, the rest for
// training.
void share_out(std::vector<std::uint32_t>& rows, const Shares& shares, base::Random& random,
               Split& split) {
  for (std::size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[random.below(i)]);
  const auto count = static_cast<double>(rows.size());
  const auto test = static_cast<std::ptrdiff_t>(std::llround(count * shares.test));
  const auto held =
      std::min(static_cast<std::ptrdiff_t>(std::llround(count * (shares.test + shares.validation))),
               static_cast<std::ptrdiff_t>(rows.size()));
  split.test.insert(split.test.end(), rows.begin(), rows.begin() + test);
  split.validation.insert(split.validation.end(), rows.begin() + test, rows.begin() + held);
  split.train.insert(split.train.end(), rows.begin() + held, rows.end());
}

void sort_shares(Split& split) {
  std::sort(split.train.begin(), split.train.end());
  std::sort(split.validation.begin(), split.validation.end());
  std::sort(split.test.begin(), split.test.end());
}

}  // namespace

base::Result<Split> stratified_split(std::span<const std::uint8_t> classes, const Shares& shares,
                                     std::uint64_t seed) {
  TRY(validate(classes.size(), shares));
  std::array<std::vector<std::uint32_t>, 256> rows_of;
  for (std::size_t row = 0; row < classes.size(); ++row) {
    rows_of[classes[row]].push_back(static_cast<std::uint32_t>(row));
  }
  Split split;
  for (std::size_t label = 0; label < rows_of.size(); ++label) {
    base::Random random(seed, label);
    share_out(rows_of[label], shares, random, split);
  }
  sort_shares(split);
  return split;
}

base::Result<Split> random_split(std::size_t rows, const Shares& shares, std::uint64_t seed) {
  TRY(validate(rows, shares));
  std::vector<std::uint32_t> all(rows);
  std::iota(all.begin(), all.end(), 0U);
  Split split;
  base::Random random(seed);
  share_out(all, shares, random, split);
  sort_shares(split);
  return split;
}

}  // namespace data
