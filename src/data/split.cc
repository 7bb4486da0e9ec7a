// SPDX-License-Identifier: Apache-2.0
#include "data/split.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

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

// Where the shares begin in a list of rows, before ties.
struct Boundaries {
  std::size_t validation = 0;
  std::size_t test = 0;
};

Boundaries boundaries_of(std::size_t rows, const Shares& shares) {
  const auto count = static_cast<double>(rows);
  const auto held =
      static_cast<std::size_t>(std::llround(count * (shares.test + shares.validation)));
  const auto test = static_cast<std::size_t>(std::llround(count * shares.test));
  return {rows - std::min(held, rows), rows - std::min(test, rows)};
}

base::Result<void> check_not_empty(const Split& split, const Shares& shares) {
  const char* empty = split.train.empty()                                 ? "training"
                      : shares.validation > 0 && split.validation.empty() ? "validation"
                      : shares.test > 0 && split.test.empty()             ? "testing"
                                                                          : nullptr;
  if (empty == nullptr) return {};
  const std::size_t rows = split.train.size() + split.validation.size() + split.test.size();
  return base::input_error(
      "no row is left for " + std::string(empty) + ": " + std::to_string(rows) +
      " rows with shares of " + base::format_double(shares.validation) + " for validation and " +
      base::format_double(shares.test) + " for testing, where rows of equal values stay together");
}

Split cut(std::span<const std::uint32_t> rows, const Boundaries& at) {
  Split split;
  split.train.assign(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(at.validation));
  split.validation.assign(rows.begin() + static_cast<std::ptrdiff_t>(at.validation),
                          rows.begin() + static_cast<std::ptrdiff_t>(at.test));
  split.test.assign(rows.begin() + static_cast<std::ptrdiff_t>(at.test), rows.end());
  return split;
}

// A number for every row by whose size the rows are ordered.
std::vector<double> ranks_of(const Column& order) {
  if (order.numeric()) return order.numbers();
  std::vector<std::size_t> sorted(order.categories().size());
  std::iota(sorted.begin(), sorted.end(), std::size_t{0});
  const auto categories = order.categories();
  std::sort(sorted.begin(), sorted.end(),
            [&](std::size_t a, std::size_t b) { return categories[a] < categories[b]; });
  std::vector<double> rank(sorted.size());
  for (std::size_t i = 0; i < sorted.size(); ++i) rank[sorted[i]] = static_cast<double>(i);
  std::vector<double> ranks;
  ranks.reserve(order.size());
  for (const std::int32_t code : order.codes())
    ranks.push_back(rank[static_cast<std::size_t>(code)]);
  return ranks;
}

// The end of a run of equal values that is nearer to a boundary inside of it; the later one where
// both are equally near, so that the row in the middle of the run decides.
std::size_t nearest_change(std::span<const std::uint32_t> rows, std::span<const double> ranks,
                           std::size_t at) {
  if (at == 0 || at >= rows.size()) return at;
  const double value = ranks[rows[at]];
  std::size_t first = at, last = at;
  while (first > 0 && ranks[rows[first - 1]] == value) --first;
  while (last < rows.size() && ranks[rows[last]] == value) ++last;
  return at - first < last - at ? first : last;
}

base::Result<void> check_fold_count(int folds) {
  if (folds >= 2 && folds <= std::numeric_limits<std::uint16_t>::max()) return {};
  return base::input_error(std::to_string(folds) +
                           " folds: there must be at least 2 and at most 65535");
}

base::Result<void> validate_folds(std::span<const std::uint8_t> classes, int folds) {
  TRY(check_fold_count(folds));
  if (classes.size() >= std::numeric_limits<std::uint32_t>::max())
    return base::input_error("more than 4,294,967,294 rows");
  std::array<std::size_t, 256> rows_of{};
  for (const std::uint8_t label : classes) ++rows_of[label];
  if (classes.empty()) return base::input_error("no rows to deal out");
  for (const std::size_t rows : rows_of) {
    if (rows == 0 || rows >= static_cast<std::size_t>(folds)) continue;
    return base::input_error("a class has " + std::to_string(rows) + " rows, too few for " +
                             std::to_string(folds) + " folds that each hold one of them");
  }
  return {};
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

base::Result<Split> ordered_split(std::size_t rows, const Shares& shares) {
  TRY(validate(rows, shares));
  std::vector<std::uint32_t> all(rows);
  std::iota(all.begin(), all.end(), 0U);
  Split split = cut(all, boundaries_of(rows, shares));
  TRY(check_not_empty(split, shares));
  return split;
}

base::Result<std::vector<std::uint32_t>> rows_in_order_of(const Column& order) {
  if (order.size() >= std::numeric_limits<std::uint32_t>::max())
    return base::input_error("more than 4,294,967,294 rows");
  for (std::size_t row = 0; order.missing() > 0 && row < order.size(); ++row) {
    if (!order.is_missing(row)) continue;
    return base::input_error("column '" + order.name() + "' is missing in row " +
                             std::to_string(row + 1) +
                             ": rows can be ordered by a column that is there in all of them");
  }
  const std::vector<double> ranks = ranks_of(order);
  std::vector<std::uint32_t> rows(order.size());
  std::iota(rows.begin(), rows.end(), 0U);
  std::stable_sort(rows.begin(), rows.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return ranks[a] < ranks[b]; });
  return rows;
}

base::Result<Split> ordered_split(const Column& order, const Shares& shares) {
  TRY(validate(order.size(), shares));
  TRY_ASSIGN(const std::vector<std::uint32_t> rows, rows_in_order_of(order));
  const std::vector<double> ranks = ranks_of(order);
  Boundaries at = boundaries_of(rows.size(), shares);
  at.test = nearest_change(rows, ranks, at.test);
  at.validation = std::min(nearest_change(rows, ranks, at.validation), at.test);
  Split split = cut(rows, at);
  TRY(check_not_empty(split, shares));
  sort_shares(split);
  return split;
}

base::Result<std::vector<std::uint16_t>> stratified_folds(std::span<const std::uint8_t> classes,
                                                          int folds, std::uint64_t seed) {
  TRY(validate_folds(classes, folds));
  std::array<std::vector<std::uint32_t>, 256> rows_of;
  for (std::size_t row = 0; row < classes.size(); ++row) {
    rows_of[classes[row]].push_back(static_cast<std::uint32_t>(row));
  }
  std::vector<std::uint16_t> fold_of_row(classes.size());
  std::size_t dealt = 0;  // Over all classes, so that the folds' sizes differ by one row at most.
  for (std::size_t label = 0; label < rows_of.size(); ++label) {
    base::Random random(seed, label);
    auto& rows = rows_of[label];
    for (std::size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[random.below(i)]);
    for (const std::uint32_t row : rows) {
      fold_of_row[row] = static_cast<std::uint16_t>(dealt++ % static_cast<std::size_t>(folds));
    }
  }
  return fold_of_row;
}

std::uint64_t seed_of_repeat(std::uint64_t seed, int repeat) {
  if (repeat == 0) return seed;
  return base::mix64(seed ^ base::mix64(static_cast<std::uint64_t>(repeat)));
}

base::Result<std::vector<std::vector<std::uint16_t>>> repeated_folds(
    std::span<const std::uint8_t> classes, int folds, int repeats, std::uint64_t seed) {
  if (repeats < 1)
    return base::input_error(std::to_string(repeats) + " repeats: there must be at least 1");
  std::vector<std::vector<std::uint16_t>> deals;
  for (int repeat = 0; repeat < repeats; ++repeat) {
    TRY_ASSIGN(std::vector<std::uint16_t> deal,
               stratified_folds(classes, folds, seed_of_repeat(seed, repeat)));
    deals.push_back(std::move(deal));
  }
  return deals;
}

Fold take_fold(std::span<const std::uint16_t> fold_of_row, int fold) {
  Fold result;
  for (std::size_t row = 0; row < fold_of_row.size(); ++row) {
    auto& rows = fold_of_row[row] == fold ? result.test : result.train;
    rows.push_back(static_cast<std::uint32_t>(row));
  }
  return result;
}

base::Result<std::vector<Fold>> forward_folds(std::size_t rows, int folds) {
  TRY(check_fold_count(folds));
  if (rows >= std::numeric_limits<std::uint32_t>::max())
    return base::input_error("more than 4,294,967,294 rows");
  const auto blocks = static_cast<std::size_t>(folds) + 1;
  if (rows < blocks) {
    return base::input_error(std::to_string(rows) + " rows are too few for " +
                             std::to_string(folds) + " folds in the order of time, which need " +
                             std::to_string(blocks) + " blocks of rows");
  }
  std::vector<Fold> result;
  for (std::size_t block = 1; block < blocks; ++block) {
    const std::size_t begin = rows * block / blocks, end = rows * (block + 1) / blocks;
    Fold fold{std::vector<std::uint32_t>(begin), std::vector<std::uint32_t>(end - begin)};
    std::iota(fold.train.begin(), fold.train.end(), 0U);
    std::iota(fold.test.begin(), fold.test.end(), static_cast<std::uint32_t>(begin));
    result.push_back(std::move(fold));
  }
  return result;
}

}  // namespace data
