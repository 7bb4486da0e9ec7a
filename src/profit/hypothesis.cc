// SPDX-License-Identifier: Apache-2.0
#include "profit/hypothesis.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "base/check.h"
#include "base/number.h"
#include "base/random.h"
#include "profit/economics.h"

namespace profit {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

double x_of(double q) { return 1 / (q - 1); }

// Of a range of q: its weight, not yet divided by the whole, and the integral of x over it.
struct Part {
  double weight = 0;
  double x = 0;
};

// ∫ dq/(q − 1) without cancellation.
double log_ratio(double from, double to) { return std::log1p((to - from) / (from - 1)); }

Part part(const Belief::Uniform&, double from, double to) {
  return {to - from, log_ratio(from, to)};
}

Part part(const Belief::UniformShare&, double from, double to) {
  const double high = x_of(from), low = x_of(to);
  return {high - low, (high - low) * (high + low) / 2};
}

// The density rises as (q − a)/(m − a) and falls as (b − q)/(b − m), and over q − 1 these are
// 1 − (a − 1)/(q − 1) and (b − 1)/(q − 1) − 1.
Part part(const Belief::Triangular& t, double from, double to) {
  Part sum;
  const double rise = std::min(to, t.mode), fall = std::max(from, t.mode);
  if (from < rise) {
    const double width = t.mode - t.from, step = rise - from;
    sum.weight += step * ((from - t.from) + (rise - t.from)) / (2 * width);
    sum.x += (step - (t.from - 1) * log_ratio(from, rise)) / width;
  }
  if (fall < to) {
    const double width = t.to - t.mode, step = to - fall;
    sum.weight += step * ((t.to - fall) + (t.to - to)) / (2 * width);
    sum.x += ((t.to - 1) * log_ratio(fall, to) - step) / width;
  }
  return sum;
}

bool is_above_one(const QRange& q) { return q.from > 1 && q.from <= q.to; }

base::Error bad_range(double from, double to, const std::string& right) {
  return base::input_error("q runs from " + base::format_double(from) + " to " +
                           base::format_double(to) + ": " + right);
}

Part portion(const Belief::Samples& samples, const QRange&, const QRange& q) {
  const auto begin = std::lower_bound(samples.q.begin(), samples.q.end(), q.from);
  const auto end = std::lower_bound(samples.q.begin(), samples.q.end(), q.to);
  Part sum;
  for (auto at = begin; at < end; ++at) sum.x += x_of(*at);
  const auto all = static_cast<double>(samples.q.size());
  return {static_cast<double>(std::max(end - begin, std::ptrdiff_t{0})) / all, sum.x / all};
}

template <class Shape>
Part portion(const Shape& shape, const QRange& range, const QRange& q) {
  const double from = std::max(q.from, range.from), to = std::min(q.to, range.to);
  if (!(from < to)) return {};
  const Part inside = part(shape, from, to);
  const double whole = part(shape, range.from, range.to).weight;
  return {inside.weight / whole, inside.x / whole};
}

// What lies in q of a belief over a range: its probability, and E[x; q].
template <class... Shapes>
Part portion(const std::variant<Shapes...>& shape, const QRange& range, const QRange& q) {
  return std::visit([&](const auto& one) { return portion(one, range, q); }, shape);
}

}  // namespace

double Belief::probability(const QRange& q) const { return portion(shape_, range_, q).weight; }

double Belief::mean_x(const QRange& q) const { return portion(shape_, range_, q).x; }

base::Result<Belief> uniform_q(const QRange& q) {
  if (!is_above_one(q) || std::isinf(q.to))
    return bad_range(q.from, q.to, "a range lies above 1, ends no lower than it begins, and ends");
  if (q.from == q.to) return sampled_q({q.from});
  return Belief(Belief::Uniform{}, q);
}

base::Result<Belief> triangular_q(double from, double mode, double to) {
  if (!(from > 1 && from <= mode && mode <= to && from < to) || std::isinf(to)) {
    return bad_range(from, to,
                     "a triangle lies above 1, is finite, and has its likeliest value, here " +
                         base::format_double(mode) + ", inside");
  }
  return Belief(Belief::Triangular{from, mode, to}, {from, to});
}

base::Result<Belief> uniform_roi(const RoiRange& roi, double old_precision) {
  TRY_ASSIGN(const QRange q, q_range(roi, old_precision));
  return uniform_q(q);
}

base::Result<Belief> triangular_roi(const RoiRange& roi, double mode, double old_precision) {
  TRY_ASSIGN(const QRange q, q_range(roi, old_precision));
  TRY_ASSIGN(const double likeliest, q_from_roi(mode, old_precision));
  return triangular_q(q.from, likeliest, q.to);
}

base::Result<Belief> q_at_least(double least) {
  if (!(least > 1) || std::isinf(least))
    return bad_range(least, kInfinity, "its least value must be finite and above 1");
  return Belief(Belief::UniformShare{}, {least, kInfinity});
}

base::Result<Belief> sampled_q(std::vector<double> q) {
  if (q.empty()) return base::input_error("there is no draw of q");
  for (const double value : q) {
    if (!(value > 1) || std::isinf(value)) {
      return base::input_error("a draw of q is " + base::format_double(value) +
                               ": all must be finite and above 1");
    }
  }
  std::sort(q.begin(), q.end());
  const QRange range{q.front(), q.back()};
  return Belief(Belief::Samples{std::move(q)}, range);
}

namespace {

base::Result<void> check_amounts(const AmountRange& a, const char* what) {
  if (a.from > 0 && a.from <= a.to && std::isfinite(a.to)) return {};
  return base::input_error(std::string("the ") + what + " runs from " +
                           base::format_double(a.from) + " to " + base::format_double(a.to) +
                           ": it must be above 0, finite, and end no lower than it begins");
}

// One draw from each of `strata` equal parts of [0, 1), in random order.
std::vector<double> stratified(std::size_t strata, base::Random& random) {
  std::vector<double> u(strata);
  for (std::size_t i = 0; i < strata; ++i) {
    u[i] = (static_cast<double>(i) + random.uniform()) / static_cast<double>(strata);
    std::swap(u[i], u[random.below(i + 1)]);
  }
  return u;
}

}  // namespace

base::Result<Belief> q_of_amounts(const AmountRange& income, const AmountRange& cost, int draws,
                                  std::uint64_t seed) {
  TRY(check_amounts(income, "income"));
  TRY(check_amounts(cost, "cost"));
  if (draws < 1) return base::input_error("at least one draw of income and cost is needed");
  if (income.from <= cost.to) {
    return base::input_error("an income from " + base::format_double(income.from) +
                             " and a cost up to " + base::format_double(cost.to) +
                             ": the least income must be above the largest cost");
  }
  base::Random random(seed);
  const auto n = static_cast<std::size_t>(draws);
  const std::vector<double> u = stratified(n, random), v = stratified(n, random);
  std::vector<double> q(n);
  for (std::size_t i = 0; i < n; ++i) {
    q[i] = (income.from + u[i] * (income.to - income.from)) /
           (cost.from + v[i] * (cost.to - cost.from));
  }
  return sampled_q(std::move(q));
}

base::Result<Belief> given(const Belief& belief, const QRange& q) {
  const QRange both{std::max(belief.range_.from, q.from), std::min(belief.range_.to, q.to)};
  if (const auto* samples = std::get_if<Belief::Samples>(&belief.shape_)) {
    std::vector<double> inside;
    for (const double value : samples->q)
      if (value >= q.from && value <= q.to) inside.push_back(value);
    if (!inside.empty()) return sampled_q(std::move(inside));
  } else if (both.from < both.to && belief.probability(both) > 0) {
    return Belief(belief.shape_, both);
  }
  return bad_range(q.from, q.to,
                   "that excludes all of the range from " +
                       base::format_double(belief.range_.from) + " to " +
                       base::format_double(belief.range_.to) + " that was supposed");
}

base::Result<AmountRange> implied_cost(const AmountRange& income, const RoiRange& roi,
                                       double old_precision) {
  TRY(check_amounts(income, "income"));
  TRY_ASSIGN(const QRange q, q_range(roi, old_precision));
  return AmountRange{income.from / q.to, income.to / q.from};
}

std::optional<double> largest_paying_cost(const metric::Confusion& c, double income) {
  const std::optional<double> precision = metric::precision(c);
  if (!precision) return std::nullopt;
  return *precision * income;
}

std::optional<double> smallest_paying_q(const metric::Confusion& c) {
  if (c.tp == 0) return std::nullopt;
  return static_cast<double>(c.offered()) / static_cast<double>(c.tp);
}

namespace {

struct Line {
  explicit Line(const metric::Confusion& c)
      : recall(static_cast<double>(c.tp) / static_cast<double>(c.positives())),
        burden(static_cast<double>(c.fp) / static_cast<double>(c.positives())) {}
  [[nodiscard]] double at(double x) const { return recall - burden * x; }
  double recall, burden;
};

template <class Worse>
std::size_t first_best(const std::vector<Prospect>& models, Worse is_worse) {
  std::size_t best = 0;
  for (std::size_t m = 1; m < models.size(); ++m)
    if (is_worse(models[best], models[m])) best = m;
  return best;
}

}  // namespace

base::Result<Prospects> prospects(std::span<const metric::Confusion> models, const Belief& belief) {
  TRY_ASSIGN(Sensitivity s, sensitivity(models, belief.range()));
  std::vector<double> chance;
  double perfect = 0;
  for (std::size_t i = 0; i < s.segments.size(); ++i) {
    QRange q = s.segments[i].q;
    if (i + 1 == s.segments.size()) q.to = kInfinity;  // The upper end belongs to the last.
    const Line line(models[s.segments[i].model]);
    chance.push_back(belief.probability(q));
    perfect += line.recall * chance.back() - line.burden * belief.mean_x(q);
  }
  const double mean_x = belief.mean_x({1, kInfinity});
  // A convex envelope less a straight line is largest at an end.
  const double ends[] = {x_of(belief.range().from), x_of(belief.range().to)};
  const double best[] = {Line(models[s.segments.front().model]).at(ends[0]),
                         Line(models[s.segments.back().model]).at(ends[1])};
  Prospects result{.models = std::vector<Prospect>(models.size()), .perfect_choice_rap = perfect};
  for (std::size_t m = 0; m < models.size(); ++m) {
    const Line line(models[m]);
    const double expected = line.at(mean_x);
    result.models[m] = {
        .probability_best = s.won[m] ? chance[*s.won[m]] : 0,
        .expected_rap = expected,
        .expected_regret = std::max(0.0, perfect - expected),
        .worst_regret = std::max({0.0, best[0] - line.at(ends[0]), best[1] - line.at(ends[1])})};
  }
  result.least_expected_regret = first_best(
      result.models, [](const auto& a, const auto& b) { return a.expected_rap < b.expected_rap; });
  result.least_worst_regret = first_best(
      result.models, [](const auto& a, const auto& b) { return a.worst_regret > b.worst_regret; });
  result.likeliest_best = first_best(result.models, [](const auto& a, const auto& b) {
    return a.probability_best < b.probability_best;
  });
  result.sensitivity = std::move(s);
  return result;
}

}  // namespace profit
