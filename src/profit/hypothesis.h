// SPDX-License-Identifier: Apache-2.0
// What is supposed of q need not be a point: ranges and distributions of the old system's ROI, of
// q, of income and cost, and what each model is worth under them. Pure and thread-safe.
//
// RAP is linear in x = 1/(q − 1), so under any belief the expected RAP of a model is
// recall − (FP/positives)·E[x]; the expected RAP of always having the best model is the sum of the
// envelope's segments. Both are exact integrals (logarithms for uniform and triangular q).
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "base/result.h"
#include "profit/sensitivity.h"

namespace profit {

// A distribution of q over a range above 1. Made by the functions below, which refuse ranges that
// are empty, infinite where that has no meaning, or not wholly above q = 1 (there x is infinite,
// and so is the regret of any offer).
class Belief {
 public:
  struct Uniform {};  // In q, and so in the ROI of the old system.
  struct Triangular {
    double from, mode, to;
  };
  struct UniformShare {};  // Uniform in x, where nothing but a lower bound of q is known.
  struct Samples {
    std::vector<double> q;  // Ascending, equally likely.
  };

  [[nodiscard]] const QRange& range() const { return range_; }
  // P(from ≤ q < to), and E[x; from ≤ q < to].
  [[nodiscard]] double probability(const QRange& q) const;
  [[nodiscard]] double mean_x(const QRange& q) const;

 private:
  using Shape = std::variant<Uniform, Triangular, UniformShare, Samples>;
  Belief(Shape shape, const QRange& range) : shape_(std::move(shape)), range_(range) {}
  friend base::Result<Belief> uniform_q(const QRange& q);
  friend base::Result<Belief> triangular_q(double from, double mode, double to);
  friend base::Result<Belief> q_at_least(double least);
  friend base::Result<Belief> sampled_q(std::vector<double> q);
  friend base::Result<Belief> given(const Belief& belief, const QRange& q);

  Shape shape_;
  QRange range_;
};

// "q is between a and b." Equal ends are a point.
base::Result<Belief> uniform_q(const QRange& q);
// from ≤ mode ≤ to, from < to.
base::Result<Belief> triangular_q(double from, double mode, double to);
// "The old ROI was between 10 % and 20 %"; the same with a likeliest value.
base::Result<Belief> uniform_roi(const RoiRange& roi, double old_precision);
base::Result<Belief> triangular_roi(const RoiRange& roi, double mode, double old_precision);
// "A sale is worth at least ten times the offer": x uniform between 0 and 1/(least − 1). It is the
// only one of these that gives weight to offers that cost nearly nothing.
base::Result<Belief> q_at_least(double least);
// Any distribution, as draws from it; at least one.
base::Result<Belief> sampled_q(std::vector<double> q);
// "Income between 90 and 110, cost between 1 and 3": both uniform and independent, q their ratio,
// by a seeded Latin hypercube of so many draws. The least income must exceed the largest cost.
struct AmountRange {
  double from = 0, to = 0;
};
base::Result<Belief> q_of_amounts(const AmountRange& income, const AmountRange& cost,
                                  int draws = 10'000, std::uint64_t seed = 1);
// A combination: the belief, given that q also lies in this range. Refuses what it excludes.
base::Result<Belief> given(const Belief& belief, const QRange& q);

// The cost of an offer that an income, the old precision and ROI imply: c = i·precision/(1 + ROI),
// from the least to the largest.
base::Result<AmountRange> implied_cost(const AmountRange& income, const RoiRange& roi,
                                       double old_precision);

// The largest unit cost at which the model still pays: TP·i/(TP + FP); nothing without offers.
std::optional<double> largest_paying_cost(const metric::Confusion& c, double income);
// The smallest q at which the model pays: 1/precision; nothing where nothing was accepted.
std::optional<double> smallest_paying_q(const metric::Confusion& c);

struct Prospect {
  double probability_best = 0;  // Alone, or with models of the same TP and FP.
  double expected_rap = 0;
  double expected_regret = 0;  // Of RAP, against always having the best model.
  double worst_regret = 0;     // The most that it can be within the range.
};

struct Prospects {
  std::vector<Prospect> models;           // In the order given.
  std::size_t least_expected_regret = 0;  // Which also has the highest expected RAP.
  std::size_t least_worst_regret = 0;     // The choice of the cautious (Savage 1951).
  std::size_t likeliest_best = 0;
  double perfect_choice_rap = 0;  // Expected RAP if q were known before choosing.
  Sensitivity sensitivity;        // Over the belief's range.
};

// Errors as in `sensitivity`. O(n log n).
base::Result<Prospects> prospects(std::span<const metric::Confusion> models, const Belief& belief);

}  // namespace profit
