// SPDX-License-Identifier: Apache-2.0
// The curvature of Standardised. Most features go through tiles of single precision, in which they
// are standardised. Indicators of a column of several texts are summed by slot instead: a row costs
// one addition for each pair of such columns, however many texts these hold.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <variant>

#include "learn/detail/kernels.h"
#include "learn/detail/parallel.h"
#include "learn/detail/standardised.h"

namespace learn::detail {
namespace {

// As in standardised.cc: whatever the number of threads.
constexpr std::size_t kPieces = 4;
constexpr std::size_t kDiagonalPieces = 32;
constexpr std::size_t kMostFloats =
    1'000'000;  // Larger Hessians are gathered in one piece, to save memory.
constexpr std::size_t kLeastTexts = 4;  // With fewer of a column, its products are the faster way.
constexpr std::size_t kLanes = 8;

static_assert(kBlockRows % kTileRows == 0);

std::vector<std::size_t> all_of(std::size_t features) {
  std::vector<std::size_t> all(features);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

// Those places among `count` that have no slot.
std::vector<std::size_t> without_slot(std::size_t count, const IndicatorSlots& indicators) {
  std::vector<bool> has_slot(count, false);
  for (const std::size_t place : indicators.places()) {
    if (place != IndicatorSlots::kNone) has_slot[place] = true;
  }
  std::vector<std::size_t> places;
  for (std::size_t place = 0; place < count; ++place) {
    if (!has_slot[place]) places.push_back(place);
  }
  return places;
}

void take_roots(std::span<const double> curvature, float* root) {
  for (const double value : curvature) *root++ = static_cast<float>(std::sqrt(value));
}

}  // namespace

// Sums over rows, c being a row's curvature.
struct Standardised::CurvatureSums {
  CurvatureSums(std::size_t plain_features, std::size_t slot_count)
      : plain(plain_features + 1),
        width((plain + kLanes - 1) / kLanes * kLanes),
        slots(slot_count),
        products(plain * plain, 0),
        by_slot(slots * width, 0),
        by_pair(slots * slots, 0),
        rows(slots > 0 ? kTileRows * width : 0, 0) {}

  // Of the first n rows of the tile, whose features are multiplied by root of c.
  void add_tile(const std::vector<float>& tile, const float* root, std::size_t n) {
    kernels().add_outer_products(tile.data(), plain, products.data());
    if (slots == 0) return;
    for (std::size_t k = 0; k < plain; ++k) {
      for (std::size_t i = 0; i < n; ++i)
        rows[i * width + k] = static_cast<double>(tile[k * kTileRows + i] * root[i]);
    }
  }
  // Of those rows, `slot` being theirs in one column.
  void add_slots(const std::uint32_t* slot, std::size_t n) {
    kernels().add_rows(rows.data(), width, slot, n, by_slot.data());
  }
  void add_pairs(const std::vector<std::uint32_t>& slot, std::size_t columns,
                 std::span<const double> curvature) {
    const std::size_t n = curvature.size();
    std::array<std::size_t, kBlockRows> row;
    for (std::size_t later = 1; later < columns; ++later) {
      for (std::size_t i = 0; i < n; ++i) row[i] = slot[later * n + i] * slots;
      for (std::size_t earlier = 0; earlier < later; ++earlier) {
        const std::uint32_t* const column = &slot[earlier * n];
        for (std::size_t i = 0; i < n; ++i) by_pair[row[i] + column[i]] += curvature[i];
      }
    }
  }
  void add(const CurvatureSums& other) {
    const auto add_all = [](std::vector<double>& to, const std::vector<double>& from) {
      for (std::size_t k = 0; k < to.size(); ++k) to[k] += from[k];
    };
    add_all(products, other.products);
    add_all(by_slot, other.by_slot);
    add_all(by_pair, other.by_pair);
  }
  [[nodiscard]] double total() const { return products.back(); }  // Σ c
  [[nodiscard]] double of(std::size_t k) const {
    return products[(plain - 1) * plain + k];
  }  // Σ c x̃_k

  std::size_t plain;  // Features without a slot and, last, the intercept.
  std::size_t width;
  std::size_t slots;
  std::vector<double> products;  // Σ c x̃_j x̃_k, plain × plain, k ≤ j.
  std::vector<double> by_slot;   // Σ c x̃_k of the slot's rows, slots × width.
  std::vector<double> by_pair;  // Σ c of both slots' rows, slots × slots, the later column first.
  std::vector<double> rows;     // c x̃_k of a tile, row by row.
};

void Standardised::fill_tile(std::span<const std::size_t> features, std::size_t first,
                             std::size_t n, const float* root_curvature, float* tile) const {
  const Kernels& kernel = kernels();
  const auto pad = [n](float* row) { std::fill(row + n, row + kTileRows, 0.0F); };
  for (std::size_t k = 0; k < features.size(); ++k) {
    const std::size_t j = features[k];
    const double mean = moments_[j].mean, factor = 1 / moments_[j].deviation;
    float* const row = tile + k * kTileRows;
    if (const auto* bytes = std::get_if<0>(&problem_.features[j])) {
      kernel.scale_bytes(bytes->data() + first, root_curvature, mean, factor, row, n);
    } else if (const auto* doubles = std::get_if<1>(&problem_.features[j])) {
      kernel.scale_doubles(doubles->data() + first, root_curvature, mean, factor, row, n);
    } else {
      const Indicator& indicator = std::get<Indicator>(problem_.features[j]);
      const auto zero = static_cast<float>(-mean * factor),
                 one = static_cast<float>((1 - mean) * factor);
      for (std::size_t i = 0; i < n; ++i)
        row[i] = root_curvature[i] * (indicator.codes[first + i] == indicator.code ? one : zero);
    }
    pad(row);
  }
  float* const ones = tile + features.size() * kTileRows;
  std::copy(root_curvature, root_curvature + n, ones);
  pad(ones);
}

std::vector<double> Standardised::hessian(std::span<const double> u, const Sample& sample) const {
  return hessian(u, sample, all_of(features_));
}

Standardised::CurvatureSums Standardised::curvature_sums(const Coefficients& at,
                                                         const Sample& sample,
                                                         std::span<const std::size_t> plain,
                                                         const IndicatorSlots& indicators) const {
  const std::size_t all = plain.size() + 1 + indicators.size(), count = sampled_blocks(sample);
  const std::size_t pieces = all * all > kMostFloats ? 1 : std::min(count, kPieces);
  std::vector<CurvatureSums> sums(pieces, CurvatureSums(plain.size(), indicators.size()));
  for_each_piece(pieces, threads_, [&](std::size_t piece) {
    Block block(indicators_);
    std::vector<std::uint32_t> slots(indicators.columns() * kBlockRows);
    std::vector<float> tile((plain.size() + 1) * kTileRows);
    std::array<float, kBlockRows> root;
    for (std::size_t b = count * piece / pieces; b < count * (piece + 1) / pieces; ++b) {
      const std::size_t first = b * sample.stride * kBlockRows,
                        n = std::min(kBlockRows, rows_ - first);
      block_residuals(at, first, n, block);
      const std::span curvature(block.curvature.data(), n);
      take_roots(curvature, root.data());
      indicators.find(first, n, slots.data());
      sums[piece].add_pairs(slots, indicators.columns(), curvature);
      for (std::size_t from = 0; from < n; from += kTileRows) {
        const std::size_t rows = std::min(kTileRows, n - from);
        fill_tile(plain, first + from, rows, &root[from], tile.data());
        sums[piece].add_tile(tile, &root[from], rows);
        for (std::size_t column = 0; column < indicators.columns(); ++column)
          sums[piece].add_slots(&slots[column * n + from], rows);
      }
    }
  });
  for (std::size_t piece = 1; piece < pieces; ++piece) sums[0].add(sums[piece]);
  return std::move(sums[0]);
}

std::vector<double> Standardised::hessian(std::span<const double> u, const Sample& sample,
                                          std::span<const std::size_t> features) const {
  const IndicatorSlots indicators(problem_.features, features, kLeastTexts);
  std::vector<std::size_t> places = without_slot(features.size(), indicators), plain;
  for (const std::size_t place : places) plain.push_back(features[place]);
  const CurvatureSums sums = curvature_sums(coefficients(u), sample, plain, indicators);
  const std::size_t d = features.size() + 1;
  places.push_back(d - 1);

  std::vector<double> hessian(d * d, 0);
  const double scale = objective_.c * static_cast<double>(sample.stride);
  const auto set = [&](std::size_t j, std::size_t k, double value) {
    hessian[std::max(j, k) * d + std::min(j, k)] = scale * value;
  };
  for (std::size_t a = 0; a < places.size(); ++a) {
    for (std::size_t b = 0; b <= a; ++b)
      set(places[a], places[b], sums.products[a * sums.plain + b]);
  }
  // Of an indicator z with mean m: Σ c (z − m) x = Σ c x of its rows − m Σ c x.
  const auto of_slot = [&](std::size_t s) { return sums.by_slot[s * sums.width + sums.plain - 1]; };
  const std::span<const std::size_t> place_of = indicators.places();
  for (std::size_t s = 0; s < sums.slots; ++s) {
    if (place_of[s] == IndicatorSlots::kNone) continue;
    const Moments& one = moments_[features[place_of[s]]];
    for (std::size_t k = 0; k < places.size(); ++k) {
      const double product = sums.by_slot[s * sums.width + k] - one.mean * sums.of(k);
      set(place_of[s], places[k], product / one.deviation);
    }
    for (std::size_t t = 0; t <= s; ++t) {
      if (place_of[t] == IndicatorSlots::kNone) continue;
      const Moments& other = moments_[features[place_of[t]]];
      const double both = s == t ? of_slot(s) : sums.by_pair[s * sums.slots + t];
      const double product = both - one.mean * of_slot(t) - other.mean * of_slot(s) +
                             one.mean * other.mean * sums.total();
      set(place_of[s], place_of[t], product / (one.deviation * other.deviation));
    }
  }
  for (std::size_t k = 0; k + 1 < d; ++k) hessian[k * d + k] += penalty_[features[k]];
  return hessian;
}

std::vector<double> Standardised::hessian_diagonal(std::span<const double> u,
                                                   const Sample& sample) const {
  const Coefficients at = coefficients(u);
  const std::vector<std::size_t> plain = without_slot(features_, indicators_);
  const std::size_t d = plain.size() + 1, width = d + indicators_.size(),
                    count = sampled_blocks(sample), pieces = std::min(count, kDiagonalPieces);
  std::vector<double> sums(pieces * width, 0);  // Per piece: Σ c x̃², and Σ c by slot.
  for_each_piece(pieces, threads_, [&](std::size_t piece) {
    Block block(indicators_);
    double* const own = &sums[piece * width];
    std::vector<float> tile(d * kTileRows);
    std::array<float, kBlockRows> root;
    for (std::size_t b = count * piece / pieces; b < count * (piece + 1) / pieces; ++b) {
      const std::size_t first = b * sample.stride * kBlockRows,
                        n = std::min(kBlockRows, rows_ - first);
      block_residuals(at, first, n, block);
      take_roots({block.curvature.data(), n}, root.data());
      for (std::size_t from = 0; from < n; from += kTileRows) {
        fill_tile(plain, first + from, std::min(kTileRows, n - from), &root[from], tile.data());
        for (std::size_t k = 0; k < d; ++k) {
          const float* row = &tile[k * kTileRows];
          own[k] += std::inner_product(row, row + kTileRows, row, 0.0);
        }
      }
      for (std::size_t k = 0; k < indicators_.columns() * n; ++k)
        own[d + block.slots[k]] += block.curvature[k % n];
    }
  });
  for (std::size_t piece = 1; piece < pieces; ++piece) {
    for (std::size_t k = 0; k < width; ++k) sums[k] += sums[piece * width + k];
  }
  std::vector<double> diagonal(penalty_);
  const double scale = objective_.c * static_cast<double>(sample.stride), total = sums[d - 1];
  for (std::size_t k = 0; k + 1 < d; ++k) diagonal[plain[k]] += scale * sums[k];
  diagonal[features_] += scale * total;
  for (std::size_t slot = 0; slot < indicators_.size(); ++slot) {
    const std::size_t j = indicators_.places()[slot];
    if (j == IndicatorSlots::kNone) continue;
    const Moments& one = moments_[j];
    diagonal[j] += scale * (sums[d + slot] * (1 - 2 * one.mean) + one.mean * one.mean * total) /
                   (one.deviation * one.deviation);
  }
  return diagonal;
}

}  // namespace learn::detail
