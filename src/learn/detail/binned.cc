// SPDX-License-Identifier: Apache-2.0
#include "learn/detail/binned.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "base/check.h"
#include "base/number.h"
#include "learn/detail/parallel.h"

namespace learn::detail {
namespace {

using data::Column;

struct Counted {
  double value = 0;
  std::size_t rows = 0;
};

// Midway, but such that below ≤ edge < above whatever the rounding.
double between(double below, double above) {
  const double middle = below / 2 + above / 2;
  return middle >= below && middle < above ? middle : below;
}

// Where the intervals end, as positions in the values: after each where they are few. Otherwise a
// value of more rows than the mean bin's has one to itself, and the others share the rest evenly.
std::vector<std::size_t> ends_of_bins(std::span<const Counted> values, std::size_t most) {
  std::vector<std::size_t> ends;
  if (values.size() <= most) {
    for (std::size_t i = 0; i + 1 < values.size(); ++i) ends.push_back(i);
    return ends;
  }
  std::size_t rows = 0;
  for (const Counted& value : values) rows += value.rows;
  const auto heavy = [&](std::size_t i) { return values[i].rows * most > rows; };
  std::size_t light_rows = 0, heavy_ahead = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    heavy(i) ? ++heavy_ahead : light_rows += values[i].rows;
  std::size_t filled = 0;
  for (std::size_t i = 0; i + 1 < values.size() && ends.size() + 1 < most; ++i) {
    const std::size_t bins_left = most - ends.size();
    if (heavy(i)) --heavy_ahead;
    const std::size_t for_light = bins_left - std::min(heavy_ahead, bins_left - 1);
    filled += values[i].rows;
    if (!heavy(i) && !heavy(i + 1) && filled * for_light < light_rows) continue;
    ends.push_back(i);
    if (!heavy(i)) light_rows -= filled;
    filled = 0;
  }
  return ends;
}

std::vector<Counted> count(std::span<const std::uint8_t> bytes) {
  std::array<std::size_t, 256> rows{};
  for (const std::uint8_t byte : bytes) ++rows[byte];
  std::vector<Counted> values;
  for (std::size_t value = 0; value < data::kMissingByte; ++value) {
    if (rows[value] > 0) values.push_back({static_cast<double>(value), rows[value]});
  }
  return values;
}

std::vector<Counted> count(std::span<const double> doubles) {
  std::vector<double> sorted;
  sorted.reserve(doubles.size());
  for (const double value : doubles) {
    if (!std::isnan(value)) sorted.push_back(value + 0.0);  // Both zeros are one number.
  }
  std::sort(sorted.begin(), sorted.end());
  std::vector<Counted> values;
  for (const double value : sorted) {
    if (values.empty() || values.back().value != value) values.push_back({value, 0});
    ++values.back().rows;
  }
  return values;
}

std::vector<double> edges_of(std::span<const Counted> values, std::size_t most) {
  std::vector<double> edges;
  for (const std::size_t end : ends_of_bins(values, most))
    edges.push_back(between(values[end].value, values[end + 1].value));
  return edges;
}

template <class Bin>
Bin bin_of(std::span<const double> edges, double value) {
  return static_cast<Bin>(std::lower_bound(edges.begin(), edges.end(), value) - edges.begin());
}

void bin_numbers(const Column& column, BinnedColumn& binned) {
  const std::span<const std::uint8_t> bytes = column.bytes();
  const std::span<const double> doubles = column.doubles();
  const std::vector<Counted> values = bytes.empty() ? count(doubles) : count(bytes);
  binned.edges = edges_of(values, kMostBins);
  binned.pooled = values.size() > kMostBins;
  binned.bins = values.empty() ? 0 : binned.edges.size() + 1;
  if (binned.bins == 0) return;
  const auto missing_bin = static_cast<std::uint8_t>(binned.bins);
  binned.cells.resize(column.size());
  if (!bytes.empty()) {
    std::array<std::uint8_t, 256> bins{};
    for (std::size_t value = 0; value < bins.size(); ++value)
      bins[value] = bin_of<std::uint8_t>(binned.edges, static_cast<double>(value));
    bins[data::kMissingByte] = missing_bin;
    std::transform(bytes.begin(), bytes.end(), binned.cells.begin(),
                   [&](std::uint8_t byte) { return bins[byte]; });
  } else {
    std::transform(doubles.begin(), doubles.end(), binned.cells.begin(), [&](double value) {
      return std::isnan(value) ? missing_bin : bin_of<std::uint8_t>(binned.edges, value);
    });
  }
}

std::shared_ptr<const FineColumn> fine_column(const Column& column,
                                              std::span<const double> coarse_edges) {
  auto fine = std::make_shared<FineColumn>();
  const std::vector<double> edges = edges_of(count(column.doubles()), kMostFineBins - kMostBins);
  std::set_union(edges.begin(), edges.end(), coarse_edges.begin(), coarse_edges.end(),
                 std::back_inserter(fine->edges));
  fine->bins = fine->edges.size() + 1;
  const auto missing_bin = static_cast<std::uint16_t>(fine->bins);
  fine->cells.reserve(column.size());
  for (const double value : column.doubles()) {
    fine->cells.push_back(std::isnan(value) ? missing_bin
                                            : bin_of<std::uint16_t>(fine->edges, value));
  }
  return fine;
}

void bin_texts(const Column& column, BinnedColumn& binned) {
  std::vector<std::size_t> rows(column.categories().size());
  for (const std::int32_t code : column.codes()) {
    if (code != data::kMissingCode) ++rows[static_cast<std::size_t>(code)];
  }
  std::vector<std::size_t> present;
  for (std::size_t code = 0; code < rows.size(); ++code) {
    if (rows[code] > 0) present.push_back(code);
  }
  binned.bins = std::min(present.size(), kMostBins);
  if (binned.bins == 0) return;
  std::vector<std::size_t> by_rows = present;
  if (present.size() > kMostBins) {
    std::stable_sort(by_rows.begin(), by_rows.end(),
                     [&](std::size_t a, std::size_t b) { return rows[a] > rows[b]; });
  }
  std::vector<std::uint8_t> bin(rows.size());
  for (std::size_t i = 0; i < by_rows.size(); ++i)
    bin[by_rows[i]] = static_cast<std::uint8_t>(std::min(i, kMostBins - 1));
  for (const std::size_t code : present) {
    binned.categories.push_back(column.categories()[code]);
    binned.category_bin.push_back(bin[code]);
  }
  binned.cells.resize(column.size());
  std::transform(column.codes().begin(), column.codes().end(), binned.cells.begin(),
                 [&](std::int32_t code) {
                   return code == data::kMissingCode ? static_cast<std::uint8_t>(binned.bins)
                                                     : bin[static_cast<std::size_t>(code)];
                 });
}

BinnedColumn bin(const Column& column) {
  BinnedColumn binned;
  binned.name = column.name();
  binned.numeric = column.numeric();
  binned.missing = column.missing() > 0;
  if (binned.numeric) {
    bin_numbers(column, binned);
  } else {
    bin_texts(column, binned);
  }
  return binned;
}

base::Result<void> check_columns(std::span<const Column* const> columns,
                                 std::size_t most_categories) {
  TRY(check_lengths(columns));
  for (const Column* column : columns) {
    const auto doubles = column->doubles();
    const auto at =
        std::find_if(doubles.begin(), doubles.end(), [](double v) { return std::isinf(v); });
    if (at != doubles.end()) {
      return base::input_error("column '" + column->name() + "' is not finite in row " +
                               std::to_string(at - doubles.begin() + 1));
    }
    if (column->categories().size() > most_categories) {
      return base::input_error(
          "column '" + column->name() + "' holds " +
          base::format_count(static_cast<std::int64_t>(column->categories().size())) +
          " different texts, more than " + std::to_string(most_categories) +
          " are no categories: leave it out with --exclude");
    }
  }
  return {};
}

// Columns of few bins first, so that those share.
std::vector<Bundle> bundle(std::span<const BinnedColumn> columns) {
  std::vector<std::uint32_t> order(columns.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return columns[a].slots() < columns[b].slots();
  });
  std::vector<Bundle> bundles;
  for (const std::uint32_t column : order) {
    const std::size_t slots = columns[column].slots();
    if (bundles.empty() || bundles.back().bins * slots > kMostBundleBins) bundles.emplace_back();
    Bundle& last = bundles.back();
    last.parts.push_back({column, static_cast<std::uint32_t>(last.bins)});
    last.bins *= slots;
  }
  return bundles;
}

void lay_out_rows(Binned& binned, int threads) {
  constexpr std::size_t kBlock = 4096;
  const std::size_t width = binned.bundles.size();
  binned.cells.assign(binned.rows * width, 0);
  for_each_piece((binned.rows + kBlock - 1) / kBlock, threads, [&](std::size_t block) {
    const std::size_t first = block * kBlock, last = std::min(first + kBlock, binned.rows);
    for (std::size_t b = 0; b < width; ++b) {
      for (const Bundle::Part& part : binned.bundles[b].parts) {
        const std::uint8_t* cells = binned.columns[part.column].cells.data();
        for (std::size_t row = first; row < last; ++row) {
          std::uint8_t& cell = binned.cells[row * width + b];
          cell = static_cast<std::uint8_t>(cell + cells[row] * part.step);
        }
      }
    }
  });
}

void lay_out(Binned& binned, int threads) {
  binned.bundles = bundle(binned.columns);
  lay_out_rows(binned, threads);
}

}  // namespace

base::Result<void> check_lengths(std::span<const Column* const> columns) {
  for (const Column* column : columns) {
    if (column->size() == columns.front()->size()) continue;
    return base::input_error("column '" + column->name() + "' has " +
                             std::to_string(column->size()) + " rows, column '" +
                             columns.front()->name() + "' " +
                             std::to_string(columns.front()->size()));
  }
  return {};
}

base::Result<Binned> make_binned(std::span<const Column* const> columns,
                                 std::size_t most_categories, int threads) {
  TRY(check_columns(columns, most_categories));
  Binned binned;
  binned.given.assign(columns.begin(), columns.end());
  binned.rows = columns.empty() ? 0 : columns.front()->size();
  std::vector<BinnedColumn> all(columns.size());
  for_each_piece(columns.size(), threads, [&](std::size_t i) { all[i] = bin(*columns[i]); });
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].bins == 0) {
      binned.notes.push_back("column '" + all[i].name + "' is left out: it is empty");
    } else if (all[i].slots() == 1) {
      binned.notes.push_back("column '" + all[i].name + "' is left out: it holds '" +
                             columns[i]->text(0) + "' in every row");
    } else {
      all[i].position = i;
      binned.columns.push_back(std::move(all[i]));
    }
  }
  lay_out(binned, threads);
  return binned;
}

void add_fine(Binned& binned, int threads) {
  for_each_piece(binned.columns.size(), threads, [&](std::size_t i) {
    BinnedColumn& column = binned.columns[i];
    if (column.pooled) column.fine = fine_column(*binned.given[column.position], column.edges);
  });
}

base::Result<Binned> part_of(const Binned& table, std::span<const Column* const> columns,
                             int threads) {
  std::unordered_map<const Column*, const BinnedColumn*> used;
  for (const BinnedColumn& column : table.columns) used[table.given[column.position]] = &column;
  std::unordered_map<const Column*, const std::string*> notes;
  std::size_t left_out = 0;
  for (const Column* column : table.given) {
    if (!used.contains(column)) notes.emplace(column, &table.notes[left_out++]);
  }
  Binned part;
  part.rows = columns.empty() ? 0 : table.rows;
  part.given.assign(columns.begin(), columns.end());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (const auto found = used.find(columns[i]); found != used.end()) {
      part.columns.push_back(*found->second);
      part.columns.back().position = i;
    } else if (const auto note = notes.find(columns[i]); note != notes.end()) {
      part.notes.push_back(*note->second);
    } else {
      return base::input_error("column '" + columns[i]->name() + "' is not one of those prepared");
    }
  }
  lay_out(part, threads);
  return part;
}

base::Result<std::shared_ptr<const Binned>> binned_of(const TrainingSet& set, Cells cells,
                                                      const LearnerSettings& settings,
                                                      const Prepared* prepared) {
  if (prepared == nullptr) {
    TRY_ASSIGN(Binned binned, make_binned(set.columns, settings.most_categories, settings.threads));
    if (cells == Cells::kFine) add_fine(binned, settings.threads);
    return std::shared_ptr<const Binned>(std::make_shared<Binned>(std::move(binned)));
  }
  TRY_ASSIGN(const Binned* const table,
             cells == Cells::kFine ? prepared->finely_binned() : prepared->binned());
  if (table->given == set.columns)
    return std::shared_ptr<const Binned>(table, [](const Binned*) {});
  TRY_ASSIGN(Binned part, part_of(*table, set.columns, settings.threads));
  return std::shared_ptr<const Binned>(std::make_shared<Binned>(std::move(part)));
}

base::Result<void> check(const BinnedSet& set) {
  CHECK(set.table != nullptr && set.labels != nullptr);
  const std::size_t rows = set.labels->values.size();
  if (!set.table->given.empty() && set.table->rows != rows) {
    return base::input_error(std::to_string(rows) + " labels for " +
                             std::to_string(set.table->rows) + " rows");
  }
  if (!set.weights.empty() && set.weights.size() != rows) {
    return base::input_error(std::to_string(set.weights.size()) + " weights for " +
                             std::to_string(rows) + " labels");
  }
  for (const std::uint32_t column : set.columns) CHECK(column < set.table->columns.size());
  double weight_of[2] = {0, 0};
  for (std::size_t row = 0; row < rows; ++row) {
    const double weight = set.weights.empty() ? 1 : set.weights[row];
    if (!(weight >= 0) || std::isinf(weight)) {
      return base::input_error("the weight of row " + std::to_string(row + 1) + " is " +
                               base::format_double(weight) +
                               ": it must be finite and not negative");
    }
    weight_of[set.labels->values[row]] += weight;
  }
  if (weight_of[0] == 0 || weight_of[1] == 0)
    return base::input_error("all labels are of one class: there is nothing to tell apart");
  return {};
}

std::vector<std::uint32_t> columns_of(const BinnedSet& set) {
  if (!set.columns.empty()) return {set.columns.begin(), set.columns.end()};
  std::vector<std::uint32_t> all(set.table->columns.size());
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

}  // namespace learn::detail
