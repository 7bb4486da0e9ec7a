// SPDX-License-Identifier: Apache-2.0
#include "profit/winners_curse.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>

#include "base/random.h"
#include "profit/detail/bit_count.h"
#include "profit/intervals.h"
#include "profit/paired.h"

namespace profit {
namespace {

using metric::Confusion;
using Words = std::vector<std::uint64_t>;

// Rows of one class drawn with replacement: bit k of a row's multiplicity is its bit in planes[k].
struct Draw {
  std::vector<Words> planes;
  Words left_out;
  std::int64_t rows_left_out = 0;

  [[nodiscard]] std::int64_t hits(std::span<const std::uint64_t> offered) const {
    std::int64_t sum = 0;
    for (std::size_t k = 0; k < planes.size(); ++k)
      sum += detail::count_both(offered, planes[k]) << k;
    return sum;
  }
};

void set_bit(Words& words, std::size_t row) { words[row / 64] |= std::uint64_t{1} << (row % 64); }

Draw draw_rows(std::size_t rows, base::Random& random) {
  std::vector<std::uint32_t> times(rows);
  for (std::size_t i = 0; i < rows; ++i) ++times[random.below(rows)];
  const std::size_t words = (rows + 63) / 64;
  Draw draw{.left_out = Words(words)};
  for (std::size_t row = 0; row < rows; ++row) {
    if (times[row] == 0) {
      set_bit(draw.left_out, row);
      ++draw.rows_left_out;
    }
    for (std::size_t k = 0; (times[row] >> k) != 0; ++k) {
      if (draw.planes.size() <= k) draw.planes.resize(k + 1, Words(words));
      if ((times[row] >> k & 1) != 0) set_bit(draw.planes[k], row);
    }
  }
  return draw;
}

struct Resample {
  Draw positives, negatives;
  double best = 0;
  std::size_t winner = 0;
  bool has_winner = false;
};

// TP − x·FP: on equal rows it has the order of RAP.
double worth(std::int64_t tp, std::int64_t fp, double x) {
  return static_cast<double>(tp) - x * static_cast<double>(fp);
}

void enter(const Decisions& decisions, std::size_t model, double x, Resample& resample) {
  const double mine = worth(resample.positives.hits(decisions.on_positives(model)),
                            resample.negatives.hits(decisions.on_negatives(model)), x);
  if (resample.has_winner && mine <= resample.best) return;
  resample.best = mine;
  resample.winner = model;
  resample.has_winner = true;
}

// The winner on the rows that were left out, at the class ratio of the whole test set.
double rap_left_out(const Decisions& decisions, const Resample& r, double x) {
  const auto share = [](std::span<const std::uint64_t> offered, const Draw& draw) {
    if (draw.rows_left_out == 0) return 0.0;
    return static_cast<double>(detail::count_both(offered, draw.left_out)) /
           static_cast<double>(draw.rows_left_out);
  };
  const double ratio =
      static_cast<double>(decisions.negatives()) / static_cast<double>(decisions.positives());
  return share(decisions.on_positives(r.winner), r.positives) -
         x * ratio * share(decisions.on_negatives(r.winner), r.negatives);
}

base::Result<void> check(const Decisions& decisions, double confidence) {
  TRY(metric::check_confidence(confidence));
  if (decisions.models() == 0) return base::input_error("there is no model to choose from");
  if (decisions.positives() < 2) {
    return base::input_error("the test set has " + std::to_string(decisions.positives()) +
                             " positives: at least two are needed to measure a chosen model");
  }
  return {};
}

std::size_t best_on_all(const Decisions& decisions, double x) {
  std::size_t best = 0;
  double most = 0;
  for (std::size_t m = 0; m < decisions.models(); ++m) {
    const Confusion c = decisions.confusion(m);
    const double mine = worth(c.tp, c.fp, x);
    if (m == 0 || mine > most) best = m, most = mine;
  }
  return best;
}

base::Result<std::vector<std::size_t>> candidates(const Decisions& decisions, std::size_t leader,
                                                  const Economics& e) {
  constexpr double kHopeless = 6;
  std::vector<std::size_t> able;
  for (std::size_t m = 0; m < decisions.models(); ++m) {
    TRY_ASSIGN(const PairedDifference lead,
               paired_difference(disagreement(decisions, leader, m), e));
    if (lead.z <= kHopeless) able.push_back(m);
  }
  return able;
}

std::vector<WinnersCurse::Win> ordered(const std::vector<int>& won, int resamples) {
  std::vector<WinnersCurse::Win> wins;
  for (std::size_t m = 0; m < won.size(); ++m)
    if (won[m] > 0) wins.push_back({m, static_cast<double>(won[m]) / resamples});
  std::stable_sort(wins.begin(), wins.end(),
                   [](const auto& a, const auto& b) { return a.share > b.share; });
  return wins;
}

}  // namespace

base::Result<WinnersCurse> correct_winners_curse(const Decisions& decisions, const Economics& e,
                                                 const CurseOptions& options) {
  TRY(check(decisions, options.confidence));
  if (options.resamples < 20) {
    return base::input_error("a correction from " + std::to_string(options.resamples) +
                             " resamples is too rough: at least 20");
  }
  const double x = 1 / (e.q() - 1);
  WinnersCurse result{.leader = best_on_all(decisions, x)};
  TRY_ASSIGN(const MoneyIntervals money, money_intervals(decisions.confusion(result.leader), e,
                                                         options.confidence, Sampling::kClasses));
  TRY_ASSIGN(const std::vector<std::size_t> able, candidates(decisions, result.leader, e));

  std::vector<int> won(decisions.models());
  double sum = 0;
  constexpr int kTogether = 8;  // Resamples whose planes stay in the cache while models pass by.
  for (int begin = 0; begin < options.resamples; begin += kTogether) {
    std::vector<Resample> batch;
    for (int b = begin; b < std::min(begin + kTogether, options.resamples); ++b) {
      base::Random random(options.seed, static_cast<std::uint64_t>(b));
      Draw positives = draw_rows(decisions.positives(), random);
      Draw negatives = draw_rows(decisions.negatives(), random);
      const bool can_measure = positives.rows_left_out > 0 &&
                               (negatives.rows_left_out > 0 || decisions.negatives() == 0);
      if (can_measure) batch.push_back({std::move(positives), std::move(negatives)});
    }
    for (const std::size_t model : able)
      for (Resample& r : batch) enter(decisions, model, x, r);
    for (const Resample& r : batch) {
      sum += rap_left_out(decisions, r, x);
      ++won[r.winner];
      ++result.resamples;
    }
  }
  if (result.resamples == 0) {
    return base::input_error("no resample left a row of each class out: the test set of " +
                             std::to_string(decisions.rows()) + " rows is too small");
  }
  result.raw = money.rap;
  result.corrected =
      metric::normal_interval(sum / result.resamples, money.rap.standard_error, options.confidence);
  result.optimism = result.raw.estimate - result.corrected.estimate;
  result.wins = ordered(won, result.resamples);
  result.candidates = able.size();
  return result;
}

namespace {

// A random half of the rows of a class, rounded down.
Words half_of(std::size_t rows, base::Random& random) {
  Words words((rows + 63) / 64);
  std::size_t wanted = rows / 2;
  for (std::size_t row = 0; row < rows; ++row) {
    if (random.below(rows - row) >= wanted) continue;  // Selection sampling (Knuth 3.4.2 S).
    set_bit(words, row);
    --wanted;
  }
  return words;
}

}  // namespace

base::Result<HoldOut> choose_on_half(const Decisions& decisions, const Economics& e,
                                     double confidence, std::uint64_t seed) {
  TRY(check(decisions, confidence));
  base::Random random(seed);
  const Words positives = half_of(decisions.positives(), random);
  const Words negatives = half_of(decisions.negatives(), random);
  const auto half = [](std::size_t rows) { return static_cast<std::int64_t>(rows / 2); };
  const auto on_half = [&](std::size_t m) {
    const std::int64_t tp = detail::count_both(decisions.on_positives(m), positives);
    const std::int64_t fp = detail::count_both(decisions.on_negatives(m), negatives);
    return Confusion{.tp = tp,
                     .fp = fp,
                     .tn = half(decisions.negatives()) - fp,
                     .fn = half(decisions.positives()) - tp};
  };
  HoldOut result;
  for (std::size_t m = 0; m < decisions.models(); ++m) {
    const double rap = *relative_achieved_profit(on_half(m), e.q());
    if (m == 0 || rap > result.chosen_with) result.model = m, result.chosen_with = rap;
  }
  const Confusion all = decisions.confusion(result.model), chose = on_half(result.model);
  const Confusion other{.tp = all.tp - chose.tp,
                        .fp = all.fp - chose.fp,
                        .tn = all.tn - chose.tn,
                        .fn = all.fn - chose.fn};
  TRY_ASSIGN(const MoneyIntervals money, money_intervals(other, e, confidence, Sampling::kClasses));
  result.rap = money.rap;
  return result;
}

}  // namespace profit
